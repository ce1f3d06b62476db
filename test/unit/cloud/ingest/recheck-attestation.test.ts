import { describe, expect, test } from 'vitest';
import { kindRow } from '../../../../cloud/catalogue/catalogue.ts';
import { type AttestedAdapter, recheckAttestation } from '../../../../cloud/ingest/recheck-attestation.ts';
import { partition } from '../../../../cloud/partition/partition.ts';
import { HOUR_MS, type Instant } from '../../../../proto/words/time.ts';
import { batchOf, cellFrame, NOW, signalFrame } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';

const { registered } = testDevice(1);
const DAY_MS = 24 * HOUR_MS;
const attestation = {
  id: 'demo',
  certificate: 'TEST-1',
  validFromMs: NOW - 9 * DAY_MS,
  validUntilMs: NOW + 9 * DAY_MS,
};
const record: AttestedAdapter = { ...attestation, devices: new Set(), models: [] };
const byDevice = { ...record, devices: new Set([registered.device]) };
const byModel = { ...record, models: [registered.vin.reveal().slice(0, 8)] };

const outcome = (
  adapters: readonly AttestedAdapter[],
  said = attestation,
  frames = [cellFrame()],
  now: number = NOW,
): string => recheckAttestation(batchOf(frames, { attestation: said }), registered, adapters, now as Instant) ?? 'fine';

describe('the mark `state-recognised`', () => {
  test('is taken of a device that is bound to the record, by itself or by its model', () => {
    expect([outcome([byDevice]), outcome([byModel])]).toEqual(['fine', 'fine']);
  });

  test('is refused of every other device, and where no record is configured', () => {
    const strange = { ...record, devices: new Set(['0'.repeat(32)]), models: ['ZZZZZZZZ'] };
    expect([outcome([]), outcome([record]), outcome([strange])]).toEqual(Array(3).fill('ATTESTATION_UNBOUND'));
  });

  test.each([
    ['id', 'other'],
    ['certificate', 'TEST-2'],
    ['validFromMs', 1],
    ['validUntilMs', NOW + 99 * DAY_MS],
  ])('is refused when it names another %s than the record', (key, value) => {
    expect(outcome([byDevice], { ...attestation, [key]: value })).toBe('ATTESTATION_UNBOUND');
  });

  test('is for cells only', () => {
    expect(outcome([byDevice], attestation, [cellFrame(), signalFrame() as never])).toBe('ATTESTATION_UNBOUND');
  });

  test('is taken within the time of its certificate only, late arrivals among it', () => {
    const hourOf = (at: number): number => Math.floor(at / HOUR_MS);
    const after = cellFrame({ hour: hourOf(attestation.validUntilMs) + 1 });
    const before = cellFrame({ hour: hourOf(attestation.validFromMs) - 30 });
    expect(outcome([byDevice], attestation, [after])).toBe('ATTESTATION_EXPIRED');
    expect(outcome([byDevice], attestation, [before])).toBe('ATTESTATION_EXPIRED');
    expect(outcome([byDevice], attestation, [cellFrame()], attestation.validUntilMs + DAY_MS)).toBe('fine');
    expect(outcome([byDevice], attestation, [cellFrame()], attestation.validFromMs - 1)).toBe('ATTESTATION_EXPIRED');
  });

  test('lowers no class: a marked cell lies where an unmarked one does', () => {
    expect(partition(cellFrame())).toMatchObject([{ zone: 'geographic' }]);
    expect(kindRow('cell')).toMatchObject({ zone: 'geographic', exportable: false });
  });
});

test('a batch without a mark needs no record', () => {
  expect(recheckAttestation(batchOf([cellFrame()]), registered, [], NOW)).toBeUndefined();
});
