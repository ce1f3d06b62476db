import { addDays } from '../../cloud/transfer/civil-days.ts';
import { civilDateOf, DAY_MS, HOUR_MS, type Instant, startOfDay, toIso } from '../../proto/words/time.ts';

/** How the simulator catches up with the present. */
export interface Pace {
  readonly start: string;
  /** Vehicle time over wall time. */
  readonly speed: number;
  /** Vehicles that drive at full speed in any case. */
  readonly ahead: number;
}

/** So many vehicles catch up with a week at an hour a second; more of them with less and slower, since all share one machine. */
const VEHICLES_AT_FULL_PACE = 20;
const FULL_PACE = 3_600;
const LOOK_BACK_DAYS = 7;

/** Of a working day, Asia/Shanghai: the first leave home then. A start at midnight would show nothing for an hour's part, and only a trip that is over shows anything. */
const MORNING_MS = 7 * HOUR_MS;

/** @param ahead - vehicles whose agents start before the others */
export function paceOf(vehicles: number, ahead: number, now: Instant): Pace {
  const share = Math.min(1, VEHICLES_AT_FULL_PACE / vehicles);
  const latest = (now - Math.max(1, LOOK_BACK_DAYS * share) * DAY_MS) as Instant;
  let day = civilDateOf((latest - MORNING_MS) as Instant);
  while (isWeekend(day)) day = addDays(day, -1);
  const start = (startOfDay(day) + MORNING_MS) as Instant;
  return { start: toIso(start), speed: Math.max(1, Math.round(FULL_PACE * share)), ahead };
}

const isWeekend = (day: ReturnType<typeof civilDateOf>): boolean =>
  [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
