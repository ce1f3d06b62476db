import { BLOCK_M, CITY_REACH_M } from '../city.ts';
import { createPrng, type Prng } from '../prng.ts';

export type DistrictKind = 'centre' | 'residential' | 'works' | 'campus' | 'leisure' | 'town';

/** A part of the fictional city, or a town outside of it that a motorway leads to. Metres along and across the streets. */
export interface District {
  readonly id: string;
  readonly kind: DistrictKind;
  readonly alongM: number;
  readonly acrossM: number;
  /** Its streets lie within this distance of its centre along each direction. */
  readonly reachM: number;
}

/** The districts of a seed's city: a centre, a ring of others round it in an order of chance, and two towns apart. */
export function layDistricts(seed: string): readonly District[] {
  const prng = createPrng(`${seed}/districts`);
  const around = shuffled(AROUND, prng).map((kind, index): District => {
    const bearing = ((index + prng.between(0.3, 0.7)) / AROUND.length) * 2 * Math.PI;
    const fromCentreM = prng.between(0.55, 0.75) * CITY_REACH_M;
    const alongM = onLine(Math.cos(bearing) * fromCentreM);
    return {
      id: `${kind}-${index + 1}`,
      kind,
      alongM,
      acrossM: onLine(Math.sin(bearing) * fromCentreM),
      reachM: 2_000,
    };
  });
  const towns = TOWN_SIDES.map((side, index): District => {
    const alongM = onLine(side * prng.between(TOWN_M.least, TOWN_M.most));
    return {
      id: `town-${index + 1}`,
      kind: 'town',
      alongM,
      acrossM: onLine(prng.between(-8_000, 8_000)),
      reachM: 1_600,
    };
  });
  return [{ id: 'centre', kind: 'centre', alongM: 0, acrossM: 0, reachM: 2_400 }, ...around, ...towns];
}

/** A place in a district: anywhere along one of its streets. */
export function placeIn(district: District, prng: Prng): { readonly alongM: number; readonly acrossM: number } {
  const blocks = Math.floor(district.reachM / BLOCK_M);
  return {
    alongM: Math.round(district.alongM + prng.between(-district.reachM, district.reachM)),
    acrossM: district.acrossM + prng.whole(-blocks, blocks) * BLOCK_M,
  };
}

function onLine(metres: number): number {
  return Math.round(metres / BLOCK_M) * BLOCK_M;
}

function shuffled<T>(values: readonly T[], prng: Prng): readonly T[] {
  return values
    .map((value) => ({ value, at: prng.next() }))
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value);
}

const AROUND: readonly DistrictKind[] = [
  ...(['residential', 'residential', 'residential', 'works', 'works', 'campus', 'leisure'] as const),
];
const TOWN_SIDES = [1, -1];
const TOWN_M = { least: 22_000, most: 45_000 } as const;
