import type { RawObjects, RawPointCloud } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import { rounded } from '../gnss.ts';
import type { Prng } from '../prng.ts';

/** What stands round the vehicle: class, and metres ahead and to the left. */
export interface Bystander {
  readonly class: 'car' | 'truck' | 'pedestrian' | 'cyclist';
  readonly xM: number;
  readonly yM: number;
}

/** So many road users within 60 m, none nearer than 3. */
export function bystandersOf(count: number, prng: Prng): readonly Bystander[] {
  return Array.from({ length: count }, () => {
    const [angle, distanceM] = [prng.between(0, 2 * Math.PI), prng.between(3, 60)];
    const xM = rounded(Math.cos(angle) * distanceM, 2);
    return {
      class: prng.pick(['car', 'truck', 'pedestrian', 'cyclist']),
      xM,
      yM: rounded(Math.sin(angle) * distanceM, 2),
    };
  });
}

/** One turn of a lidar: rings of the ground, and a handful of points where a beam meets a road user. Sensor frame, metres. */
export function lidarSweep(at: Instant, bystanders: readonly Bystander[], prng: Prng): RawPointCloud {
  const points: number[] = [];
  for (const ringM of GROUND_RINGS_M) {
    for (let beam = 0; beam < BEAMS; beam += 1) {
      const angle = (beam / BEAMS) * 2 * Math.PI;
      points.push(Math.cos(angle) * ringM, Math.sin(angle) * ringM, -MOUNTED_M + prng.normal() * NOISE_M);
    }
  }
  for (const { xM, yM } of bystanders) {
    for (let hit = 0; hit < HITS; hit += 1)
      points.push(xM + prng.normal() * 0.3, yM + prng.normal() * 0.3, prng.between(-MOUNTED_M, 0));
  }
  return { kind: 'point-cloud', at, sensor: 'roof', points: Float64Array.from(points), georeferenced: false };
}

/** The same cloud as a mapping kit writes it: every point on the globe. */
export function georeferenced(
  sweep: RawPointCloud,
  place: { readonly latitude: number; readonly longitude: number },
): RawPointCloud {
  const points = sweep.points.map((metres, index) => {
    if (index % 3 === 2) return metres;
    return (index % 3 === 0 ? place.longitude : place.latitude) + metres / METRES_PER_DEGREE;
  });
  return { ...sweep, sensor: 'map-kit', points, georeferenced: true };
}

/** What the radar makes of the same road users: it sees nobody behind 150 degrees, and takes some for something else. */
export function radarObjects(at: Instant, bystanders: readonly Bystander[], prng: Prng): RawObjects {
  const seen = bystanders.filter(({ xM, yM }) => xM > -Math.abs(yM));
  const objects = seen.map((one) => ({ ...one, class: prng.chance(MISTAKEN) ? 'unknown' : one.class }));
  return { kind: 'objects', at, sensor: 'front-radar', objects };
}

const GROUND_RINGS_M = [6, 9, 14, 22, 35];
const BEAMS = 72;
const HITS = 6;
const MOUNTED_M = 1.8;
const NOISE_M = 0.02;
const MISTAKEN = 0.1;
const METRES_PER_DEGREE = 111_195;
