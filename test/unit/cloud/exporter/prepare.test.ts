import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { History } from '../../../../cloud/exporter/ledger.ts';
import type { TransferId } from '../../../../cloud/exporter/names.ts';
import { ATTEMPTS_MAX, prepare } from '../../../../cloud/exporter/prepare.ts';
import {
  type Border,
  createBorder,
  putParcel,
  RECIPIENT_ID,
  SYSTEM_CLOCK,
} from '../../../integration-exporter/support/border.ts';

const ENDPOINT = 'https://127.0.0.1:8443';
const NEW: History = { state: 'new', attempts: 0, failedRounds: 0, leafIndex: -1 };
let border: Border;

beforeEach(async () => {
  border = await createBorder();
});
afterEach(() => border.remove());

async function prepared(id: string, history: History = NEW) {
  const certificateSha256 = border.recipient.sha256;
  const recipient = {
    id: RECIPIENT_ID,
    endpoint: ENDPOINT,
    certificateSha256,
    sealedTo: 'none',
    delivery: 'push' as const,
    authority: Buffer.alloc(0),
  };
  return prepare(id as TransferId, history, {
    clock: SYSTEM_CLOCK,
    outbox: border.outbox,
    permitKey: createPublicKey(border.permitKey),
    permitKeyFault: undefined,
    recipients: new Map([[RECIPIENT_ID, recipient]]),
    limits: { filesMax: 4, parcelBytesMax: 10_000 },
  });
}

test('a sound transfer is prepared, new or begun under this very permit', async () => {
  putParcel(border, { id: 't-1', endpoint: ENDPOINT });
  const first = await prepared('t-1');
  const { permitSha256, parcel } = first.ok ? first.value : expect.fail(first.fault.code);
  expect(parcel.files.map(({ name }) => name)).toEqual(['manifest.json', 'data.ndjson']);
  expect(await prepared('t-1', { ...NEW, state: 'underway', attempts: 3, permitSha256 })).toMatchObject({ ok: true });
});

test('a transfer that was begun under another permit does not go on under this one', async () => {
  putParcel(border, { id: 't-1', endpoint: ENDPOINT });
  const begun: History = { ...NEW, state: 'underway', attempts: 1, permitSha256: 'ab'.repeat(32) };
  expect(await prepared('t-1', begun)).toMatchObject({
    ok: false,
    fault: { code: 'PERMIT_CHANGED', retry: 'after-remedy' },
  });
});

test('a transfer is attempted so often and not once more', async () => {
  putParcel(border, { id: 't-1', endpoint: ENDPOINT });
  expect(await prepared('t-1', { ...NEW, attempts: ATTEMPTS_MAX - 1 })).toMatchObject({ ok: true });
  expect(await prepared('t-1', { ...NEW, attempts: ATTEMPTS_MAX })).toMatchObject({
    fault: { code: 'ATTEMPTS_EXHAUSTED' },
  });
});

test('what is gone for the moment may come back; what is no directory does not become one', async () => {
  expect(await prepared('t-gone')).toMatchObject({ ok: false, fault: { code: 'PARCEL_UNREADABLE', retry: 'later' } });
  writeFileSync(join(border.outbox, 't-file'), '');
  expect(await prepared('t-file')).toMatchObject({
    ok: false,
    fault: { code: 'PARCEL_NOT_A_DIRECTORY', retry: 'after-remedy' },
  });
});

test('a permit that was withdrawn is refused, whatever the mark is', async () => {
  putParcel(border, { id: 't-1', endpoint: ENDPOINT });
  writeFileSync(join(border.outbox, 't-1.revoked'), '');
  expect(await prepared('t-1')).toMatchObject({ ok: false, fault: { code: 'PERMIT_REVOKED', retry: 'after-remedy' } });
});
