import { type CivilDate, HOUR_MS, type Instant, startOfDay } from '../proto/words/time.ts';
import { BLOCK_M, CITY_REACH_M } from './city.ts';
import { later } from './paced-frame.ts';
import { createPrng, type Prng } from './prng.ts';
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
}

/** Intent to be on the way to `to` from `departAt` on. */
export interface Errand {
  readonly departAt: Instant;
  readonly to: Place;
}

export function settleHousehold(
  seed: string,
  name: string,
  areas: readonly [SensitiveArea, ...SensitiveArea[]],
): Household {
  const prng = createPrng(`${seed}/${name}/household`);
  const home = anywhere(prng);
  const inside = prng.pick(areas);
  // A quarter of the vehicles works inside an area.
  const work = prng.chance(0.25) ? prng.pick(areas) : anywhere(prng);
  return {
    home,
    work: farFrom(home, { alongM: work.alongM, acrossM: work.acrossM }),
    haunts: [
      { alongM: inside.alongM, acrossM: inside.acrossM },
      justOutside(prng.pick(areas), prng),
      anywhere(prng),
      anywhere(prng),
    ],
  };
}

/** The errands of one Shanghai day, in order of departure; the last one always leads home. */
export function planDay(household: Household, date: CivilDate, prng: Prng): readonly Errand[] {
  if (prng.chance(STAYS_HOME)) return [];
  const at = (fromHour: number, toHour: number) =>
    later(startOfDay(date), Math.round(prng.between(fromHour, toHour) * 3_600) * 1_000);
  const haunt = () => prng.pick(household.haunts);
  const day = new Date(startOfDay(date) + 12 * HOUR_MS).getUTCDay();
  if (day === 0 || day === 6) {
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

function anywhere(prng: Prng): Place {
  const blocks = CITY_REACH_M / BLOCK_M;
  return {
    alongM: Math.round(prng.between(-CITY_REACH_M, CITY_REACH_M)),
    acrossM: prng.whole(-blocks, blocks) * BLOCK_M,
  };
}

/** Moves a work place that would be within walking distance to the other side of the city. */
function farFrom(home: Place, work: Place): Place {
  const apartM = Math.abs(home.alongM - work.alongM) + Math.abs(home.acrossM - work.acrossM);
  return apartM >= COMMUTE_M_MIN
    ? work
    : { alongM: home.alongM > 0 ? home.alongM - 6_000 : home.alongM + 6_000, acrossM: work.acrossM };
}

function justOutside(area: SensitiveArea, prng: Prng): Place {
  return { alongM: area.alongM + area.reachM + prng.between(50, 300), acrossM: area.acrossM };
}

/** Share of days on which the vehicle does not move. */
const STAYS_HOME = 0.05;

const COMMUTE_M_MIN = 3_000;
