import { openZone, type ZonePlaces } from '../../../cloud/open-zone.ts';
import { ZONES } from '../../../proto/words/data-class.ts';
import { NOW } from './batches.ts';
import { CUSTODIAN } from './open-stores.ts';

// A process of one role: tries every zone, and says of each how many records it read or why it did not.
const places = JSON.parse(process.argv[2] ?? '') as ZonePlaces;
const outcomes = ZONES.map((zone) => {
  const opened = openZone(zone, places, CUSTODIAN, { now: () => NOW });
  if (!opened.ok) return [zone, `${opened.fault.code} ${opened.fault.problem.en}`];
  try {
    const records = [...opened.value.records()].length;
    opened.value.close();
    return [zone, records];
  } catch (cause) {
    return [zone, String(cause)];
  }
});
process.stdout.write(JSON.stringify(Object.fromEntries(outcomes)));
