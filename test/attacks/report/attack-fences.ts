import { seededChance } from '../../support/edge/seeded.ts';
import { busiest } from '../fence/discs.ts';
import { blindFence, inferFences, visitsOf } from '../fence/inference.ts';
import { PRODUCT_SCHEMES } from '../fence/product.ts';
import { REFERENCE_SCHEMES } from '../fence/schemes.ts';
import type { Publication } from '../replay/observed.ts';
import type { Plane } from '../traces/plane.ts';
import { hasCells } from './attack-crowd.ts';
import type { Phases } from './attack-places.ts';
import type { Report } from './report.ts';
import { FENCE_SLACK } from './targets.table.ts';

const DRAWS = 200;

/** Where is the fence? On the plain grid, where holes are sharp, and on the cells of every preset that has some. */
export function tellFences(report: Report, plane: Plane, grid: Phases, presets: readonly Phases[], seed: number): void {
  const fine = grid.publications[0];
  if (fine === undefined) return;
  const squares = busiest(visitsOf(fine));
  const blind = blindFence(squares, DRAWS, seededChance(seed));
  const publications = [fine, ...presets.filter(hasCells).flatMap(({ publications: [first] }) => first ?? [])];
  for (const publication of publications) {
    const cells = visitsOf(publication);
    // The product suppresses cells of its own grid only.
    const schemes = publication === fine ? REFERENCE_SCHEMES : [...REFERENCE_SCHEMES, ...PRODUCT_SCHEMES];
    for (const scheme of schemes) {
      const given = { cells, sizeM: publication.sizeM, squares, plane, draws: DRAWS };
      const by = (attacker: 'history' | 'published') =>
        inferFences(scheme, attacker, { ...given, chance: seededChance(seed) });
      const [history, published] = [by('history'), by('published')];
      const note = `median error ${history.medianErrorM.toFixed(0)} m; without history ${(100 * published.inside).toFixed(0)}; visits lost ${(100 * history.lost).toFixed(0)}`;
      const bound = scheme.decoys === undefined ? {} : { target: { atMost: 1 / (scheme.decoys + 1) + FENCE_SLACK } };
      report.add({ name: `${nameOf(publication)}, ${scheme.name}`, value: history.inside, blind, note, ...bound });
    }
  }
}

const nameOf = ({ name }: Publication): string => `${name} fence`;
