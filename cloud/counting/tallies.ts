import { createTally, type Tally } from './tally.ts';

/** Two counters of a year: persons of whom sensitive information went out, and persons of whom other information did. */
export type PersonKind = 'plain' | 'sensitive';

/** Persons of one kind that one transfer holds, and the route it goes under. */
export interface Holding {
  readonly kind: PersonKind;
  readonly route: string;
  /** Under one of the nine exemptions, which some would not count. */
  readonly isExempt: boolean;
  readonly persons: Uint32Array;
}

/** Distinct persons of a year by kind: all of them, those outside exemptions, and by route. */
export interface YearTotals {
  readonly all: number;
  readonly outsideExemptions: number;
  readonly byRoute: Readonly<Record<string, number>>;
}

/** The tallies of one calendar year. */
export interface YearTallies {
  readonly hold: (holding: Holding) => void;
  readonly release: (holding: Holding) => void;
  readonly tally: (kind: PersonKind, scope: CountScope) => Tally;
  readonly totals: (kind: PersonKind) => YearTotals;
}

export type CountScope = 'all' | 'outside-exemptions';

/** A person under several routes counts once in `all`, and once in each of the routes. */
export function createYearTallies(): YearTallies {
  const tallies = new Map<string, Tally>();

  function at(name: string): Tally {
    const known = tallies.get(name);
    if (known !== undefined) return known;
    const fresh = createTally();
    tallies.set(name, fresh);
    return fresh;
  }

  const scopesOf = (holding: Holding): readonly Tally[] => [
    at(`${holding.kind} all`),
    ...(isCountedIn(holding, 'outside-exemptions') ? [at(`${holding.kind} outside-exemptions`)] : []),
    at(`${holding.kind} ${ROUTE}${holding.route}`),
  ];

  return {
    hold: (holding) => {
      for (const tally of scopesOf(holding)) tally.hold(holding.persons);
    },
    release: (holding) => {
      for (const tally of scopesOf(holding)) tally.release(holding.persons);
    },
    tally: (kind, scope) => at(`${kind} ${scope}`),
    totals: (kind) => ({
      all: at(`${kind} all`).distinct(),
      outsideExemptions: at(`${kind} outside-exemptions`).distinct(),
      byRoute: Object.fromEntries(
        [...tallies].flatMap(([name, tally]) =>
          name.startsWith(`${kind} ${ROUTE}`) ? [[name.slice(`${kind} ${ROUTE}`.length), tally.distinct()]] : [],
        ),
      ),
    }),
  };
}

const ROUTE = 'route ';

/** Exemption 5 is what the count is for: leaving it out would never let a threshold be reached. */
export const isCountedIn = ({ route, isExempt }: Pick<Holding, 'route' | 'isExempt'>, scope: CountScope): boolean =>
  scope === 'all' || !isExempt || !UNCOUNTED.includes(route);

/** Exemptions that the other reading of CNT-8 does not count: contract, employment, emergency, free trade zone. */
const UNCOUNTED: readonly string[] = ['exemption-2', 'exemption-3', 'exemption-4', 'exemption-6'];
