import { expect, test } from 'vitest';
import { runBuild } from '../../../../cloud/building/build-job.ts';
import { consentNotes } from '../../../../cloud/ingest/consent-notes.ts';
import { commitGroup } from '../../../../cloud/ingest/group-commit.ts';
import { ok } from '../../../../proto/words/result.ts';
import { batchOf, NOW, signalFrame } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { definedDataset, NOTHING_FILED, scratchGate } from '../../../support/cloud/gate.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';
import { AGGREGATES, orderOf, parcelParts, recordsOf, STATISTICS } from '../../../support/datasets/parcels.ts';

const statement = { kind: 'withdrawal', purpose: 'journeys', cause: 0, removed: 7 } as const;
const under = (consent: string) => batchOf([signalFrame()], { purpose: 'journeys', consent });

test.each([
  [
    'a consent that was given in the vehicle',
    under('journeys.7'),
    [{ is: 'given', deviceNumber: 1, purpose: 'journeys', number: 7 }],
  ],
  ['a consent on record', under('paper-7'), []],
  ['the consent of another purpose', under('cabin.7'), []],
  ['no consent', batchOf([signalFrame()], { purpose: 'journeys' }), []],
  ['a withdrawal', batchOf([statement]), [{ is: 'over', deviceNumber: 1, purpose: 'journeys', at: NOW }]],
  [
    'a withdrawal that names a consent',
    batchOf([statement], { purpose: 'journeys', consent: 'journeys.8' }),
    [{ is: 'over', deviceNumber: 1, purpose: 'journeys', at: NOW }],
  ],
])('%s', (_, batch, expected) => {
  expect(consentNotes(batch, 1, NOW)).toEqual(expected);
});

test('is noted before it is acknowledged, once, and only of what was admitted', () => {
  const device = testDevice(1);
  const stores = scratchStores([device]);
  const arrive = (batch: ReturnType<typeof batchOf>, rejection?: 'PURPOSE_UNKNOWN') =>
    commitGroup([{ device: device.registered, payload: new Uint8Array(1), receivedAt: NOW, batch, rejection }], stores);
  arrive(batchOf([statement], { epoch: 3 }), 'PURPOSE_UNKNOWN');
  expect(stores.consents.over('journeys')).toEqual([]);
  arrive(batchOf([statement]));
  expect(stores.consents.over('journeys')).toEqual([device.registered.number]);
  arrive({ ...under('journeys.8'), firstSequence: 1 });
  expect(stores.consents.over('journeys')).toEqual([]);
  // Sent again because the acknowledgement was lost: it was noted, and was taken back since.
  arrive(batchOf([statement]));
  expect(stores.consents.over('journeys')).toEqual([]);
  const broken = {
    ...stores,
    consents: {
      note: () => {
        throw new Error('disk full');
      },
    },
  };
  const lost = batchOf([statement], { epoch: 12 });
  expect(() =>
    commitGroup(
      [{ device: device.registered, payload: new Uint8Array(1), receivedAt: NOW, batch: lost, rejection: undefined }],
      broken,
    ),
  ).toThrow('disk full');
  expect(stores.ledger.extents(device.registered.number, 12)).toEqual([]);
});

test('a build leaves devices without consent out of every row, figure and count', async () => {
  const samples = Array.from({ length: 4 }, (_, vehicle) => ({ vehicle, day: '2026-02-01', value: vehicle }));
  const built = async (withoutConsent: readonly number[]) => {
    const { zone, ...parts } = parcelParts(scratchDirectory(), recordsOf(samples));
    const whole = { ...parts, zone: () => ok(zone) } as unknown as Parameters<typeof runBuild>[1];
    const parcel = await runBuild({ grain: 'rows', withoutConsent, ...orderOf(STATISTICS) }, whole);
    return parcel.ok ? { rows: parcel.value.rows, persons: parcel.value.persons.length } : parcel.fault.code;
  };
  expect(await built([])).toEqual({ rows: 4, persons: 4 });
  expect(await built([2])).toEqual({ rows: 3, persons: 3 });
  expect(await built([0, 1, 2, 3])).toBe('DATASET_EMPTY');
});

test('what they sent is not opened, and twenty vehicles of which one agreed to nothing make no figure', async () => {
  const samples = Array.from({ length: 20 }, (_, vehicle) => ({ vehicle, day: '2026-02-01', value: vehicle }));
  const { zone, ...parts } = parcelParts(scratchDirectory(), recordsOf(samples));
  const asked = new Map<number, number>();
  const signals: typeof zone.signals = (from, to, isWanted = () => true) => {
    for (let device = 0; device < 20; device += 1)
      if (isWanted(device)) asked.set(device, (asked.get(device) ?? 0) + 1);
    return zone.signals(from, to, isWanted);
  };
  const whole = { ...parts, zone: () => ok({ signals }) } as unknown as Parameters<typeof runBuild>[1];
  const built = async (withoutConsent: readonly number[]) => {
    const parcel = await runBuild({ grain: 'rows', withoutConsent, ...orderOf(AGGREGATES) }, whole);
    return parcel.ok ? parcel.value.rows : parcel.fault.code;
  };
  expect(await built([])).toBe(1);
  asked.clear();
  expect(await built([7])).toBe('DATASET_EMPTY');
  // Each of the others in one pass, and in that one only.
  expect([...asked].sort(([a], [b]) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, device) => [device, 1]).filter(([device]) => device !== 7),
  );
});

const scope = {
  validFrom: '2026-01-01',
  validUntil: '2027-01-01',
  recipients: ['lab'],
  datasets: ['one'],
  purposes: ['warranty'],
};

test.each([
  ['nobody', 0, 'consent', 'permitted'],
  ['one person', 1, 'consent', 'withheld'],
  ['nobody knows who', 'unknown', 'consent', 'withheld'],
  // A contract carries the transfer: what was agreed to for something else is no matter.
  ['one person', 1, 'contract', 'permitted'],
] as const)(
  'where %s in the data withdrew consent (%s) and the basis is %s it is %s',
  async (_, withoutConsent, legalBasis, state) => {
    const kinds = ['notice', 'separate-consent', 'pipia'] as const;
    const gate = scratchGate({
      legalBasis,
      clock: { now: () => Date.parse('2026-11-25T02:00:00Z') as typeof NOW },
      onFile: kinds.map((kind) => ({ kind, id: kind, ...scope })),
      filed: () => ({ ...NOTHING_FILED, attested: {}, registered: 'yes', ciio: 'no', withoutConsent }),
    });
    const asked = await gate.askFor(definedDataset({ ...STATISTICS, signals: [STATISTICS.signals[0]] }));
    expect(asked.ok && asked.value.state).toBe(state);
  },
);
