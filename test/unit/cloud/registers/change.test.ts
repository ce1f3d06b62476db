import { describe, expect, test } from 'vitest';
import { weighChange } from '../../../../cloud/registers/change.ts';
import { REGISTER_KINDS } from '../../../../cloud/registers/kinds.table.ts';
import { BODIES, entryOf, NEEDED, registersOf } from '../../../support/cloud/registers/entries.ts';

const codes = (wish: Parameters<typeof weighChange>[0], registers = registersOf(...NEEDED)): readonly string[] => {
  const weighed = weighChange(wish, 'alice', registers);
  return weighed.ok
    ? ['fine']
    : weighed.fault.map(({ code, problem }) => `${code} ${problem.en.match(/`([^`]*)`/)?.[1] ?? ''}`.trim());
};

describe.each(REGISTER_KINDS.map(({ id }) => [id]))('register %s', (kind) => {
  const body = BODIES[kind];
  const empty = registersOf(...NEEDED.filter((one) => one.kind !== kind));

  test('takes an entry once, and after that only as a replacement', () => {
    expect(codes({ act: 'add', kind, body }, empty)).toEqual(['fine']);
    expect(codes({ act: 'add', kind, body }, registersOf(...NEEDED, entryOf(kind)))).toEqual(['REGISTER_EXISTS']);
    expect(codes({ act: 'replace', kind, body }, registersOf(...NEEDED, entryOf(kind)))).toEqual(['fine']);
    expect(codes({ act: 'replace', kind, body }, empty)).toEqual(['REGISTER_ABSENT']);
  });

  test('refuses a key it does not know, and each one it misses', () => {
    expect(codes({ act: 'add', kind, body: { ...body, surplus: 1 } }, empty)).toEqual(['REGISTER_SHAPE surplus']);
    const missing = { ...body } as Record<string, unknown>;
    delete missing['id'];
    expect(codes({ act: 'add', kind, body: missing }, empty)).toContain('REGISTER_SHAPE id');
  });

  test('the id of what was withdrawn is not used again', () => {
    const gone = { ...entryOf(kind), isWithdrawn: true };
    const others = NEEDED.filter((one) => one.kind !== kind);
    expect(codes({ act: 'add', kind, body }, registersOf(...others, gone))).toEqual(['REGISTER_EXISTS']);
    expect(codes({ act: 'replace', kind, body }, registersOf(...others, gone))).toEqual(['REGISTER_ABSENT']);
  });
});

test.each([
  ['a day that does not exist', 'pipia', { validUntil: '2026-02-30' }, 'REGISTER_SHAPE validUntil'],
  ['an end before the beginning', 'pipia', { validUntil: '2026-03-02' }, 'REGISTER_OBJECTION validUntil'],
  ['a VIN', 'pipia', { number: 'LSVAB4BR4CN123452' }, 'REGISTER_SHAPE number'],
  ['text that hides a line', 'pipia', { number: 'a\u2028b' }, 'REGISTER_SHAPE number'],
  ['an impact assessment that is not on file', 'contract', { pipia: 'P-2' }, 'REGISTER_OBJECTION pipia'],
  ['a changed template', 'contract', { unmodifiedTemplate: false }, 'REGISTER_SHAPE unmodifiedTemplate'],
  [
    'a recall without a number',
    'ota-campaign',
    { id: 'O-2', purpose: 'recall', defectOrRecallNumber: undefined },
    'REGISTER_OBJECTION',
  ],
  ['knowledge before the event', 'incident', { knownAt: '2026-11-20T07:59:59+08:00' }, 'REGISTER_OBJECTION knownAt'],
  ['a time without its offset', 'incident', { knownAt: '2026-11-20T09:00:00' }, 'REGISTER_SHAPE knownAt'],
])('refuses %s', (_what, kind, changes, code) => {
  const registers = registersOf(...NEEDED.filter((one) => one.kind !== kind));
  expect(codes({ act: 'add', kind, body: { ...BODIES[kind], ...changes } }, registers)).toEqual([code]);
});

test('refuses the number of another entry, but not its own', () => {
  const registers = registersOf(entryOf('map-review'));
  const twin = { ...BODIES['map-review'], id: 'M-2' };
  expect(codes({ act: 'add', kind: 'map-review', body: twin }, registers)).toEqual(['REGISTER_OBJECTION number']);
  expect(codes({ act: 'replace', kind: 'map-review', body: BODIES['map-review'] }, registers)).toEqual(['fine']);
});

const FILED = {
  filed: { number: 'SAMR-1', at: '2026-11-01T00:00:00Z', authority: 'SAMR' },
  filedSha256: 'ef'.repeat(32),
  submittedOn: '2026-10-20',
};

test.each([
  ['draft', 'submitted', 'fine'],
  ['draft', 'filed', 'REGISTER_OBJECTION state'],
  ['submitted', 'filed', 'fine'],
  ['filed', 'superseded', 'fine'],
  ['filed', 'draft', 'REGISTER_OBJECTION state'],
  ['withdrawn', 'submitted', 'REGISTER_OBJECTION state'],
])('a filing of source code goes from %s to %s: %s', (from, to, code) => {
  const registers = registersOf(...NEEDED, entryOf('source-filing', { ...FILED, state: from }));
  const body = { ...BODIES['source-filing'], ...FILED, state: to };
  expect(codes({ act: 'replace', kind: 'source-filing', body }, registers)).toEqual([code]);
});

test('a filing that is filed has its receipt and its hash', () => {
  const registers = registersOf(...NEEDED, entryOf('source-filing', { state: 'submitted' }));
  const body = { ...BODIES['source-filing'], state: 'filed' };
  expect(codes({ act: 'replace', kind: 'source-filing', body }, registers)).toHaveLength(3);
});
