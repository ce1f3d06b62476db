import type { RawFrame } from '../proto/words/raw-frame.ts';
import { civilDateOf, DAY_MS, type Instant, startOfDay } from '../proto/words/time.ts';
import { type Battery, createBattery, SOC_LOW } from './battery.ts';
import { syntheticImage } from './camera.ts';
import { toDegrees } from './city.ts';
import { driveRoute, type Motion } from './drive.ts';
import type { VehiclePlan } from './fleet.ts';
import { GNSS_INTERVAL_MS, type Gnss, startGnss } from './gnss.ts';
import { type Household, type Place, planDay, settleHousehold } from './household.ts';
import { later, type PacedFrame } from './paced-frame.ts';
import { createPrng } from './prng.ts';
import { foundRegion, type Region } from './region.ts';
import { planRoute } from './route.ts';
import { airTemperatureC, createSignalsReporter, SIGNALS_INTERVAL_MS } from './signals.ts';
import { flowAt } from './traffic.ts';

/** A vehicle stands at least this long between two trips: what ends a trip, and makes the next one a new one. */
export const STOP_MS_MIN = 10 * 60_000;

/** While it stands, its clock is reported this often. */
export const CLOCK_INTERVAL_MS = 10 * 60_000;

/**
 * The frames of one vehicle from `start` on, for ever: home, work and errands in the seed's fictional city.
 *
 * The same seed, vehicle name and start give the same frames. Due in vehicle time (ms).
 *
 * @param region - that of the seed, where many vehicles share it
 */
export function* syntheticFrames(
  seed: string,
  plan: VehiclePlan,
  start: Instant,
  region: Region = foundRegion(seed),
): Generator<PacedFrame, void> {
  const car = createCar(seed, plan, start, region);
  let now = start;
  let place = car.household.home;
  yield paced({ kind: 'clock', at: start });
  for (let noon = later(startOfDay(civilDateOf(start)), DAY_MS / 2); ; noon = later(noon, DAY_MS)) {
    const date = civilDateOf(noon);
    for (const errand of planDay(car.household, date, createPrng(`${seed}/${plan.name}/day/${date}`))) {
      if (errand.to === place || errand.departAt < start) continue;
      const departAt = Math.max(errand.departAt, now + STOP_MS_MIN) as Instant;
      yield* park(car, { from: now, until: departAt, canCharge: place === car.household.home });
      now = yield* drive(car, { from: place, to: errand.to, departAt });
      place = errand.to;
    }
  }
}

interface Car {
  readonly seed: string;
  readonly name: string;
  readonly region: Region;
  readonly household: Household;
  readonly battery: Battery;
  readonly report: ReturnType<typeof createSignalsReporter>;
  /** Adds metres to the odometer and reads it. */
  readonly odometerM: (movedM: number) => number;
}

function createCar(seed: string, plan: VehiclePlan, start: Instant, region: Region): Car {
  const prng = createPrng(`${seed}/${plan.name}/car`);
  let odometer = prng.whole(1_000_000, 80_000_000);
  return {
    seed,
    name: plan.name,
    region,
    household: settleHousehold(seed, plan.name, region),
    battery: createBattery(prng, airTemperatureC(start)),
    report: createSignalsReporter(plan.vin),
    odometerM: (movedM) => {
      odometer += movedM;
      return odometer;
    },
  };
}

/** Frames between two trips, both ends left out: clock frames, and signals while the battery fills. */
function* park(
  car: Car,
  stop: { readonly from: Instant; readonly until: Instant; readonly canCharge: boolean },
): Generator<PacedFrame, void> {
  let isCharging = stop.canCharge && car.battery.read().socPercent < SOC_LOW;
  for (let at = stop.from; ; ) {
    const stepMs = isCharging ? SIGNALS_INTERVAL_MS : CLOCK_INTERVAL_MS;
    if (at + stepMs >= stop.until) return;
    at = later(at, stepMs);
    const step = { seconds: stepMs / 1_000, airC: airTemperatureC(at) };
    if (isCharging) {
      car.battery.charge(step);
      const battery = car.battery.read();
      isCharging = battery.isCharging;
      yield paced(car.report({ at, battery, speedMps: 0, odometerM: car.odometerM(0), airC: step.airC }));
    } else {
      car.battery.rest(step);
      yield paced({ kind: 'clock', at });
    }
  }
}

/** Frames of one trip, every ten seconds from departure on; returns the instant of arrival. */
function* drive(
  car: Car,
  trip: { readonly from: Place; readonly to: Place; readonly departAt: Instant },
): Generator<PacedFrame, Instant> {
  const prng = createPrng(`${car.seed}/${car.name}/trip/${trip.departAt}`);
  const gnss = startGnss(prng);
  const picturedAt = prng.chance(PICTURED_TRIPS) ? prng.whole(3, 30) * GNSS_INTERVAL_MS : -1;
  const route = planRoute(car.region, trip.from, trip.to, prng);
  let elapsedMs = 0;
  for (const motion of driveRoute(route, prng, { flow: flowAt(trip.departAt, prng) })) {
    const at = later(trip.departAt, elapsedMs);
    const airC = airTemperatureC(at);
    const { speedMps, accelerationMps2 } = motion;
    car.battery.drive({ seconds: 1, speedMps, accelerationMps2, airC });
    car.odometerM(motion.movedM);
    if (elapsedMs % GNSS_INTERVAL_MS === 0) yield* observe(car, { at, airC, motion, gnss });
    if (elapsedMs === picturedAt) yield paced(syntheticImage(at, prng));
    elapsedMs += 1_000;
  }
  return later(trip.departAt, elapsedMs);
}

function* observe(
  car: Car,
  {
    at,
    airC,
    motion,
    gnss,
  }: { readonly at: Instant; readonly airC: number; readonly motion: Motion; readonly gnss: Gnss },
): Generator<PacedFrame, void> {
  const truth = {
    ...toDegrees(car.region.city, motion),
    altitudeM: car.region.city.altitudeM,
    headingDeg: motion.headingDeg,
    speedMps: motion.speedMps,
  };
  const fix = gnss.fixAt(at, truth);
  if (fix !== undefined) yield paced(fix);
  const reading = { at, battery: car.battery.read(), speedMps: motion.speedMps, odometerM: car.odometerM(0), airC };
  yield paced(car.report(fix === undefined ? reading : { ...reading, place: fix }));
}

function paced(frame: RawFrame): PacedFrame {
  return { due: frame.at, frame };
}

/** Share of trips in which a camera takes a picture. */
const PICTURED_TRIPS = 0.3;
