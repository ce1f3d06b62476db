import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Publication } from '../replay/observed.ts';
import type { SubjectSet } from '../traces/subjects.ts';

/** Writes what left as CSV, for attack code from elsewhere: cells with their centres, and trip rows apart. */
export function writeEvents(directory: string, { plane, subjects }: SubjectSet, publication: Publication): void {
  const events = ['subject,tag,trip,t_utc,lat,lon'];
  const rows = ['subject,local_date,distance_class,duration_class'];
  for (const [index, observation] of publication.observations.entries()) {
    const subject = subjects[index]?.name ?? '';
    for (const [trip, { tag, sightings }] of observation.trips.entries()) {
      for (const sighting of sightings) {
        const { latitude, longitude } = plane.toDegrees(sighting);
        const time = new Date(sighting.from).toISOString().replace('.000Z', 'Z');
        events.push(`${subject},${tag},${trip},${time},${latitude.toFixed(6)},${longitude.toFixed(6)}`);
      }
    }
    for (const { localDate, distanceClass, durationClass } of observation.rows) {
      rows.push(`${subject},${localDate},${distanceClass},${durationClass}`);
    }
  }
  writeFileSync(join(directory, `${publication.name}.csv`), `${events.join('\n')}\n`);
  if (rows.length > 1) writeFileSync(join(directory, `${publication.name}-rows.csv`), `${rows.join('\n')}\n`);
}
