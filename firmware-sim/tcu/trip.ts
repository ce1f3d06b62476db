import type { RawFrame } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { Battery } from '../battery.ts';
import { type City, toDegrees } from '../city.ts';
import { driveRoute, type Motion } from '../drive.ts';
import { GNSS_INTERVAL_MS, type Truth } from '../gnss.ts';
import { later } from '../paced-frame.ts';
import type { Prng } from '../prng.ts';
import type { Road } from '../roads/road-classes.table.ts';
import type { Route } from '../route.ts';
import { airTemperatureC, type createSignalsReporter } from '../signals.ts';
import { type Sky, startReceiver } from './receiver.ts';

/** The parts of a vehicle that take part in a trip. */
export interface Ride {
  readonly city: City;
  readonly battery: Battery;
  readonly report: ReturnType<typeof createSignalsReporter>;
  readonly odometerM: (movedM: number) => number;
}

/** A moment of a trip as its sensors see it: each `GNSS_INTERVAL_MS`. */
export interface Moment {
  readonly at: Instant;
  readonly truth: Truth;
  readonly motion: Motion;
  readonly elapsedMs: number;
}

export interface TripPlan {
  readonly route: Route;
  readonly departAt: Instant;
  readonly road?: Road;
  /** What lies over the vehicle so long after departure; open sky without it. */
  readonly sky?: (elapsedMs: number) => Sky;
  /** What else senses: cameras, sweeps, objects. */
  readonly senses?: (moment: Moment) => Iterable<RawFrame>;
}

/** How a trip went, in truth and not as a receiver had it. */
export interface Driven {
  readonly arrivedAt: Instant;
  readonly distanceM: number;
}

/** Frames of one trip from ignition to ignition; returns what was truly driven. Same ride, plan and prng: same frames. */
export function* tripFrames(ride: Ride, plan: TripPlan, prng: Prng): Generator<RawFrame, Driven> {
  const receiver = startReceiver(prng);
  let elapsedMs = 0;
  let distanceM = 0;
  for (const motion of driveRoute(plan.route, prng, plan.road === undefined ? {} : { road: plan.road })) {
    const at = later(plan.departAt, elapsedMs);
    const airC = airTemperatureC(at);
    const { speedMps, accelerationMps2, movedM } = motion;
    ride.battery.drive({ seconds: 1, speedMps, accelerationMps2, airC });
    const odometerM = ride.odometerM(movedM);
    distanceM += movedM;
    if (elapsedMs % GNSS_INTERVAL_MS === 0) {
      const truth = truthOf(ride.city, motion);
      const fix = receiver.fixAt(at, truth, plan.sky?.(elapsedMs) ?? 'open');
      if (fix !== undefined) yield fix;
      const reading = { at, battery: ride.battery.read(), speedMps, odometerM, airC };
      yield ride.report(fix === undefined ? reading : { ...reading, place: fix });
      yield* plan.senses?.({ at, truth, motion, elapsedMs }) ?? [];
    }
    elapsedMs += 1_000;
  }
  return { arrivedAt: later(plan.departAt, elapsedMs), distanceM };
}

function truthOf(city: City, motion: Motion): Truth {
  const { headingDeg, speedMps } = motion;
  return { ...toDegrees(city, motion), altitudeM: city.altitudeM, headingDeg, speedMps };
}
