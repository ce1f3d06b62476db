import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONCERNING_MAX, type Concerned, createEntryIndex } from '../../../../cloud/registers/entry-index.ts';
import type { RegisterEntry } from '../../../../cloud/registers/kind.ts';

const OURS: Concerned = { dataset: 'd', recipient: 'r', purpose: 'p' };

const entry = (id: string, body: object = {}, isWithdrawn = false): RegisterEntry => ({
  kind: 'notice',
  id,
  version: 1,
  isWithdrawn,
  body: { id, validUntil: '2027-01-01', datasets: ['d'], recipients: ['r'], purposes: ['p'], ...body },
  attachments: [],
});
const ids = (entries: readonly RegisterEntry[]) => entries.map(({ id }) => id);

const names = (...all: string[]) => fc.subarray(all);
const anyEntry = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    datasets: names('d', 'other'),
    recipients: names('r', 'other'),
    purposes: names('p', 'other'),
  })
  .map(({ id, ...scope }) => entry(id, scope));

test('is a list by id of what was put last, and finds all that names the transfer, as a look at every entry would', () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { maxLength: 20 }), (puts) => {
      const index = createEntryIndex(puts);
      const kept = new Map(puts.map((one) => [one.id, one]));
      const all = [...kept.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect(index.list('notice')).toEqual(all);
      for (const id of 'abcdef') expect(index.find('notice', id)).toBe(kept.get(id));
      const has = (one: RegisterEntry, key: string, name: string) => (one.body[key] as string[]).includes(name);
      const concerned = all.filter(
        (one) => has(one, 'datasets', 'd') || (has(one, 'recipients', 'r') && has(one, 'purposes', 'p')),
      );
      expect(index.concerning('notice', OURS)).toEqual(concerned);
    }),
    { numRuns: 100 },
  );
});

test('of very many those stay that name the whole of it and last longest; withdrawn ones go first', () => {
  const many = Array.from({ length: 60 }, (_, at) => entry(`many-${at}`, { recipients: ['other'] }));
  const long = entry('long', { validUntil: '2030-01-01' });
  const gone = entry('gone', { validUntil: '2031-01-01' }, true);
  const lasting = entry('lasting', { recipients: ['other'], validUntil: '2029-01-01' });
  const chosen = ids(createEntryIndex([...many, long, gone, lasting]).concerning('notice', OURS));
  expect(chosen).toHaveLength(CONCERNING_MAX);
  expect(chosen).toEqual(expect.arrayContaining(['long', 'gone', 'lasting']));
  const twice = Array.from({ length: 60 }, (_, at) => entry(`whole-${at}`));
  expect(ids(createEntryIndex([...twice, gone]).concerning('notice', OURS))).not.toContain('gone');
});

test('a kind that names no datasets concerns every transfer', () => {
  const profile = { ...entry('x'), kind: 'processor', body: { id: 'x' } };
  const index = createEntryIndex([profile]);
  expect([index.concerning('processor', OURS), index.concerning('pipia', OURS)]).toEqual([[profile], []]);
});
