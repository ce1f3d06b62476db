import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readToldSpools } from '../../../../cloud/adapters/sqlite-told-spools.ts';
import { commitGroup } from '../../../../cloud/ingest/group-commit.ts';
import type { RejectionCode } from '../../../../cloud/ingest/rejections.ts';
import type { Arrival } from '../../../../cloud/ingest/sort-out.ts';
import type { SpoolStanding } from '../../../../proto/words/spool-standing.ts';
import { arrivalOf, speedsOf } from '../../../support/cloud/arrivals.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

const device = testDevice(1);

/** The one frame at a sequence of a queue, told under a standing. */
function told(at: number, spool: Partial<SpoolStanding>, epoch = 11, rejection?: RejectionCode): Arrival {
  const standing = { file: 7, sealedBefore: 0, eighths: 1, offlineClass: 0, ...spool };
  return arrivalOf(device, { ...speedsOf(at, at + 1, epoch), spool: standing }, rejection);
}

test('of a device that tells nothing nothing is known', () => {
  const { ledger, ...stores } = scratchStores([device]);
  commitGroup([arrivalOf(device, speedsOf(0, 2))], { ledger, ...stores });
  expect(ledger.spool(1)).toBeUndefined();
});

test('the newest by the count of the vehicle is kept, in whatever order queues arrive, in one group or in many', () => {
  const stores = scratchStores([device]);
  commitGroup(
    [told(3, { sealedBefore: 9, eighths: 2, offlineClass: 4 }), told(2, { sealedBefore: 5, eighths: 8 })],
    stores,
  );
  const newest = { eighths: 2, offlineClass: 4, receivedAt: NOW };
  expect(stores.ledger.spool(1)).toEqual(newest);
  commitGroup([told(0, { sealedBefore: 8, eighths: 6 }, 12)], stores);
  expect(stores.ledger.spool(1)).toEqual(newest);
  commitGroup([told(1, { sealedBefore: 10, eighths: 0 }, 12)], stores);
  expect(stores.ledger.spool(1)).toMatchObject({ eighths: 0 });
});

test('a batch without it leaves what was told, and a vehicle with a new file begins anew', () => {
  const stores = scratchStores([device]);
  commitGroup([told(0, { sealedBefore: 500, eighths: 4 })], stores);
  commitGroup([arrivalOf(device, speedsOf(1, 2))], stores);
  expect(stores.ledger.spool(1)).toMatchObject({ eighths: 4 });
  commitGroup([told(0, { file: 8, sealedBefore: 0, eighths: 0 }, 21)], stores);
  expect(stores.ledger.spool(1)).toMatchObject({ eighths: 0 });
});

test('what was refused, and what comes a second time, tells nothing', () => {
  const stores = scratchStores([device]);
  commitGroup([told(0, { sealedBefore: 1, eighths: 3 })], stores);
  commitGroup([told(1, { sealedBefore: 2, eighths: 8 }, 11, 'SIGNATURE_INVALID')], stores);
  commitGroup([told(0, { file: 9, sealedBefore: 1, eighths: 7 })], stores);
  expect(stores.ledger.spool(1)).toMatchObject({ eighths: 3 });
});

test('it is there for who reads beside the cloud, and after a restart', () => {
  const directory = scratchDirectory();
  const stores = scratchStores([device], directory);
  commitGroup([told(0, { eighths: 5, offlineClass: 6 })], stores);
  const read = readToldSpools(join(directory, 'ledger.sqlite'));
  expect([read.spool(1), read.spool(2)]).toEqual([{ eighths: 5, offlineClass: 6, receivedAt: NOW }, undefined]);
  read.close();
  stores.ledger.close();
  expect(scratchStores([device], directory).ledger.spool(1)).toEqual({ eighths: 5, offlineClass: 6, receivedAt: NOW });
});
