import { onStreets, distanceM as planeM } from '../../../firmware-sim/city.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import type { Prng } from '../../../firmware-sim/prng.ts';
import { type SensitiveArea, sensitiveAreas } from '../../../firmware-sim/sensitive-areas.ts';
import { streetPicture } from '../../../firmware-sim/tcu/street-picture.ts';
import { bystandersOf, lidarSweep, radarObjects } from '../../../firmware-sim/tcu/sweep.ts';
import type { Moment } from '../../../firmware-sim/tcu/trip.ts';
import type { Ring } from '../../../proto/codec/fence-codec.ts';
import type { FrameContent } from '../../../proto/codec/telemetry-codec.ts';
import { cellOf } from '../../../proto/geo/grid.ts';
import { parsePosition, type Wgs84Position } from '../../../proto/words/position.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import { assert } from '../../../proto/words/result.ts';
import { HOUR_MS } from '../../../proto/words/time.ts';
import { DECOYS_PER_FENCE, operatorOf } from '../policies.ts';
import type { World } from '../world.ts';
import { drive, endOfRoad, kmOf, nextAt, onTheRoad, settleIn, straight } from './road.ts';

/** Past a sensitive area that lies among decoys, with a camera, a lidar and a radar that look once a minute. */
export async function alongFence(world: World): Promise<void> {
  const from = world.clock.now();
  await onTheRoad(
    world,
    async ({ city, join, convoy }) => {
      const areas = sensitiveAreas(world.seed, city).slice(0, DECOYS_PER_FENCE + 1);
      const [area] = areas;
      assert(area !== undefined, 'a fictional city has sensitive areas');
      const rings = areas.map(ringOf);
      const rider = join(1, 'fleet', operatorOf(world.seed).fences(rings, from));
      const near = new Set<number>();
      const acrossM = area.acrossM + area.reachM * NEAR_SHARE + PASSING_M;
      for (let day = 0; day < world.size; day += 1) {
        const start = { alongM: area.alongM - HALF_WAY_M, acrossM };
        await rider.park(nextAt(world, LEAVES_AT));
        await settleIn(world, rider, city, start);
        const isNear = (moment: Moment) => isWithin(moment, areas, (one) => onStreets(city, one.alongM, one.acrossM));
        const senses = (moment: Moment) => sensors(moment, rider.prng, isNear(moment) ? near : undefined);
        const route = straight(city, start, 2 * HALF_WAY_M);
        const metres = await drive(world, rider, { route, departAt: world.clock.now(), senses });
        world.tell(
          `${rider.vehicle.name} drove ${kmOf(metres)} km past a sensitive area, ${PASSING_M} m from its edge, with a picture and a sweep a minute; of ${near.size} minutes so far, near a fence or a decoy, nothing of that may leave`,
          `${rider.vehicle.name} 行驶 ${kmOf(metres)} 公里，距敏感区域边缘 ${PASSING_M} 米驶过，每分钟拍摄与扫描一次；累计 ${near.size} 分钟处于围栏或诱饵附近，其间内容不得离车`,
        );
        await rider.park(later(world.clock.now(), 12 * HOUR_MS));
      }
      await endOfRoad(world, rider);
      countNear(world, convoy.outgoing.left(), { near, silent: cellsOf(rings) });
    },
    { isFenced: true },
  );
}

/** O'clock. */
const LEAVES_AT = 9;
const HALF_WAY_M = 20_000;
/** Nearer than the margin of a fence to the edge of the area. */
const PASSING_M = 200;
const NEAR_M = 350;
/** No area reaches less far than this share of its furthest corner. */
const NEAR_SHARE = 0.6;
const PICTURE_EVERY_MS = 60_000;
const MINUTE_MS = 60_000;

function isWithin(
  { motion }: Moment,
  areas: readonly SensitiveArea[],
  centreOf: (area: SensitiveArea) => Parameters<typeof planeM>[0],
): boolean {
  return areas.some((area) => planeM(motion, centreOf(area)) <= area.reachM * NEAR_SHARE + NEAR_M);
}

/** A picture, a sweep and what the radar sees. @param near - minutes of which nothing may leave; undefined where this may */
function* sensors({ at, elapsedMs }: Moment, prng: Prng, near: Set<number> | undefined): Generator<RawFrame> {
  if (elapsedMs % PICTURE_EVERY_MS !== 0) return;
  near?.add(Math.floor(at / MINUTE_MS));
  const bytes = streetPicture({}, prng);
  const bystanders = bystandersOf(prng.whole(0, 8), prng);
  yield { kind: 'image', at, camera: 'front', place: 'exterior', bytes };
  yield lidarSweep(at, bystanders, prng);
  yield radarObjects(at, bystanders, prng);
}

function countNear(
  world: World,
  left: readonly FrameContent[],
  { near, silent }: { readonly near: ReadonlySet<number>; readonly silent: ReadonlySet<string> },
): void {
  world.set('cells-in-fence', left.filter((one) => one.kind === 'cell' && silent.has(nameOf(one))).length);
  world.set('pictures-in-fence', left.filter((one) => one.kind === 'image' && near.has(one.minute)).length);
  const isSensed = (one: FrameContent) => (one.kind === 'points' || one.kind === 'objects') && near.has(one.minute);
  world.set('sensed-in-fence', left.filter(isSensed).length);
}

/** Cells that hold a corner of an area. */
function cellsOf(rings: readonly Ring[]): ReadonlySet<string> {
  return new Set(rings.flat().map((corner) => nameOf(cellOf(corner, CELL_M))));
}

/** Of the preset `fleet`. */
const CELL_M = 5_000;

const nameOf = (cell: { readonly zone: number; readonly row: number; readonly column: number }): string =>
  `${cell.zone}/${cell.row}/${cell.column}`;

function ringOf({ ring }: SensitiveArea): Ring {
  return ring.slice(0, -1).map(({ latitude, longitude }): Wgs84Position => {
    const position = parsePosition(latitude, longitude);
    assert(position.ok, 'a fictional city lies in the mainland');
    return position.value;
  });
}
