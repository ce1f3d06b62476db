import { expect, test } from 'vitest';
import type { RegisterEntry } from '../../../../console/api/registers.ts';
import { begunFiling, filingRows } from '../../../../console/models/source-filings.ts';

const entry = (id: string, body: object, isWithdrawn = false): RegisterEntry => ({
  ...{ kind: 'k', id, version: 1, isWithdrawn, attachments: [] },
  body: { id, ...body },
});
const campaign = entry('c-1', { ecus: ['BMS', 'VCU'], packageSha256: 'p', defectOrRecallNumber: 'R-1' });
const filing = (over: object = {}, isWithdrawn = false) =>
  entry(
    'f',
    { campaign: 'c-1', ecu: 'BMS', packageSha256: 'p', sourceTreeSha256: 's', state: 'draft', ...over },
    isWithdrawn,
  );

test('each control unit of a campaign has a row, also before anything was filed for it', () => {
  const rows = filingRows([campaign], [filing()]);
  expect(rows.map(({ ecu, filing: begun }) => [ecu, begun?.id])).toEqual([
    ['BMS', 'f'],
    ['VCU', undefined],
  ]);
});

test.each([
  ['open', {}],
  ['same', { state: 'filed', filedSha256: 's' }],
  ['differ', { state: 'filed', filedSha256: 'other' }],
  ['differ', { state: 'filed', filedSha256: 's', packageSha256: 'of another package' }],
])('hashes are %s for %j', (hashes, over) => {
  expect(filingRows([campaign], [filing(over)])[0]?.hashes).toBe(hashes);
});

test('a filing that is withdrawn or superseded stands for nothing, and neither does a campaign', () => {
  const ended = [filing({ state: 'withdrawn' }), filing({ state: 'superseded' }), filing({}, true)];
  expect(filingRows([campaign], ended).every((row) => row.filing === undefined)).toBe(true);
  expect(filingRows([entry('c-1', { ecus: ['BMS'] }, true)], [])).toEqual([]);
});

test('a filing begins as a draft with what its campaign says, under a name that a register takes', () => {
  const begun = begunFiling(campaign, 'BMS / 主控');
  expect(begun).toMatchObject({ campaign: 'c-1', packageSha256: 'p', defectOrRecallNumber: 'R-1', state: 'draft' });
  expect(begun['id']).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
});
