import { BLOCK_M, type City } from '../../../firmware-sim/city.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import type { Prng } from '../../../firmware-sim/prng.ts';
import type { Sky } from '../../../firmware-sim/tcu/receiver.ts';
import { streetPicture } from '../../../firmware-sim/tcu/street-picture.ts';
import type { Moment, TripPlan } from '../../../firmware-sim/tcu/trip.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import { HOUR_MS, type Instant, toIso } from '../../../proto/words/time.ts';
import type { World } from '../world.ts';
import {
  drive,
  HELD_BACK_MS,
  kmOf,
  minutesSince,
  nextAt,
  onTheRoad,
  parkAll,
  type RoadRider,
  straight,
} from './road.ts';

/** To work and home again, by two vehicles under two policies. */
export async function cityDay(world: World): Promise<void> {
  await onTheRoad(world, async ({ city, join }) => {
    const riders = [join(1, 'strict'), join(2, 'fleet')];
    for (let day = 1; day <= world.size; day += 1) {
      await parkAll(world, riders, { until: nextAt(world, LEAVES_AT), isHome: true });
      world.tell(
        `day ${day}: two households leave for work; the TCUs wake up, and their receivers look for a fix`,
        `第 ${day} 天：两户人家出门上班，车载终端唤醒，接收机开始定位`,
      );
      const works = riders.map((rider) => ({ rider, lengthM: rider.prng.whole(12, 20) * BLOCK_M }));
      for (const work of works) await toWork(world, city, work);
      await parkAll(world, riders, { until: later(world.clock.now(), 8 * HOUR_MS), isHome: false });
      for (const work of works) await goHome(world, city, work);
    }
    await parkAll(world, riders, { until: later(world.clock.now(), HELD_BACK_MS), isHome: true });
    for (const rider of riders) await rider.drain();
    world.tell(
      'more than a day later the rows of the trips, held back until then, have come over the Wi-Fi at home',
      '一天多以后，延迟上送的行程统计经家中 Wi-Fi 送达',
    );
  });
}

interface Commute {
  readonly rider: RoadRider;
  readonly lengthM: number;
}

async function toWork(world: World, city: City, { rider, lengthM }: Commute): Promise<void> {
  const departAt = world.clock.now();
  const metres = await drive(world, rider, cityTrip(city, { departAt, lengthM }, rider.prng));
  // A microphone is no source of this product: what it writes is no frame.
  rider.vehicle.takeLine(`${JSON.stringify({ kind: 'audio', at: toIso(world.clock.now()) })}\n`);
  const [name, minutes] = [rider.vehicle.name, minutesSince(world, departAt)];
  world.tell(
    `${name} is at work after ${kmOf(metres)} km in ${minutes} minutes; on the way a camera took the street, another the driver, and a microphone wrote a line`,
    `${name} 行驶 ${kmOf(metres)} 公里、${minutes} 分钟后到达单位；途中拍摄街景与驾驶人各一张，麦克风写入一行`,
  );
}

async function goHome(world: World, city: City, { rider, lengthM }: Commute): Promise<void> {
  const departAt = world.clock.now();
  const metres = await drive(world, rider, cityTrip(city, { departAt, lengthM: -lengthM }, rider.prng));
  const [name, minutes] = [rider.vehicle.name, minutesSince(world, departAt)];
  world.tell(
    `${name} is home again after ${kmOf(metres)} km in ${minutes} minutes`,
    `${name} 行驶 ${kmOf(metres)} 公里、${minutes} 分钟后返家`,
  );
}

/** O'clock. */
const LEAVES_AT = 7.5;

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
