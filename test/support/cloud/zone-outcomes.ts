import { openZone, type ZonePlaces } from '../../../cloud/composition/open-zone.ts';
import { ZONES, type Zone } from '../../../proto/words/data-class.ts';
import { NOW } from './batches.ts';
import { CUSTODIAN } from './custodian.ts';

/** Tries every zone as one role; says of each how many records it read, or why it did not. */
export function zoneOutcomes(places: ZonePlaces): Readonly<Record<Zone, number | string>> {
  const outcomes = ZONES.map((zone) => {
    const opened = openZone(zone, places, CUSTODIAN, { now: () => NOW });
    if (!opened.ok) return [zone, `${opened.fault.code} ${opened.fault.problem.en}`];
    try {
      return [zone, [...opened.value.records()].length];
    } catch (cause) {
      return [zone, String(cause)];
    } finally {
      opened.value.close();
    }
  });
  return Object.fromEntries(outcomes) as Record<Zone, number | string>;
}
