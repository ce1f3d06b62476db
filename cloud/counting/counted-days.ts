import type { CivilDate } from '../../proto/words/time.ts';
import { type CountScope, type Holding, isCountedIn, type PersonKind } from './tallies.ts';
import { createTally } from './tally.ts';

/** One day, Asia/Shanghai, and the distinct persons of each kind who were counted on it for the first time in the year. */
export interface CountedDay {
  readonly on: CivilDate;
  readonly persons: number;
  readonly sensitivePersons: number;
}

export interface DatedHolding extends Holding {
  /** Day of the request. */
  readonly on: CivilDate;
}

/** @param holdings - of one year, oldest first */
export function countedDays(holdings: Iterable<DatedHolding>, scope: CountScope): readonly CountedDay[] {
  const tallies = { plain: createTally(), sensitive: createTally() } satisfies Record<PersonKind, unknown>;
  const days = new Map<CivilDate, Record<PersonKind, number>>();
  for (const holding of holdings) {
    if (!isCountedIn(holding, scope)) continue;
    const tally = tallies[holding.kind];
    const before = tally.distinct();
    tally.hold(holding.persons);
    const day = days.get(holding.on) ?? { plain: 0, sensitive: 0 };
    day[holding.kind] += tally.distinct() - before;
    days.set(holding.on, day);
  }
  return [...days].map(([on, { plain, sensitive }]) => ({ on, persons: plain, sensitivePersons: sensitive }));
}
