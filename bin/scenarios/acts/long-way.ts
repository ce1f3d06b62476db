import { GNSS_INTERVAL_MS } from '../../../firmware-sim/gnss.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import { createPrng } from '../../../firmware-sim/prng.ts';
import { ROAD_CLASSES } from '../../../firmware-sim/roads/road-classes.table.ts';
import { airTemperatureC } from '../../../firmware-sim/signals.ts';
import { INERTIAL, startInertialSensor } from '../../../firmware-sim/tcu/inertial.ts';
import type { Sky } from '../../../firmware-sim/tcu/receiver.ts';
import { streetPicture } from '../../../firmware-sim/tcu/street-picture.ts';
import { CUT_OFF_V, createSupply } from '../../../firmware-sim/tcu/supply.ts';
import { bystandersOf, lidarSweep, radarObjects } from '../../../firmware-sim/tcu/sweep.ts';
import type { Moment } from '../../../firmware-sim/tcu/trip.ts';
import type { FrameContent } from '../../../proto/codec/telemetry-codec.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import { DAY_MS, HOUR_MS } from '../../../proto/words/time.ts';
import { ALLOWED_PATHS } from '../../up/tour.ts';
import type { World } from '../world.ts';
import { writeToBus } from './bus.ts';
import { drive, endOfRoad, kmOf, minutesSince, nextAt, onTheRoad, type RoadRider, settleIn, straight } from './road.ts';

/** Round the corner, and then 300 km without a stop, with an inertial sensor on the bus. */
export async function motorway(world: World): Promise<void> {
  const play: Parameters<typeof onTheRoad>[1] = async ({ city, join, convoy }) => {
    const rider = join(1, 'fleet');
    const eastward = { ...city, turnRad: 0 };
    for (let trip = 0; trip < world.size; trip += 1) {
      const isOut = trip % 2 === 0;
      const from = { alongM: isOut ? 0 : MOTORWAY_M, acrossM: 0 };
      await rider.park(nextAt(world, SETS_OFF_AT));
      await settleIn(world, rider, eastward, from);
      const route = straight(eastward, from, isOut ? MOTORWAY_M : -MOTORWAY_M);
      const departAt = world.clock.now();
      const sensor = startInertialSensor(rider.prng);
      const senses = ({ at, motion, elapsedMs }: Moment) => {
        if (elapsedMs === UNCOVERED_FROM_MS) rider.stretch('none', later(at, UNCOVERED_MS));
        if (elapsedMs === ROAMING_FROM_MS) rider.stretch('roaming', later(at, ROAMING_MS));
        return [sensor.read(at, motion, GNSS_INTERVAL_MS / 1_000)];
      };
      const metres = await drive(world, rider, { route, departAt, road: ROAD_CLASSES.motorway, senses });
      const [name, minutes] = [rider.vehicle.name, minutesSince(world, departAt)];
      world.tell(
        `${name} drove ${kmOf(metres)} km on the motorway in ${minutes} minutes, half an hour of them without a network and an hour in a foreign one`,
        `${name} 高速行驶 ${kmOf(metres)} 公里，用时 ${minutes} 分钟，其中半小时无网络、一小时漫游`,
      );
      await rider.park(later(world.clock.now(), 12 * HOUR_MS), false);
    }
    await endOfRoad(world, rider);
    countMotion(world, convoy.outgoing.left());
  };
  await onTheRoad(world, play, { paths: [...ALLOWED_PATHS, ...MOTION_CLASSES] });
}

/** Mountains without a mast, and a valley in which the masts of a neighbouring country are the stronger ones. */
const UNCOVERED_FROM_MS = HOUR_MS / 2;
const UNCOVERED_MS = HOUR_MS / 2;
const ROAMING_FROM_MS = HOUR_MS;
const ROAMING_MS = HOUR_MS;

/** What the operator asks for in place of accelerations: classes of the hour. */
const MOTION_CLASSES = ['LongitudinalAcceleration', 'LateralAcceleration', 'YawRate'].flatMap((name) => [
  `Vehicle.Statistics.${name}.MedianClass`,
  `Vehicle.Statistics.${name}.HighClass`,
]);

function countMotion(world: World, left: readonly FrameContent[]): void {
  const signals = left.flatMap((frame) => (frame.kind === 'signals' ? frame.signals : []));
  const inertial: readonly string[] = Object.values(INERTIAL);
  world.set('statistics-values', signals.filter(({ path }) => MOTION_CLASSES.includes(path)).length);
  world.set('inertial-values', signals.filter(({ path }) => inertial.includes(path)).length);
}

/** O'clock. */
const SETS_OFF_AT = 9;

const MOTORWAY_M = 300_000;

/**
 * The receiver sees nothing for four minutes, then is wrong once, and was switched on with a clock a day ahead. The policy says
 * nothing of cameras, lidar and radar, which the vehicle has all the same.
 */
export async function tunnel(world: World): Promise<void> {
  const play: Parameters<typeof onTheRoad>[1] = async ({ city, join }) => {
    const rider = join(1, 'fleet');
    for (let day = 0; day < world.size; day += 1) {
      const from = { alongM: 0, acrossM: 0 };
      await rider.park(nextAt(world, SETS_OFF_AT));
      await settleIn(world, rider, city, from);
      const early = rider.ride.report({ ...standing(rider, world), at: later(world.clock.now(), DAY_MS) });
      rider.vehicle.take(early);
      world.tell(
        'ignition: the clock is a day ahead until the first fix, and a frame is dated tomorrow',
        '点火：首次定位前时钟快一天，有一帧数据的时间为明天',
      );
      const [route, departAt] = [straight(city, from, TUNNEL_ROAD_M), world.clock.now()];
      const senses = (moment: Moment) => unasked(moment, rider.prng);
      const metres = await drive(world, rider, { route, departAt, sky: underground, senses });
      world.tell(
        `${kmOf(metres)} km in ${minutesSince(world, departAt)} minutes: four of them in a tunnel without a fix, and at its end one that lies in the southern hemisphere`,
        `行驶 ${kmOf(metres)} 公里、${minutesSince(world, departAt)} 分钟：隧道内四分钟无定位，出口处一次定位跳至南半球`,
      );
      await rider.park(later(world.clock.now(), DAY_MS / 2));
    }
    await endOfRoad(world, rider);
  };
  await onTheRoad(world, play, { sensors: 'dropped' });
}

/** A picture, a sweep and a list of objects that nobody asked for. */
function* unasked({ at, elapsedMs }: Moment, prng: RoadRider['prng']): Generator<RawFrame> {
  if (elapsedMs % UNASKED_EVERY_MS !== 0) return;
  const bystanders = bystandersOf(prng.whole(0, 8), prng);
  yield { kind: 'image', at, camera: 'front', place: 'exterior', bytes: streetPicture({}, prng) };
  yield lidarSweep(at, bystanders, prng);
  yield radarObjects(at, bystanders, prng);
}

const UNASKED_EVERY_MS = 300_000;

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
    world.tell(
      `left in a garage; once a day the TCU wakes up for a minute, and the battery stands at ${supply.volts().toFixed(1)} V`,
      `停入车库；车载终端每天唤醒一分钟，蓄电池电压 ${supply.volts().toFixed(1)} V`,
    );
    for (let day = 0; day < world.size; day += 1) {
      await rider.park(later(world.clock.now(), DAY_MS - HOUR_MS));
      await wakeUp(world, rider, home);
      if (supply.sleep(24)) continue;
      world.tell(
        `day ${day + 1}: ${supply.volts().toFixed(1)} V, under ${CUT_OFF_V} V: the power goes in the middle of a write; somebody charges the battery, and the TCU starts anew`,
        `第 ${day + 1} 天：电压 ${supply.volts().toFixed(1)} V，低于 ${CUT_OFF_V} V，写入中途断电；充电后车载终端重新启动`,
      );
      world.add('epochs', 1);
      rider.vehicle.seal();
      rider.vehicle.cutPower('mid-write');
      supply.charge();
    }
    await endOfRoad(world, rider);
    world.tell(
      `after ${world.size} days everything that was sealed has arrived, and nothing of it says where the garage is`,
      `${world.size} 天后，已封装的数据全部送达，且均未透露车库位置`,
    );
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
  writeToBus(world, rider.vehicle, report);
}

/** Some 20 m. */
const JITTER_DEG = 0.0002;

function standing({ ride }: RoadRider, { clock }: World): Parameters<RoadRider['ride']['report']>[0] {
  const at = clock.now();
  return { at, battery: ride.battery.read(), speedMps: 0, odometerM: ride.odometerM(0), airC: airTemperatureC(at) };
}
