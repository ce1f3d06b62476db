import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withGroup } from '../../../../cloud/counting/with-group.ts';
import { groupCounts } from '../../../../cloud/registers/group-counts.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';

const OWN = { before: 10, transfer: 5, projected: 12 };
const MEMBERS = ['example-motor', 'sales-cn', 'finance-cn'];

const figure = fc.record({
  member: fc.constantFrom('sales-cn', 'finance-cn', 'example-motor'),
  year: fc.constantFrom(2025, 2026),
  persons: fc.integer({ min: 0, max: 2_000_000 }),
  sensitivePersons: fc.integer({ min: 0, max: 20_000 }),
});

/** What the members told, in this order, and what the gate counts by it. */
function countedWith(told: readonly (typeof figure extends fc.Arbitrary<infer F> ? F : never)[]) {
  const shelf = scratchRegisters();
  shelf.add('processor', { group: { id: 'g', parent: 'Example Holding', members: MEMBERS } });
  for (const [at, { year, ...one }] of told.entries())
    expect(shelf.add('group-count', { id: `G-${at}`, ...one, year, asOf: `${year}-10-31` })).toBe('fine');
  const members = groupCounts(shelf.registers, 'example-motor', 2026);
  return { plain: withGroup(OWN, members, 'plain'), sensitive: withGroup(OWN, members, 'sensitive') };
}

test('a group counts as one: never less than any member, in whatever order it is told, and unknown until all have told', () => {
  fc.assert(
    fc.property(fc.array(figure, { maxLength: 6 }), (told) => {
      const counted = countedWith(told);
      expect(countedWith(told.toReversed())).toEqual(counted);
      const ofYear = (member: string) => told.filter((one) => one.member === member && one.year === 2026);
      const others = MEMBERS.slice(1).map(ofYear);
      const isWhole = others.every((figures) => figures.length > 0);
      const sum = others.reduce((all, figures) => all + Math.max(...figures.map(({ persons }) => persons)), 0);
      expect(counted.plain).toEqual(isWhole ? { before: 10 + sum, transfer: 5, projected: 12 + sum } : 'unknown');
    }),
    { numRuns: 100 },
  );
});
