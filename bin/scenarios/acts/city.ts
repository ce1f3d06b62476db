import { BLOCK_M, type City } from '../../../firmware-sim/city.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import type { Prng } from '../../../firmware-sim/prng.ts';
import type { Sky } from '../../../firmware-sim/tcu/receiver.ts';
import { streetPicture } from '../../../firmware-sim/tcu/street-picture.ts';
import type { Moment, TripPlan } from '../../../firmware-sim/tcu/trip.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import { HOUR_MS, type Instant, toIso } from '../../../proto/words/time.ts';
import type { World } from '../world.ts';
import { drive, endOfRoad, onTheRoad, straight } from './road.ts';

/** To work and home again, by two vehicles under two policies. */
export async function cityDay(world: World): Promise<void> {
  await onTheRoad(world, async ({ city, join }) => {
    const riders = [join(1, 'strict'), join(2, 'fleet')];
    for (let day = 1; day <= world.size; day += 1) {
      for (const rider of riders) {
        const { name } = rider.vehicle;
        const work = rider.prng.whole(12, 20) * BLOCK_M;
        await rider.park(later(world.clock.now(), HOUR_MS));
        world.tell(`day ${day}: ${name} leaves home`, `第 ${day} 天：${name} 出门`);
        await drive(world, rider, cityTrip(city, { departAt: world.clock.now(), lengthM: work }, rider.prng));
        // A microphone is no source of this product: what it writes is no frame.
        rider.vehicle.takeLine(`${JSON.stringify({ kind: 'audio', at: toIso(world.clock.now()) })}\n`);
        await rider.park(later(world.clock.now(), 8 * HOUR_MS), false);
        await drive(world, rider, cityTrip(city, { departAt: world.clock.now(), lengthM: -work }, rider.prng));
        world.tell(`day ${day}: ${name} is home again`, `第 ${day} 天：${name} 返家`);
      }
    }
    for (const rider of riders) await endOfRoad(world, rider);
  });
}

interface Leg {
  readonly departAt: Instant;
  /** Negative for the way back. */
  readonly lengthM: number;
}

function cityTrip(city: City, { departAt, lengthM }: Leg, prng: Prng): TripPlan {
  const start = { alongM: lengthM > 0 ? 0 : -lengthM, acrossM: 0 };
  const sky = (elapsedMs: number): Sky => (elapsedMs % 600_000 < 120_000 ? 'canyon' : 'open');
  return { route: straight(city, start, lengthM), departAt, sky, senses: (moment) => cameras(moment, prng) };
}

/** One picture a trip of a street with a face of 32 px and a plate of 16, and one of the cabin. */
function* cameras({ at, elapsedMs }: Moment, prng: Prng): Generator<RawFrame> {
  if (elapsedMs !== PICTURED_AT_MS) return;
  const bytes = streetPicture({ facePx: 32, platePx: 16 }, prng);
  yield { kind: 'image', at, camera: 'front', place: 'exterior', bytes };
  yield { kind: 'image', at, camera: 'driver', place: 'cabin', bytes };
}

const PICTURED_AT_MS = 60_000;
