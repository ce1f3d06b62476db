import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CELL_SIZES_M, UNSAFE_CELL_SIZES_M } from '../../../../proto/geo/grid.ts';
import {
  BOUNDS,
  type PositionOverrides,
  type PositionRules,
  PRESET_RULES,
  positionRules,
  unsafeWords,
} from '../../../../proto/words/position-rules.ts';

const rotation = fc.constantFrom('trip', 'daily', 'weekly', 'never');
const preset = fc.constantFrom('strict-map', 'fleet');

/** Values of each setting, inside its bounds and a little outside. */
const overrides: fc.Arbitrary<PositionOverrides> = fc.record(
  {
    ...Object.fromEntries(
      BOUNDS.map((bound) => [
        bound.key,
        'among' in bound
          ? fc.constantFrom(...bound.among, bound.among[0] - 1, 2_000)
          : fc.oneof(
              fc.integer({ min: bound.least - 2, max: bound.most + 2 }),
              fc.constant(PRESET_RULES.fleet[bound.key]),
            ),
      ]),
    ),
    cellTag: rotation,
  },
  { requiredKeys: [] },
);

/** Reckoned apart from the code under test: weaker in anything than `fleet`. */
function isWeaker(rules: PositionRules, tag: string): boolean {
  const fleet = PRESET_RULES.fleet;
  const lasting = [rules.cellTag, tag].some((one) => one === 'weekly' || one === 'never');
  const smaller = (
    ['cellM', 'endCellM', 'timeFloorS', 'trimM', 'marginMaxM', 'stickyM', 'holdBackS', 'holdBackRandomS'] as const
  ).some((key) => rules[key] < fleet[key]);
  return lasting || smaller || rules.dwellS > fleet.dwellS || rules.stopS > fleet.stopS;
}

describe('position rules', () => {
  test('nothing weaker than `fleet` is ever given without words, and the words that are asked for are enough', () => {
    let weaker = 0;
    fc.assert(
      fc.property(preset, overrides, rotation, (name, wanted, tag) => {
        const unsaid = positionRules(name, wanted, tag, '');
        if (unsaid.ok) {
          expect(isWeaker(unsaid.value, tag)).toBe(false);
          return;
        }
        if (unsaid.fault.code === 'out-of-bounds') return;
        weaker += 1;
        const said = positionRules(name, wanted, tag, unsafeWords(unsaid.fault.settings));
        expect(said.ok && isWeaker(said.value, tag)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    expect(weaker).toBeGreaterThan(50);
  });

  test('nothing outside its bounds is given, whatever is said', () => {
    const all = unsafeWords([...BOUNDS.map(({ key }) => key), 'cellTag', 'tagRotation']);
    fc.assert(
      fc.property(preset, overrides, rotation, fc.constantFrom('', all), (name, wanted, tag, words) => {
        const given = positionRules(name, wanted, tag, words);
        if (!given.ok) return;
        for (const { key, least, most } of BOUNDS) {
          expect(given.value[key]).toBeGreaterThanOrEqual(least);
          expect(given.value[key]).toBeLessThanOrEqual(most);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('the sizes of cells are those of the grid, and only those of the grid for safe ones', () => {
    const cells = BOUNDS.find(({ key }) => key === 'cellM');
    expect(cells !== undefined && 'among' in cells && cells.among).toEqual(UNSAFE_CELL_SIZES_M);
    expect(UNSAFE_CELL_SIZES_M.filter((size) => size >= PRESET_RULES.fleet.cellM)).toEqual(CELL_SIZES_M);
  });

  test('`fleet` shares the tag of signals with cells unless it is told apart', () => {
    const shared = positionRules('fleet', {}, 'trip', '');
    const apart = positionRules('fleet', { cellTag: 'trip' }, 'daily', '');
    const map = positionRules('strict-map', {}, 'daily', '');
    expect([shared, apart, map].map((rules) => rules.ok && rules.value.cellTag)).toEqual(['trip', 'trip', 'trip']);
  });

  test.each(['none', 'strict'] as const)('`%s` has no settings of cells', (name) => {
    for (const key of ['cellM', 'endCellM', 'timeFloorS', 'trimM', 'marginMaxM', 'stickyM'] as const) {
      const given = positionRules(name, { [key]: PRESET_RULES.fleet[key] }, 'daily', '');
      expect(given).toEqual({ ok: false, fault: { code: 'out-of-bounds', settings: [key] } });
    }
  });
});
