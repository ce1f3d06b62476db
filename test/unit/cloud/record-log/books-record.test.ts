import { expect, test } from 'vitest';
import { sortOut } from '../../../../cloud/ingest/sort-out.ts';
import {
  BOOKS_BYTES_MAX,
  decodeBooks,
  encodeBooks,
  encodeBooksInParts,
} from '../../../../cloud/record-log/books-record.ts';
import { joinGroups } from '../../../../cloud/record-log/join-groups.ts';
import { arrivalOf, speedsOf } from '../../../support/cloud/arrivals.ts';
import { testDevice } from '../../../support/cloud/devices.ts';

test('what a vehicle told of its spool goes by a record log as well, beside batches that tell nothing', () => {
  const spool = { file: 7, sealedBefore: 12, eighths: 3, offlineClass: 2 };
  const arrivals = [{ ...speedsOf(0, 1), spool }, speedsOf(1, 2)].map((batch) => arrivalOf(testDevice(1), batch));
  const groups = arrivals.map((arrival) => ({
    ...sortOut([arrival], { extents: () => [], dropped: () => [], observe: () => undefined }),
    observed: [],
  }));
  const { notes } = decodeBooks(encodeBooks(joinGroups(groups)));
  expect(notes.map((note) => note.spool)).toEqual([spool, undefined]);
});

/** What a thousand payloads of 64 frames come to, which no broker takes as one message, and longer extents than fit in one. */
function largeGroup() {
  const batches = Array.from({ length: 1_000 }, (_, at) => speedsOf(at * 64, (at + 1) * 64));
  const observed: Parameters<typeof encodeBooks>[0]['observed'][number][] = [];
  const sorted = sortOut(
    batches.map((batch, at) => arrivalOf(testDevice(at % 40), batch)),
    { extents: () => [], dropped: () => [], observe: (device, content) => observed.push([device, content]) },
  );
  const changes = sorted.changes.map((change) => ({
    ...change,
    extents: Array.from({ length: 1_024 }, (_, at) => [at * 4, at * 4 + 1] as const),
  }));
  return { ...joinGroups([{ ...sorted, changes, observed: [] }]), observed };
}

test('books that no broker takes as one message go in several, which come to the same', () => {
  const group = largeGroup();
  const whole = encodeBooks(group);
  expect(whole.length).toBeGreaterThan(1_000_000);
  const parts = encodeBooksInParts(group);
  expect(parts.every(({ length }) => length <= BOOKS_BYTES_MAX)).toBe(true);
  const taken = parts.map((part) => decodeBooks(part));
  expect({ ...joinGroups(taken), quarantined: [] }).toEqual(decodeBooks(whole));
  // What the ledger holds of a frame comes when everything else of it is there.
  const firstChange = taken.findIndex(({ changes }) => changes.length > 0);
  const lastOther = taken.findLastIndex(({ observed, notes }) => observed.length > 0 || notes.length > 0);
  expect(firstChange).toBeGreaterThanOrEqual(lastOther);
});

test('books that fit are one record', () => {
  const group = { ...largeGroup(), observed: [], changes: [], notes: [] };
  expect(encodeBooksInParts(group)).toEqual([encodeBooks(group)]);
});
