import { DAY_MS, HOUR_MS, type Instant, SHANGHAI_OFFSET_MS } from '../proto/words/time.ts';
import type { Prng } from './prng.ts';

/** Share of the limits that a trip reaches which begins now: (0, 1], worst when people go to work and home. */
export function flowAt(departAt: Instant, prng: Prng): number {
  const hour = ((departAt + SHANGHAI_OFFSET_MS) % DAY_MS) / HOUR_MS;
  const day = new Date(departAt + SHANGHAI_OFFSET_MS).getUTCDay();
  const isWeekend = day === 0 || day === 6;
  const usual = FLOWS.find(({ until }) => hour < until)?.[isWeekend ? 'weekend' : 'weekday'] ?? 1;
  const jam = prng.chance(JAMS) ? JAM_FLOW : 1;
  return Math.min(1, Math.max(FLOW_MIN, (usual + prng.normal() * DAY_TO_DAY) * jam));
}

/** Hours of Shanghai. */
// biome-ignore format: one stretch of the day a line
const FLOWS: readonly { readonly until: number; readonly weekday: number; readonly weekend: number }[] = [
  { until: 6.5,  weekday: 1,    weekend: 1 },
  { until: 9.25, weekday: 0.65, weekend: 0.95 },
  { until: 16.5, weekday: 0.75, weekend: 0.7 },
  { until: 19.5, weekday: 0.65, weekend: 0.7 },
  { until: 22,   weekday: 0.85, weekend: 0.9 },
];
const FLOW_MIN = 0.36;
const JAMS = 0.25;
const JAM_FLOW = 0.45;
const DAY_TO_DAY = 0.22;
