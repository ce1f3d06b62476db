import { assert, isNonEmpty, type NonEmpty } from '../proto/words/result.ts';
import { type CivilDate, HOUR_MS, type Instant, startOfDay } from '../proto/words/time.ts';
import { BLOCK_M } from './city.ts';
import { later } from './paced-frame.ts';
import { createPrng, type Prng } from './prng.ts';
import type { Region } from './region.ts';
import { type District, type DistrictKind, placeIn } from './roads/districts.ts';
import type { SensitiveArea } from './sensitive-areas.ts';

/** A place on a street: `acrossM` is a whole number of blocks, `alongM` anything. Metres from the centre. */
export interface Place {
  readonly alongM: number;
  readonly acrossM: number;
}

/** Where one vehicle's people live, work and go. */
export interface Household {
  readonly home: Place;
  readonly work: Place;
  /** The first lies inside a sensitive area, the second just outside one, the others anywhere. */
  readonly haunts: readonly [Place, Place, ...Place[]];
  /** Where its days out lead, over a motorway. */
  readonly outings: readonly [Place, ...Place[]];
  /** Weeks of the year, from 0, in which nobody drives: a holiday by other means. */
  readonly awayWeeks: readonly number[];
}

/** Intent to be on the way to `to` from `departAt` on. */
export interface Errand {
  readonly departAt: Instant;
  readonly to: Place;
}

export function settleHousehold(seed: string, name: string, region: Pick<Region, 'districts' | 'areas'>): Household {
  const prng = createPrng(`${seed}/${name}/household`);
  const { areas } = region;
  const somewhere = (...kinds: DistrictKind[]): Place => placeIn(prng.pick(districtsOf(region, kinds)), prng);
  const home = prng.chance(LIVES_IN_TOWN) ? somewhere('town') : somewhere('residential', 'centre');
  const inside = prng.pick(areas);
  // A quarter of the vehicles works inside an area.
  const area = prng.chance(0.25) ? prng.pick(areas) : undefined;
  const work =
    area === undefined
      ? nearest(home, [somewhere(...WORKS), somewhere(...WORKS), somewhere(...WORKS)])
      : centreOf(area);
  return {
    home,
    work: farFrom(home, work),
    haunts: [
      centreOf(inside),
      justOutside(prng.pick(areas), prng),
      somewhere('centre'),
      somewhere('leisure', 'campus'),
      // Most errands are near home.
      ...Array.from({ length: 4 }, () => nearTo(home, prng)),
    ],
    outings: [somewhere('town'), somewhere('town')],
    awayWeeks: [prng.whole(0, WEEKS - 1), prng.whole(0, WEEKS - 1)],
  };
}

/** The errands of one Shanghai day, in order of departure; the last one always leads home. */
export function planDay(household: Household, date: CivilDate, prng: Prng): readonly Errand[] {
  const week = Math.floor(startOfDay(date) / WEEK_MS) % WEEKS;
  if (prng.chance(STAYS_HOME) || household.awayWeeks.includes(week)) return [];
  const at = (fromHour: number, toHour: number) =>
    later(startOfDay(date), Math.round(prng.between(fromHour, toHour) * 3_600) * 1_000);
  const haunt = () => prng.pick(household.haunts);
  const day = new Date(startOfDay(date) + 12 * HOUR_MS).getUTCDay();
  if (day === 0 || day === 6) {
    if (prng.chance(DAY_OUT)) {
      return [
        { departAt: at(8, 10), to: prng.pick(household.outings) },
        { departAt: at(15.5, 19), to: household.home },
      ];
    }
    return [
      { departAt: at(9, 11), to: haunt() },
      { departAt: at(13, 14), to: prng.chance(0.5) ? haunt() : household.home },
      { departAt: at(16, 19), to: household.home },
    ];
  }
  const lunch = prng.chance(0.3)
    ? [
        { departAt: at(11.8, 12.2), to: haunt() },
        { departAt: at(13.3, 13.6), to: household.work },
      ]
    : [];
  const evening = prng.chance(0.35)
    ? [
        { departAt: at(20, 20.5), to: haunt() },
        { departAt: at(21.7, 22.3), to: household.home },
      ]
    : [];
  return [
    { departAt: at(7, 8.75), to: household.work },
    ...lunch,
    { departAt: at(17.3, 18.8), to: household.home },
    ...evening,
  ];
}

function districtsOf({ districts }: Pick<Region, 'districts'>, kinds: readonly DistrictKind[]): NonEmpty<District> {
  const found = kinds.flatMap((kind) => districts.filter((one) => one.kind === kind));
  assert(isNonEmpty(found), 'a fictional city has districts of every kind');
  return found;
}

const WORKS: readonly DistrictKind[] = ['works', 'campus', 'centre'];

/** People look for work, and for a home, with the way between in mind. */
function nearest(home: Place, places: NonEmpty<Place>): Place {
  return places.reduce((near, place) => (apartM(home, place) < apartM(home, near) ? place : near));
}

function apartM(one: Place, other: Place): number {
  return Math.abs(one.alongM - other.alongM) + Math.abs(one.acrossM - other.acrossM);
}

const centreOf = ({ alongM, acrossM }: SensitiveArea): Place => ({ alongM, acrossM });

function nearTo({ alongM, acrossM }: Place, prng: Prng): Place {
  const side = prng.chance(0.5) ? 1 : -1;
  return {
    alongM: Math.round(alongM + side * prng.between(NEAR_M.least, NEAR_M.most)),
    acrossM: acrossM + prng.whole(-2, 2) * BLOCK_M,
  };
}

/** Moves a work place that would be within walking distance to the other side of the city. */
function farFrom(home: Place, work: Place): Place {
  return apartM(home, work) >= COMMUTE_M_MIN
    ? work
    : { alongM: home.alongM > 0 ? home.alongM - 6_000 : home.alongM + 6_000, acrossM: work.acrossM };
}

function justOutside(area: SensitiveArea, prng: Prng): Place {
  return { alongM: area.alongM + area.reachM + prng.between(50, 300), acrossM: area.acrossM };
}

/** Share of days on which the vehicle does not move. */
const STAYS_HOME = 0.1;

const LIVES_IN_TOWN = 0.05;
/** Share of days at the weekend that are spent out of town. */
const DAY_OUT = 0.15;
const WEEKS = 52;
const WEEK_MS = 7 * 24 * HOUR_MS;
const NEAR_M = { least: 500, most: 2_000 } as const;
const COMMUTE_M_MIN = 3_000;
