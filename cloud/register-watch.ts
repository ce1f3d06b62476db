import type { Fault } from '../proto/words/fault.ts';
import type { DeviceId } from '../proto/words/topics.ts';
import type { DeviceActs } from './adapters/device-acts.ts';
import type { AppendOnly } from './ports/append-only.ts';
import type { DeviceAct } from './ports/device-register.ts';

export interface RegisterWatchParts {
  readonly register: Pick<DeviceActs, 'hasChanged' | 'logged' | 'unlogged'> & {
    readonly mayConnect: (device: DeviceId) => boolean;
  };
  readonly operations: AppendOnly;
  readonly cutOff: (mayConnect: (device: DeviceId) => boolean) => void;
  readonly onLowered: (act: DeviceAct) => void;
  readonly onFault: (fault: Fault) => void;
}

/**
 * Looks for what the register's command, or a rule, has done to devices: connections of the revoked are ended at once, every
 * act goes into the operations log, and only then does an act that raises trust hold.
 */
export function createRegisterWatch(parts: RegisterWatchParts): { readonly look: () => void } {
  const { register, operations, cutOff, onLowered, onFault } = parts;
  let isFirst = true;
  return {
    look: () => {
      if (register.hasChanged() || isFirst) cutOff(register.mayConnect);
      isFirst = false;
      for (const act of register.unlogged()) {
        const logged = operations.append([entryOf(act)]);
        // It stays unlogged, and so without effect where it raises trust, until the log takes it.
        if (!logged.ok) return onFault(logged.fault);
        register.logged(act.id);
        if (act.kind === 'trust' && act.rule !== '') onLowered(act);
      }
    },
  };
}

function entryOf({ id, device, at, kind, from, to, rule, code, person, reason }: DeviceAct) {
  const why = person === '' ? { rule, code } : { person, reason };
  const document = { act: id, device, at, ...(kind === 'trust' ? { from, to } : {}), ...why };
  return { kind: `device-${kind}`, transferId: '', actor: person === '' ? 'cloud' : person, document };
}
