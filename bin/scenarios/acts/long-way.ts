import { later } from '../../../firmware-sim/paced-frame.ts';
import { createPrng } from '../../../firmware-sim/prng.ts';
import { ROAD_CLASSES } from '../../../firmware-sim/roads/road-classes.table.ts';
import { airTemperatureC } from '../../../firmware-sim/signals.ts';
import { busLines } from '../../../firmware-sim/tcu/can-bus.ts';
import type { Sky } from '../../../firmware-sim/tcu/receiver.ts';
import { createSupply } from '../../../firmware-sim/tcu/supply.ts';
import { DAY_MS, HOUR_MS } from '../../../proto/words/time.ts';
import type { World } from '../world.ts';
import { drive, endOfRoad, onTheRoad, type RoadRider, settleIn, straight } from './road.ts';

/** Round the corner, and then 300 km without a stop. */
export async function motorway(world: World): Promise<void> {
  await onTheRoad(world, async ({ city, join }) => {
    const rider = join(1, 'fleet');
    const eastward = { ...city, turnRad: 0 };
    for (let trip = 0; trip < world.size; trip += 1) {
      const isOut = trip % 2 === 0;
      const from = { alongM: isOut ? 0 : MOTORWAY_M, acrossM: 0 };
      await settleIn(world, rider, eastward, from);
      const route = straight(eastward, from, isOut ? MOTORWAY_M : -MOTORWAY_M);
      const metres = await drive(world, rider, { route, departAt: world.clock.now(), road: ROAD_CLASSES.motorway });
      const km = Math.round(metres / 1_000);
      world.tell(`${rider.vehicle.name} drove ${km} km on the motorway`, `${rider.vehicle.name} 高速行驶 ${km} 公里`);
      await rider.park(later(world.clock.now(), 12 * HOUR_MS), false);
    }
    await endOfRoad(world, rider);
  });
}

const MOTORWAY_M = 300_000;

/** The receiver sees nothing for four minutes, then is wrong once, and was switched on with a clock a day ahead. */
export async function tunnel(world: World): Promise<void> {
  await onTheRoad(world, async ({ city, join }) => {
    const rider = join(1, 'fleet');
    for (let day = 0; day < world.size; day += 1) {
      const from = { alongM: 0, acrossM: 0 };
      await settleIn(world, rider, city, from);
      const early = rider.ride.report({ ...standing(rider, world), at: later(world.clock.now(), DAY_MS) });
      rider.vehicle.take(early);
      world.tell('the clock is a day ahead until the first fix', '首次定位前时钟快一天');
      const route = straight(city, from, TUNNEL_ROAD_M);
      await drive(world, rider, { route, departAt: world.clock.now(), sky: underground });
      world.tell('out of the tunnel, after a leap of the fix', '驶出隧道，其间定位跳变一次');
      await rider.park(later(world.clock.now(), DAY_MS / 2));
    }
    await endOfRoad(world, rider);
  });
}

const TUNNEL_ROAD_M = 15_000;

function underground(elapsedMs: number): Sky {
  if (elapsedMs < 200_000 || elapsedMs > 460_000) return 'open';
  return elapsedMs < 440_000 ? 'tunnel' : 'leap';
}

/** A month in a garage: once a day the TCU wakes up, looks where it is, says how full the battery is, and sleeps. */
export async function parkedMonth(world: World): Promise<void> {
  await onTheRoad(world, async ({ city, join }) => {
    const rider = join(1, 'fleet');
    const supply = createSupply(createPrng(`${world.seed}/supply`));
    const home = { latitude: city.latitudeDeg, longitude: city.longitudeDeg };
    for (let day = 0; day < world.size; day += 1) {
      await rider.park(later(world.clock.now(), DAY_MS - HOUR_MS));
      await wakeUp(world, rider, home);
      if (supply.sleep(24)) continue;
      world.tell(`day ${day + 1}: the battery is at its end, the power is cut`, `第 ${day + 1} 天：蓄电池亏电，断电`);
      world.add('epochs', 1);
      rider.vehicle.cutPower();
      supply.charge();
    }
    await endOfRoad(world, rider);
  });
}

type Degrees = Readonly<Record<'latitude' | 'longitude', number>>;

async function wakeUp(world: World, rider: RoadRider, home: Degrees): Promise<void> {
  for (let fix = 0; fix < 3; fix += 1) {
    const at = later(world.clock.now(), 10_000);
    const off = () => rider.prng.normal() * JITTER_DEG;
    await rider.take({ kind: 'fix', at, latitude: home.latitude + off(), longitude: home.longitude + off() });
  }
  const report = rider.ride.report(standing(rider, world));
  await rider.take(report);
  rider.vehicle.takeBus(busLines(later(report.at, 1_000), report.signals));
}

/** Some 20 m. */
const JITTER_DEG = 0.0002;

function standing({ ride }: RoadRider, { clock }: World): Parameters<RoadRider['ride']['report']>[0] {
  const at = clock.now();
  return { at, battery: ride.battery.read(), speedMps: 0, odometerM: ride.odometerM(0), airC: airTemperatureC(at) };
}
