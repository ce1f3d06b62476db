import { carriesIdentifier } from '../../proto/words/identifiers.ts';
import type { SignalValue } from '../../proto/words/raw-frame.ts';
import type { Stage } from './stage.ts';

/**
 * Takes out every signal whose value may name a vehicle, a device or a subscriber (VIN, IMEI, IMSI, ICCID), whatever its path
 * and whatever the policy allows. Records are joined by the subject tag, and by nothing that was read off a bus.
 */
export const stripIdentifiers: Stage = {
  name: 'strip-identifiers',
  parameters: 'kinds=vin,imei,imsi,iccid',
  apply: (draft, removed) => {
    if (draft.kind !== 'signals') return [draft];
    let found = 0;
    for (const path in draft.signals) {
      const value = draft.signals[path];
      if (value !== undefined && carriesIdentifier(value)) found += 1;
    }
    // Next to every frame has none, and then goes on as it is.
    if (found === 0) return [draft];
    removed('identifier', found);
    const kept: Record<string, SignalValue> = {};
    for (const path of Object.keys(draft.signals)) {
      const value = draft.signals[path];
      if (path !== '__proto__' && value !== undefined && !carriesIdentifier(value)) kept[path] = value;
    }
    return [{ kind: 'signals', at: draft.at, signals: kept }];
  },
};
