import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecordsClassifier } from '../../../../cloud/classification/classify-records.ts';
import { parseRecordLine } from '../../../../cloud/cli/classify-lines.ts';
import { createLineAdmission } from '../../../../cloud/cli/line-admission.ts';
import type { CloudStores } from '../../../../cloud/composition/open-stores.ts';
import { commitGroup } from '../../../../cloud/ingest/group-commit.ts';
import { CAMERA_LABELS } from '../../../../proto/codec/sensor-frames.ts';
import type { FrameContent } from '../../../../proto/codec/telemetry-codec.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { classified, outcomeOf, RULES, summaryOf } from '../../../support/classification/summary.ts';
import { arrivalOf } from '../../../support/cloud/arrivals.ts';
import { batchOf, cellFrame, NOW, signalFrame, tripRow } from '../../../support/cloud/batches.ts';
import { type TestDevice, testDevice } from '../../../support/cloud/devices.ts';
import { openStores } from '../../../support/cloud/open-stores.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

const DAY_MS = 86_400_000;
const DEVICES = [testDevice(1), testDevice(2)];

/** What a device sends under a sequence: the same each time. */
function frameOf(sequence: number): FrameContent {
  const at = (NOW - (sequence % 5) * DAY_MS) as Instant;
  if (sequence % 6 === 0) return { kind: 'withdrawal', purpose: 'care', cause: 0, removed: sequence };
  if (sequence % 6 === 2) return cellFrame({ hour: Math.floor(at / 3_600_000) });
  if (sequence % 6 === 3) return tripRow({ distanceClass: sequence % 20 });
  if (sequence % 6 === 4) return { kind: 'objects', minute: Math.floor(at / 60_000), counts: [] };
  if (sequence % 6 === 5) return { kind: 'image', ...PICTURE, minute: Math.floor(at / 60_000) };
  return signalFrame({ 'Vehicle.Speed': sequence, 'Vehicle.Cabin.Unknown': 1 }, at);
}

const PICTURE = {
  ...{ minute: 0, camera: CAMERA_LABELS.front, treatment: 0, format: 0, width: 24, height: 16 },
  ...{ detector: '', detectorVersion: '', regions: 0, consent: '', data: new Uint8Array([1]) },
} as const;

interface Sent {
  readonly device: number;
  readonly from: number;
  readonly count: number;
}

const sending = fc.array(fc.record({ device: fc.nat(1), from: fc.nat(20), count: fc.integer({ min: 1, max: 8 }) }), {
  minLength: 1,
  maxLength: 6,
});

const arrival = ({ device, from, count }: Sent) => {
  const frames = Array.from({ length: count }, (_, at) => frameOf(from + at));
  return arrivalOf(deviceAt(device), batchOf(frames, { firstSequence: from }));
};

function deviceAt(index: number): TestDevice {
  const device = DEVICES[index];
  if (device === undefined) throw new Error('there are two devices');
  return device;
}

/** The same as lines of a file, in another order and as often as they were sent. */
function offline(sent: readonly Sent[]) {
  const classifier = createRecordsClassifier(RULES);
  const admission = createLineAdmission();
  const lines = sent
    .flatMap(({ device, from, count }) =>
      Array.from({ length: count }, (_, at) => lineOf(deviceAt(device).registered.number, from + at)),
    )
    .reverse();
  for (const line of lines) {
    const parsed = parseRecordLine(line, false);
    if (!parsed.ok || parsed.value === undefined) throw new Error('the lines of this test are records');
    const number = admission.numberOf(parsed.value.who);
    if (admission.admit(number, parsed.value.key)) classifier.take(number, parsed.value.content);
  }
  classifier.result('2026-11-21' as never, { year: 'all', stated: {}, figures: {} });
  return classifier.aggregates;
}

function lineOf(device: number, sequence: number): string {
  const frame = frameOf(sequence);
  const head = { device, epoch: 11, sequence, kind: frame.kind };
  const iso = (ms: number): string => new Date(ms).toISOString();
  switch (frame.kind) {
    case 'signals': {
      const signals = Object.fromEntries(frame.signals.map(({ path, value }) => [path, value]));
      return JSON.stringify({ ...head, at: iso(frame.observedAt), signals });
    }
    case 'cell': {
      const { hour, sizeM, zone, row, column } = frame;
      return JSON.stringify({ ...head, at: iso(hour * 3_600_000), sizeM, zone, row, column });
    }
    case 'trip': {
      const { distanceClass, durationClass } = frame;
      return JSON.stringify({ ...head, localDate: '2026-03-01', distanceClass, durationClass });
    }
    case 'withdrawal':
      return JSON.stringify({ ...head, at: iso(NOW) });
    case 'image':
      return JSON.stringify({ ...head, at: iso(frame.minute * 60_000), camera: 'front', treatment: 'mosaic' });
    default:
      return JSON.stringify({ ...head, at: iso(frame.minute * 60_000) });
  }
}

const live = ({ aggregates }: CloudStores) => ({ ...summaryOf(aggregates), classified: classified(aggregates) });

test('the live path and a file of the same records agree, however both are cut, repeated and restarted', () => {
  fc.assert(
    fc.property(sending, fc.nat(5), (sent, restartAfter) => {
      const directory = scratchDirectory();
      let stores = openStores(directory, DEVICES);
      for (const [index, one] of sent.entries()) {
        commitGroup([arrival(one), arrival(one)], stores);
        if (index !== restartAfter) continue;
        stores.close();
        stores = openStores(directory, DEVICES);
      }
      const told = live(stores);
      stores.close();
      const file = offline(sent);
      expect(told).toEqual({ ...summaryOf(file), classified: classified(file) });
    }),
    { numRuns: 12 },
  );
});

test('a commit of the ledger that fails counts nothing, and what is sent again counts once', () => {
  const stores = scratchStores(DEVICES);
  const sent = { device: 0, from: 0, count: 12 };
  const before = live(stores);
  const failing = {
    ...stores,
    ledger: {
      ...stores.ledger,
      commit: () => {
        throw new Error('disk full');
      },
    },
  };
  expect(() => commitGroup([arrival(sent)], failing)).toThrow('disk full');
  expect(live(stores)).toEqual(before);
  commitGroup([arrival(sent)], stores);
  const file = offline([sent]);
  expect(live(stores)).toEqual({ ...summaryOf(file), classified: classified(file) });
});

test('a refused batch counts nothing', () => {
  const stores = scratchStores(DEVICES);
  const before = live(stores);
  commitGroup([{ ...arrival({ device: 0, from: 0, count: 8 }), rejection: 'VALUE_IMPLAUSIBLE' }], stores);
  expect(live(stores)).toEqual(before);
});

test('where what tests an item has changed, what was counted before is a lower bound and the item unknown', () => {
  const directory = scratchDirectory();
  const stores = openStores(directory, DEVICES);
  commitGroup([arrival({ device: 0, from: 0, count: 2 })], stores);
  expect(outcomeOf(classified(stores.aggregates).items, 'important-48')).toBe('no-hit');
  stores.ledger.aggregates.slots([{ item: 'important-48', digest: 'of other rows' }]);
  stores.close();
  const again = openStores(directory, DEVICES);
  expect(outcomeOf(classified(again.aggregates).items, 'important-48')).toBe('unknown');
  again.close();
});
