import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SIGNAL_ROWS, UNKNOWN_ROW } from '../../cloud/catalogue/catalogue.ts';
import type { CatalogueRow } from '../../cloud/catalogue/catalogue-row.ts';
import { contradictionsOf, milderIn } from '../../cloud/catalogue/strictness.ts';
import { DATA_CLASSES } from '../../proto/words/data-class.ts';

const shipped = fc.constantFrom(...SIGNAL_ROWS, UNKNOWN_ROW);
const change: fc.Arbitrary<Partial<CatalogueRow>> = fc.record(
  {
    classes: fc.subarray([...DATA_CLASSES], { minLength: 1 }),
    zone: fc.constantFrom('general', 'personal', 'geographic', 'important'),
    exportable: fc.boolean(),
    edge: fc.constantFrom('allowed', 'forbidden'),
    items: fc.constantFrom([], ['important-22']),
  },
  { requiredKeys: [] },
);

test('a row that passes without a signature never lets out what the shipped one keeps', () => {
  fc.assert(
    fc.property(shipped, change, (before, changed) => {
      const own = { ...before, ...changed };
      if (milderIn(own, before).length > 0) return;
      expect(own.exportable && !before.exportable).toBe(false);
      expect(before.classes.every((one) => own.classes.includes(one))).toBe(true);
      expect(before.edge === 'forbidden' && own.edge === 'allowed').toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test('whatever is signed, nothing sensitive, geographic, important or core, and no text, becomes exportable', () => {
  fc.assert(
    fc.property(shipped, change, (before, changed) => {
      const own = { ...before, ...changed };
      if (contradictionsOf(own, before).length > 0) return;
      const isHome = own.classes.some((one) => one !== 'general' && one !== 'personal');
      expect(own.exportable && (isHome || own.value === 'text' || before.edge === 'forbidden')).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test('a row is as strict as itself, and no shipped row contradicts itself', () => {
  for (const row of SIGNAL_ROWS) expect([milderIn(row, row), contradictionsOf(row, row)]).toEqual([[], []]);
});
