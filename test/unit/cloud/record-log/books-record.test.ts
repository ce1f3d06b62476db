import { expect, test } from 'vitest';
import { sortOut } from '../../../../cloud/ingest/sort-out.ts';
import { decodeBooks, encodeBooks } from '../../../../cloud/record-log/books-record.ts';
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
