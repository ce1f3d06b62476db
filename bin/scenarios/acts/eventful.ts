import { BLOCK_M } from '../../../firmware-sim/city.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import { createPrng, type Prng } from '../../../firmware-sim/prng.ts';
import { airTemperatureC } from '../../../firmware-sim/signals.ts';
import { ignitionFrames, SYSTEM_STATE, startClock, type TcuClock } from '../../../firmware-sim/tcu/boot.ts';
import { CHARGING, chargingFrames, type Station, stationOf } from '../../../firmware-sim/tcu/charging.ts';
import { COLLISION, collisionFrames, emergencyCallLine } from '../../../firmware-sim/tcu/collision.ts';
import { crewFrame, type Person, personOf } from '../../../firmware-sim/tcu/crew.ts';
import {
  CODES,
  createDiagnostics,
  DIAGNOSTICS,
  type Diagnostics,
  momentOf,
} from '../../../firmware-sim/tcu/diagnostics.ts';
import { faceBox, STREET_HEIGHT_PX, STREET_WIDTH_PX, streetPicture } from '../../../firmware-sim/tcu/street-picture.ts';
import { bystandersOf, georeferenced, lidarSweep, radarObjects } from '../../../firmware-sim/tcu/sweep.ts';
import type { Moment, TripPlan } from '../../../firmware-sim/tcu/trip.ts';
import type { FrameContent } from '../../../proto/codec/telemetry-codec.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import { HOUR_MS } from '../../../proto/words/time.ts';
import { ALLOWED_PATHS } from '../../up/tour.ts';
import type { World } from '../world.ts';
import { writeToBus } from './bus.ts';
import { drive, endOfRoad, kmOf, minutesSince, nextAt, onTheRoad, type RoadRider, straight } from './road.ts';

/** The operator asks for the list of codes and the power of a charge; for no station, no freeze frame and no airbag. */
const PATHS_ALLOWED = [
  ...ALLOWED_PATHS,
  DIAGNOSTICS.count,
  DIAGNOSTICS.list,
  CHARGING.power,
  COLLISION.braking,
  SYSTEM_STATE,
];

interface Day {
  readonly world: World;
  readonly rider: RoadRider;
  readonly prng: Prng;
  readonly clock: TcuClock;
  readonly diagnostics: Diagnostics;
}

/** Two drivers in one car: a trouble code, a charge at a wall box and one at a fast charger, sensors all the way, a collision. */
export async function eventfulDay(world: World): Promise<void> {
  const prng = createPrng(`${world.seed}/day`);
  const people = [personOf(1, prng), personOf(2, prng), personOf(3, prng)] as const;
  const stations = [stationOf('AC', prng), stationOf('DC', prng)] as const;
  await onTheRoad(
    world,
    async ({ city, join, convoy }) => {
      const rider = join(1, 'strict');
      const day: Day = {
        world,
        rider,
        prng,
        clock: startClock(prng, world.clock.now()),
        diagnostics: createDiagnostics(),
      };
      day.clock.lose(world.clock.now());
      for (let count = 1; count <= world.size; count += 1) {
        const work = { alongM: 0, acrossM: 0 };
        comeBackLow(day);
        await rider.park(nextAt(world, GETS_IN_AT));
        await getIn(day, people[count % 2 === 0 ? 1 : 0], [people[2]]);
        const senses = (moment: Moment) => sensors(moment, prng);
        const route = straight(city, work, WORK_M);
        await driveThere(day, { route, departAt: world.clock.now(), senses });
        await breakDown(day);
        await chargeAt(day, stations[1]);
        await rider.park(later(world.clock.now(), 2 * HOUR_MS), false);
        await getIn(day, people[count % 2 === 0 ? 0 : 1]);
        await driveThere(day, { route: [...route].reverse(), departAt: world.clock.now(), senses });
        await collide(day);
        await chargeAt(day, stations[0]);
      }
      await endOfRoad(world, rider);
      const secrets = { people, stations };
      countSecrets(world, convoy.outgoing.left(), secrets);
    },
    { paths: PATHS_ALLOWED },
  );
}

const WORK_M = 20 * BLOCK_M;
/** O'clock. */
const GETS_IN_AT = 8;

/** Somebody drove far the day before, on a road of which nothing is told here: the charge of this day is a long one. */
function comeBackLow({ world, rider }: Day): void {
  const { battery } = rider.ride;
  const airC = airTemperatureC(world.clock.now());
  while (battery.read().socPercent > LOW_PERCENT)
    battery.drive({ seconds: 60, speedMps: FAST_MPS, accelerationMps2: 0, airC });
}

const LOW_PERCENT = 15;
const FAST_MPS = 30;

async function driveThere({ world, rider }: Day, plan: TripPlan): Promise<void> {
  const metres = await drive(world, rider, plan);
  const minutes = minutesSince(world, plan.departAt);
  world.tell(
    `${kmOf(metres)} km in ${minutes} minutes; every five of them a sweep of the lidar, one as a mapping kit writes it, what the radar sees, and a picture`,
    `行驶 ${kmOf(metres)} 公里、${minutes} 分钟；每五分钟一次激光雷达扫描、一份带地理坐标的点云、一份雷达目标与一张影像`,
  );
}

/** Doors, ignition, a clock that is wrong until it is told the time. */
async function getIn({ world, rider, clock }: Day, driver: Person, passengers: readonly Person[] = []): Promise<void> {
  const at = world.clock.now();
  for (const frame of ignitionFrames(clock, at)) rider.vehicle.take(frame);
  clock.sync(later(at, 5_000));
  await rider.take(crewFrame(later(at, 6_000), driver, passengers));
  const aboard = 1 + passengers.length;
  world.tell(
    `${driver.subject} takes the wheel, ${aboard} aboard; the TCU wakes up, with the wrong time until it is told the right one`,
    `${driver.subject} 驾驶，车上 ${aboard} 人；车载终端唤醒，对时前时钟有误`,
  );
}

/** Every five minutes a sweep, radar objects, and pictures on either side of the sizes that rules turn on. */
function* sensors({ at, elapsedMs, truth }: Moment, prng: Prng): Generator<RawFrame> {
  if (elapsedMs % SENSED_EVERY_MS !== 0) return;
  const bystanders = bystandersOf(prng.whole(0, 8), prng);
  const sweep = lidarSweep(at, bystanders, prng);
  yield sweep;
  yield georeferenced(sweep, truth);
  yield radarObjects(at, bystanders, prng);
  const [facePx, platePx] = elapsedMs % (2 * SENSED_EVERY_MS) === 0 ? [31, 15] : [LARGER_FACE_PX, 16];
  yield { kind: 'image', at, camera: 'front', place: 'exterior', bytes: streetPicture({ facePx, platePx }, prng) };
}

const SENSED_EVERY_MS = 300_000;
const LARGER_FACE_PX = 32;

/** A code is set, and its freeze frame has all that was on the bus: place and VIN too. */
async function breakDown({ world, rider, diagnostics }: Day): Promise<void> {
  const { ride } = rider;
  const at = later(world.clock.now(), 1_000);
  const reading = ride.report({ ...standing(rider, world), at });
  const place = { latitude: ride.city.latitudeDeg, longitude: ride.city.longitudeDeg };
  diagnostics.fail(CODES.batteryVoltage, 'Battery', momentOf(reading, place));
  diagnostics.install({ name: 'Battery', version: '2.4.2' });
  await rider.take(diagnostics.report(at));
  writeToBus(world, rider.vehicle, reading);
  world.tell(
    `the battery's control unit sets ${CODES.batteryVoltage} with a freeze frame, place and VIN in it, and gets version 2.4.2`,
    `电池控制器记录故障码 ${CODES.batteryVoltage} 与冻结帧（含位置与车辆识别代号），并升级至 2.4.2`,
  );
}

async function chargeAt({ world, rider }: Day, station: Station): Promise<void> {
  const from = world.clock.now();
  for (const frame of chargingFrames(rider.ride, station, { from })) await rider.take(frame);
  world.add('charges', 1);
  const { current, powerW, evseId } = station;
  const minutes = minutesSince(world, from);
  world.tell(
    `charged with ${powerW / 1_000} kW ${current} for ${minutes} minutes at ${evseId}`,
    `在 ${evseId} 以 ${powerW / 1_000} kW ${current === 'AC' ? '交流' : '直流'}充电 ${minutes} 分钟`,
  );
}

/** The blow cuts the power in the middle of a write; the TCU starts on its back-up battery, with a clock that lost the time. */
async function collide({ world, rider, clock, prng }: Day): Promise<void> {
  const at = later(world.clock.now(), 1_000);
  const { latitudeDeg: latitude, longitudeDeg: longitude } = rider.ride.city;
  const collision = { at, latitude, longitude, speedMps: prng.between(8, 20) };
  for (const frame of collisionFrames(collision)) await rider.take(frame);
  rider.vehicle.takeLine(emergencyCallLine(collision));
  rider.vehicle.seal();
  rider.vehicle.cutPower('mid-write');
  world.add('epochs', 1);
  clock.lose(world.clock.now());
  world.tell(
    `a collision at ${Math.round(collision.speedMps * 3.6)} km/h: airbags, an emergency call, and the power goes in the middle of a write`,
    `以 ${Math.round(collision.speedMps * 3.6)} km/h 发生碰撞：气囊弹出、紧急呼叫，写入中途断电`,
  );
}

function standing({ ride }: RoadRider, { clock }: World) {
  const at = clock.now();
  return { at, battery: ride.battery.read(), speedMps: 0, odometerM: ride.odometerM(0), airC: airTemperatureC(at) };
}

/** What left is looked through for every name of a person and of a station, in whatever field. */
function countSecrets(
  world: World,
  left: readonly FrameContent[],
  { people, stations }: { readonly people: readonly Person[]; readonly stations: readonly Station[] },
): void {
  const signals = left.flatMap((frame) => (frame.kind === 'signals' ? frame.signals : []));
  const texts = signals.map(({ path, value }) => `${path} ${value}`);
  const named = (words: readonly string[]) => texts.filter((text) => words.some((word) => text.includes(word))).length;
  const under = (...paths: readonly string[]) => signals.filter(({ path }) => paths.includes(path)).length;
  world.set('persons-named', named(people.map(({ subject }) => subject)));
  world.set('stations-named', named(stations.map(({ evseId }) => evseId)));
  world.set('freeze-values', signals.filter(({ path }) => path.startsWith('Vehicle.Example.')).length);
  world.set('trouble-codes', under(DIAGNOSTICS.list));
  world.set('charge-values', under(CHARGING.power));
  world.set('crash-values', under(COLLISION.airbag, COLLISION.deceleration));
  world.set('blocks-of-a-face', Math.max(0, ...left.map(blocksOfFace)));
}

/** How many blocks of a mosaic that left the larger of the drawn faces lies in. */
function blocksOfFace(frame: FrameContent): number {
  if (frame.kind !== 'image') return 0;
  const { left, top, widthPx, heightPx } = faceBox(LARGER_FACE_PX);
  const touched = (from: number, px: number, blocks: number, ofPx: number): number =>
    Math.floor(((from + px - 1) * blocks) / ofPx) - Math.floor((from * blocks) / ofPx) + 1;
  return touched(left, widthPx, frame.width, STREET_WIDTH_PX) * touched(top, heightPx, frame.height, STREET_HEIGHT_PX);
}
