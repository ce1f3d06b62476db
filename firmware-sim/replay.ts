import { assert } from '../proto/words/result.ts';
import { HOUR_MS, type Instant } from '../proto/words/time.ts';
import { type Battery, createBattery } from './battery.ts';
import { syntheticImage } from './camera.ts';
import type { VehiclePlan } from './fleet.ts';
import { metresBetween } from './great-circle.ts';
import { later, type PacedFrame } from './paced-frame.ts';
import { createPrng } from './prng.ts';
import { airTemperatureC, createSignalsReporter, SIGNALS_INTERVAL_MS } from './signals.ts';
import { CLOCK_INTERVAL_MS } from './synthetic.ts';
import type { Trace } from './traces.ts';

/** After the last point the clock goes on this far, so that whatever the agent holds back runs out. */
export const TAIL_MS = 36 * HOUR_MS;
export const TAIL_STEP_MS = HOUR_MS;

/**
 * The frames of one real trace with its own times: each point as a fix, signals that agree with the motion, clock frames
 * in the gaps and for `TAIL_MS` after the last point.
 *
 * Due in points: what belongs to point i is due at i, the tail at the number of points, so that gaps cost no time. The same
 * seed, vehicle name and trace give the same frames.
 */
export function* traceFrames(seed: string, plan: VehiclePlan, trace: Trace): Generator<PacedFrame, void> {
  const [first, last] = [trace.at[0], trace.at.at(-1)];
  assert(first !== undefined && last !== undefined, 'a trace has a point');
  const prng = createPrng(`${seed}/${plan.name}/replay`);
  const battery = createBattery(prng, airTemperatureC(first));
  const report = createSignalsReporter(plan.vin);
  let odometerM = prng.whole(1_000_000, 80_000_000);
  let signalsDueAt = first;
  for (const [index, at] of trace.at.entries()) {
    yield* clockFrames(trace.at[index - 1] ?? at, at, index);
    const step = stepTo(trace, index);
    odometerM += step.movedM;
    const fix = fixOf(trace, index, at);
    yield { due: index, frame: fix };
    const airC = airTemperatureC(at);
    runBattery(battery, step, airC);
    if (at >= signalsDueAt) {
      signalsDueAt = later(at, SIGNALS_INTERVAL_MS);
      const { speedMps } = step;
      yield { due: index, frame: report({ at, battery: battery.read(), speedMps, odometerM, airC, place: fix }) };
    }
    if (index % PICTURE_EVERY === PICTURE_EVERY - 1) yield { due: index, frame: syntheticImage(at, prng) };
  }
  for (let ms = TAIL_STEP_MS; ms <= TAIL_MS; ms += TAIL_STEP_MS) {
    yield { due: trace.at.length, frame: { kind: 'clock', at: later(last, ms) } };
  }
}

function fixOf(trace: Trace, index: number, at: Instant) {
  const [latitude, longitude, altitudeM] = [trace.latitude[index], trace.longitude[index], trace.altitudeM[index]];
  assert(latitude !== undefined && longitude !== undefined, 'the columns of a trace are of equal length');
  const hasAltitude = altitudeM !== undefined && !Number.isNaN(altitudeM);
  return {
    kind: 'fix',
    at,
    latitude,
    longitude,
    ...(hasAltitude && { altitudeM: Math.round(altitudeM * 10) / 10 }),
  } as const;
}

/** What happened between a point and the one before it. */
interface Step {
  readonly seconds: number;
  readonly movedM: number;
  /** Mean speed; 0 after a silence, when nothing is known of it. */
  readonly speedMps: number;
}

function stepTo(trace: Trace, index: number): Step {
  const [from, to] = [trace.at[index - 1], trace.at[index]];
  if (from === undefined || to === undefined || to === from) return { seconds: 0, movedM: 0, speedMps: 0 };
  const seconds = (to - from) / 1_000;
  const movedM = metresBetween(trace, index - 1, index);
  const speedMps = to - from > CLOCK_INTERVAL_MS ? 0 : Math.min(movedM / seconds, SPEED_MPS_MAX);
  return { seconds, movedM, speedMps };
}

/** Drives over what was driven; a silence of an hour with hardly a move is taken for a charge. */
function runBattery(battery: Battery, { seconds, movedM, speedMps }: Step, airC: number): void {
  if (seconds * 1_000 <= CLOCK_INTERVAL_MS) {
    battery.drive({ seconds, speedMps, accelerationMps2: 0, airC });
    return;
  }
  const drivenS = Math.min(seconds, movedM / CRUISE_MPS);
  battery.drive({ seconds: drivenS, speedMps: CRUISE_MPS, accelerationMps2: 0, airC });
  const standingS = seconds - drivenS;
  if (movedM < CHARGE_M_MAX && standingS * 1_000 >= HOUR_MS)
    battery.charge({ seconds: Math.min(standingS, CHARGE_S_MAX), airC });
  battery.rest({ seconds: standingS, airC });
}

/** Clock frames strictly between two points; a gap of years gets no more of them than a gap of a month. */
function* clockFrames(from: Instant, to: Instant, due: number): Generator<PacedFrame, void> {
  const stepMs = Math.max(CLOCK_INTERVAL_MS, Math.ceil((to - from) / GAP_CLOCKS_MAX));
  for (let at = later(from, stepMs); at < to; at = later(at, stepMs)) yield { due, frame: { kind: 'clock', at } };
}

const GAP_CLOCKS_MAX = 4_320;
const PICTURE_EVERY = 500;
/** Trains and aeroplanes are in the traces; a car reports no more than this. */
const SPEED_MPS_MAX = 160 / 3.6;
const CRUISE_MPS = 14;
const CHARGE_M_MAX = 1_000;
/** From empty to full at a wall box. */
const CHARGE_S_MAX = 10 * 3_600;
