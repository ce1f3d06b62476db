import fc from 'fast-check';
import type { FrameContent, SealedBatch, SignalFrame } from '../../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';

/** Paths few enough that frames share them, and one of each beyond ASCII. */
const path = fc.constantFrom(
  'Vehicle.Speed',
  'Vehicle.IsMoving',
  'Vehicle.A',
  'Vehicle.A.B',
  'Vehicle.Ü',
  'Vehicle.汉',
);

/** Numbers that are decimals, nearly decimals, and anything else. */
const number = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }).map((integer) => integer / 100),
  fc.constantFrom(0, -0, 0.1, 0.1 + 0.2, 1e-9, 1e-10, 999_999_999_999_999, -99_999_999.999_999_9, 1e15, 5e-324, 1e300),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
);
const text = fc.constantFrom('', 'PARK', 'DRIVE', '\ufeffOK', '汉字', 'x'.repeat(32));

/** Mostly a path has values of one type, as a source gives them. */
const valueAt = (name: string): fc.Arbitrary<number | boolean | string> => {
  const usual = name.length % 3 === 0 ? number : name.length % 3 === 1 ? fc.boolean() : text;
  return fc.oneof({ arbitrary: usual, weight: 20 }, { arbitrary: fc.oneof(number, fc.boolean(), text), weight: 1 });
};

const reading = path.chain((name) => valueAt(name).map((value) => ({ path: name, value })));

/** The second of two tags now and then. */
const subjectTag = fc.constantFrom(7, 7, 7, 8).map((byte) => Buffer.alloc(16, byte) as unknown as SubjectTag);

const at = fc.oneof(
  fc.integer({ min: 1_700_000_000, max: 1_700_000_090 }).map((second) => (second * 1_000) as Instant),
  fc.constantFrom(0, 1, 1_700_000_000_123, 2 ** 52 - 1).map((moment) => moment as Instant),
);

/** Readings stand in order of their paths, as they come back. */
export const signalFrame: fc.Arbitrary<SignalFrame> = fc.record({
  kind: fc.constant('signals' as const),
  subjectTag,
  observedAt: at,
  signals: fc.uniqueArray(reading, { selector: ({ path: name }) => name, maxLength: 6 }).map(sorted),
});

const trip = fc.record({
  kind: fc.constant('trip' as const),
  localDate: fc.nat(99_991_231),
  distanceClass: fc.nat(20),
  durationClass: fc.nat(20),
});

const mostlySignals = fc.oneof({ arbitrary: signalFrame, weight: 8 }, { arbitrary: trip, weight: 1 });

/** Batches of frames of signals with a trip row between them now and then. */
export const columnBatch: fc.Arbitrary<SealedBatch> = fc.record(
  {
    epoch: fc.nat(1_000),
    firstSequence: fc.nat(1_000_000),
    policyId: fc.constant('tour'),
    policyVersion: fc.nat(3),
    steps: fc.constant([{ stage: 'allow-signals', parameters: 'paths=7' }]),
    removals: fc.constant([]),
    drops: fc.constant([]),
    frames: fc.array(mostlySignals, { maxLength: 12 }),
    spool: fc.record({
      file: fc.nat(65_535),
      sealedBefore: fc.maxSafeNat(),
      eighths: fc.nat(8),
      offlineClass: fc.nat(6),
    }),
  },
  { requiredKeys: ['epoch', 'firstSequence', 'policyId', 'policyVersion', 'steps', 'removals', 'drops', 'frames'] },
);

/** The batch as it comes back: readings of a frame have no order of their own, and one of a path. */
export function asOnTheWire(batch: SealedBatch): SealedBatch {
  return { ...batch, frames: batch.frames.map(ordered) };
}

function ordered(frame: FrameContent): FrameContent {
  return frame.kind === 'signals' ? { ...frame, signals: sorted(frame.signals) } : frame;
}

function sorted(signals: SignalFrame['signals']): SignalFrame['signals'] {
  return [...signals].sort((one, other) => (one.path < other.path ? -1 : 1));
}
