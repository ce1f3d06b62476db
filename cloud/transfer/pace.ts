import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import { type CivilDate, DAY_MS } from '../../proto/words/time.ts';
import { addDays } from './civil-days.ts';
import type { TransferFacts } from './facts.ts';

export type Counter = 'persons' | 'sensitivePersons';

/** One day and the distinct persons who were counted on it for the first time in the year. */
export type CountedDay = { readonly on: CivilDate } & Readonly<Record<Counter, number>>;

/** How fast a count grows: so many persons in so many days, and how that was found. */
export interface Pace {
  readonly method: 'recent-days' | 'even-year';
  readonly persons: number;
  readonly days: number;
  readonly text: Bilingual;
}

export type Paces = Readonly<Record<Counter, Pace>>;

/** Days before the day of the plan that a recent pace is taken from; the day itself is not over. */
export const RECENT_DAYS = 30;
/** A recent pace needs a window of so many days, and in it so many on which somebody new was counted. */
export const WINDOW_DAYS_MIN = 14;
export const COUNTED_DAYS_MIN = 3;

/**
 * The pace of each counter. Where recent days tell enough it is their mean, since what is sent now grows the count and not what
 * was sent in spring; else the persons of the year, spread evenly over it. Either way the text says which.
 *
 * @param counted - days of the year by the counts of the cloud; a facts file has none
 */
export function pacesOf(
  facts: Pick<TransferFacts, 'on' | 'counts'>,
  counted: readonly CountedDay[] | undefined,
): Paces {
  return { persons: paceOf('persons', facts, counted), sensitivePersons: paceOf('sensitivePersons', facts, counted) };
}

function paceOf(
  counter: Counter,
  { on, counts }: Pick<TransferFacts, 'on' | 'counts'>,
  counted: readonly CountedDay[] | undefined,
): Pace {
  const firstDay = `${counts.year}-01-01` as CivilDate;
  const begins = [firstDay, addDays(on, -RECENT_DAYS)].toSorted().at(-1) ?? firstDay;
  const window = daysBetween(begins, on);
  const fresh = (counted ?? []).filter((day) => day.on >= begins && day.on < on && day[counter] > 0);
  if (counted !== undefined && window >= WINDOW_DAYS_MIN && fresh.length >= COUNTED_DAYS_MIN) {
    const persons = fresh.reduce((all, day) => all + day[counter], 0);
    const text = bilingual(
      `mean of the ${window} days before ${on}: ${grouped(persons)} persons counted for the first time this year, on ${fresh.length} days`,
      `${on} 前 ${window} 天的均值：其中 ${fresh.length} 天新增 ${grouped(persons)} 人`,
    );
    return { method: 'recent-days', persons, days: window, text };
  }
  const count = counts[counter];
  const [persons, days] = [count === 'unknown' ? 0 : count.projected, daysBetween(firstDay, on) + 1];
  const why =
    counted === undefined
      ? bilingual('the facts hold no days', '事实中没有按日数据')
      : bilingual(
          `${fresh.length} counted days in the ${window} before, fewer than ${COUNTED_DAYS_MIN} or too short a time`,
          `此前 ${window} 天中仅 ${fresh.length} 天有新增，数据不足`,
        );
  const text = bilingual(
    `persons of the year spread evenly over its ${days} days so far: ${why.en}`,
    `按当年至今 ${days} 天平均：${why.zh}`,
  );
  return { method: 'even-year', persons, days, text };
}

/** Whole days from one day to another. */
export function daysBetween(from: CivilDate, until: CivilDate): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

const grouped = (persons: number): string => persons.toLocaleString('en-US');
