import { BLOCK_M } from '../../../firmware-sim/city.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import { createPrng, type Prng } from '../../../firmware-sim/prng.ts';
import { airTemperatureC } from '../../../firmware-sim/signals.ts';
import { ignitionFrames, SYSTEM_STATE, startClock, type TcuClock } from '../../../firmware-sim/tcu/boot.ts';
import { busLines } from '../../../firmware-sim/tcu/can-bus.ts';
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
import { streetPicture } from '../../../firmware-sim/tcu/street-picture.ts';
import { bystandersOf, georeferenced, lidarSweep, radarObjects } from '../../../firmware-sim/tcu/sweep.ts';
import type { Moment } from '../../../firmware-sim/tcu/trip.ts';
import type { FrameContent } from '../../../proto/codec/telemetry-codec.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import { DAY_MS, HOUR_MS } from '../../../proto/words/time.ts';
import { ALLOWED_PATHS } from '../../up/tour.ts';
import type { World } from '../world.ts';
import { drive, endOfRoad, onTheRoad, type RoadRider, straight } from './road.ts';

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
        await getIn(day, people[count % 2 === 0 ? 1 : 0], [people[2]]);
        const senses = (moment: Moment) => sensors(moment, prng);
        const route = straight(city, work, WORK_M);
        await drive(world, rider, { route, departAt: world.clock.now(), senses });
        await breakDown(day);
        await chargeAt(day, stations[1]);
        await getIn(day, people[1]);
        await drive(world, rider, { route: [...route].reverse(), departAt: world.clock.now(), senses });
        await collide(day);
        await chargeAt(day, stations[0]);
        await rider.park(later(world.clock.now(), DAY_MS / 4));
      }
      await endOfRoad(world, rider);
      const secrets = { people, stations };
      countSecrets(world, convoy.outgoing.left(), secrets);
    },
    { paths: PATHS_ALLOWED },
  );
}

const WORK_M = 20 * BLOCK_M;

/** Doors, ignition, a clock that is wrong until it is told the time. */
async function getIn({ world, rider, clock }: Day, driver: Person, passengers: readonly Person[] = []): Promise<void> {
  await rider.park(later(world.clock.now(), HOUR_MS));
  const at = world.clock.now();
  for (const frame of ignitionFrames(clock, at)) rider.vehicle.take(frame);
  clock.sync(later(at, 5_000));
  await rider.take(crewFrame(later(at, 6_000), driver, passengers));
  world.tell('somebody gets in, and the TCU wakes up', '有人上车，车载终端唤醒');
}

/** Every minute a sweep, radar objects, and pictures on either side of the sizes that rules turn on. */
function* sensors({ at, elapsedMs, truth }: Moment, prng: Prng): Generator<RawFrame> {
  if (elapsedMs % SENSED_EVERY_MS !== 0) return;
  const bystanders = bystandersOf(prng.whole(0, 8), prng);
  const sweep = lidarSweep(at, bystanders, prng);
  yield sweep;
  yield georeferenced(sweep, truth);
  yield radarObjects(at, bystanders, prng);
  const [facePx, platePx] = elapsedMs % (2 * SENSED_EVERY_MS) === 0 ? [31, 15] : [32, 16];
  yield { kind: 'image', at, camera: 'front', place: 'exterior', bytes: streetPicture({ facePx, platePx }, prng) };
}

const SENSED_EVERY_MS = 300_000;

/** A code is set, and its freeze frame has all that was on the bus: place and VIN too. */
async function breakDown({ world, rider, diagnostics }: Day): Promise<void> {
  const { ride } = rider;
  const at = later(world.clock.now(), 1_000);
  const reading = ride.report({ ...standing(rider, world), at });
  const place = { latitude: ride.city.latitudeDeg, longitude: ride.city.longitudeDeg };
  diagnostics.fail(CODES.batteryVoltage, 'Battery', momentOf(reading, place));
  diagnostics.install({ name: 'Battery', version: '2.4.2' });
  await rider.take(diagnostics.report(at));
  rider.vehicle.takeBus(busLines(later(at, 1_000), reading.signals));
  world.tell('the battery sets a trouble code with a freeze frame', '电池控制器记录故障码与冻结帧');
}

async function chargeAt({ world, rider }: Day, station: Station): Promise<void> {
  const from = world.clock.now();
  for (const frame of chargingFrames(rider.ride, station, { from })) await rider.take(frame);
  world.add('charges', 1);
  const { current } = station;
  world.tell(`charged at a ${current} station`, `在${current === 'AC' ? '交流' : '直流'}桩充电`);
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
  world.tell('a collision: emergency call, and the power is cut', '发生碰撞：紧急呼叫，随即断电');
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
}
