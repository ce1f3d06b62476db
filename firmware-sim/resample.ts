import type { Instant } from '../proto/words/time.ts';
import { later } from './paced-frame.ts';
import type { Trace } from './traces.ts';

export interface Resampling {
  /** One point each so many ms; without it the points stay as they are. */
  readonly everyMs?: number | undefined;
  /** Added to every time, ms. */
  readonly shiftMs?: number | undefined;
}

/** Over a longer silence nothing is interpolated: nobody knows where the vehicle was. */
export const SILENCE_MS = 120_000;

/**
 * The same way at other times. Between two points that are no more than `SILENCE_MS` apart a point lies on the straight line;
 * after a silence the first point is taken as it is.
 */
export function resample(trace: Trace, { everyMs, shiftMs = 0 }: Resampling): Trace {
  const points = everyMs === undefined ? trace : sampled(trace, everyMs);
  return shiftMs === 0 ? points : { ...points, at: points.at.map((at) => later(at, shiftMs)) };
}

function sampled(trace: Trace, everyMs: number): Trace {
  const at: Instant[] = [];
  const [latitude, longitude, altitudeM]: [number[], number[], number[]] = [[], [], []];
  const push = (time: Instant, index: number, share: number) => {
    const value = (column: readonly number[]) => {
      const [from, to] = [column[index] ?? Number.NaN, column[index + 1]];
      return share === 0 || to === undefined ? from : from + (to - from) * share;
    };
    at.push(time);
    latitude.push(degrees(value(trace.latitude)));
    longitude.push(degrees(value(trace.longitude)));
    altitudeM.push(value(trace.altitudeM));
  };
  let dueAt = Number.NEGATIVE_INFINITY;
  for (const [index, from] of trace.at.entries()) {
    const to = trace.at[index + 1] ?? from;
    if (index === 0 || from - (trace.at[index - 1] ?? from) > SILENCE_MS) dueAt = from;
    if (to - from > SILENCE_MS || to === from) {
      if (dueAt <= from) push(from, index, 0);
      continue;
    }
    for (; dueAt < to; dueAt += everyMs) push(dueAt as Instant, index, (dueAt - from) / (to - from));
  }
  return { ...trace, at, latitude, longitude, altitudeM };
}

/** Seven decimals, as receivers write them. */
const degrees = (value: number): number => Math.round(value * 1e7) / 1e7;
