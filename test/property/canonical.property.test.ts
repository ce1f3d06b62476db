import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { compileCheck } from '../../proto/codec/limits.ts';
import { messageCodec } from '../../proto/codec/schema.ts';
import { readSignalFrame, writeSignalFrame } from '../../proto/codec/signal-frame.ts';
import {
  decodeSealedBatch,
  encodeBatchBody,
  encodeSealedBatch,
  type FrameContent,
} from '../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../proto/words/subject.ts';
import type { Instant } from '../../proto/words/time.ts';
import { asOnTheWire } from '../support/codec/columns.ts';
import { nearlySealedBatch } from '../support/codec/wire.ts';

// The long way, which the codec does without: decode, check every limit, encode again, compare.
const root = new protobuf.Root();
for (const name of ['update', 'telemetry'])
  protobuf.parse(readFileSync(new URL(`../../proto/schema/${name}.proto`, import.meta.url), 'utf8'), root);
const wholeBatch = root.lookupType('tongguan.v1.SealedBatch');
const check = compileCheck(wholeBatch);

function isTakenTheLongWay(bytes: Uint8Array): boolean {
  try {
    const message = wholeBatch.decode(bytes);
    const again = wholeBatch.encode(message).finish();
    return check(message) === undefined && Buffer.compare(again, bytes) === 0;
  } catch {
    return false;
  }
}

const path = fc.integer({ min: 0, max: 300 }).map((index) => `Vehicle.Made.Up${index}`);
const value = fc.oneof(
  fc.constant('\ufeffOK'),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.boolean(),
  fc.string({ maxLength: 8, unit: 'grapheme' }).filter((text) => Buffer.byteLength(text) <= 32),
);
const subjectTag = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((tag) => Buffer.from(tag) as unknown as SubjectTag);
const signals = fc.record({
  kind: fc.constant('signals' as const),
  subjectTag,
  observedAt: fc.nat({ max: 2 ** 52 - 1 }).map((at) => at as Instant),
  signals: fc.uniqueArray(fc.record({ path, value }), { selector: (one) => one.path, maxLength: 12 }),
});
const cell = fc.record({
  kind: fc.constant('cell' as const),
  subjectTag,
  hour: fc.nat(2_000_000),
  sizeM: fc.nat(100_000),
  zone: fc.nat(45),
  row: fc.nat(10_000),
  column: fc.nat(10_000),
});
const trip = fc.record({
  kind: fc.constant('trip' as const),
  localDate: fc.nat(99_991_231),
  distanceClass: fc.nat(20),
  durationClass: fc.nat(20),
});
const image = fc.record({
  kind: fc.constant('image' as const),
  minute: fc.nat(120_000_000),
  camera: fc.nat(5),
  treatment: fc.nat(1),
  format: fc.nat(1),
  width: fc.nat(4_096),
  height: fc.nat(4_096),
  detector: fc.constantFrom('', 'onnx', 'opencv-cascade+onnx'),
  detectorVersion: fc.constantFrom('', '4.12.0/0f7d4527844e'),
  regions: fc.nat(512),
  consent: fc.constantFrom('', 'c-1'),
  data: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
});
const points = fc.record({
  kind: fc.constant('points' as const),
  minute: fc.nat(120_000_000),
  treatment: fc.nat(1),
  rings: fc.array(fc.record({ points: fc.nat(16_777_215) }), { maxLength: 6 }),
  voxelMm: fc.nat(64_000),
  voxels: fc.uint8Array({ maxLength: 200 }),
});
const objects = fc.record({
  kind: fc.constant('objects' as const),
  minute: fc.nat(120_000_000),
  counts: fc.array(fc.record({ class: fc.nat(7), count: fc.nat(1_024) }), { maxLength: 8 }),
});
const batch = fc.record({
  epoch: fc.nat(1_000),
  firstSequence: fc.maxSafeNat(),
  policyId: fc.constant('tour'),
  policyVersion: fc.nat(3),
  steps: fc.array(fc.record({ stage: fc.constant('s'), parameters: fc.constantFrom('', 'ü=1') }), { maxLength: 3 }),
  removals: fc.array(fc.record({ cause: fc.constant('imagery'), count: fc.nat(3) }), { maxLength: 2 }),
  drops: fc.constant([]),
  frames: fc.array(fc.oneof(signals, cell, trip, image, points, objects), { maxLength: 6 }),
});

const DOUBLE = [0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
const HEAD = encodeBatchBody({
  ...{ epoch: 1, firstSequence: 1, policyId: 'p', policyVersion: 0, steps: [], removals: [], drops: [], frames: [] },
});
const PATH = Buffer.from([0x3a, 1, 0x61]);

/** A batch with two paths and these frames. */
function batchOf(...frames: readonly Uint8Array[]): Buffer {
  return Buffer.concat([HEAD, PATH, PATH, ...frames]);
}

/** A frame with one reading of these bytes. */
function frameOf(reading: readonly number[]): Buffer {
  return framed([0x1a, reading.length, ...reading]);
}

/** A frame whose tag is followed by these bytes; lengths of two bytes where it takes them. */
function framed(rest: readonly number[]): Buffer {
  const content = Buffer.from([0x0a, 16, ...Buffer.alloc(16, 7), ...rest]);
  const inner = Buffer.concat([Buffer.from([0x0a]), length(content.length), content]);
  return Buffer.concat([Buffer.from([0x42]), length(inner.length), inner]);
}

const length = (value: number): Buffer => Buffer.from(value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7]);

describe('the strict codec', () => {
  // As `decodeSealedBatch` has it: what stands in a frame only this check has looked at.
  const codec = messageCodec('SealedBatch', ['frames']);

  test('takes exactly the bytes that would be written again within the limits', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(nearlySealedBatch, (bytes) => {
        const decoded = codec.decode(bytes);
        expect(decoded.ok).toBe(isTakenTheLongWay(bytes));
        if (decoded.ok) taken += 1;
        else refused += 1;
      }),
      { numRuns: 3_000 },
    );
    // Both answers were asked for.
    expect(Math.min(taken, refused)).toBeGreaterThan(300);
  });

  const whole = frameOf([0x11, ...DOUBLE]);

  test('takes the batch that the cases below depart from', () => {
    expect(codec.decode(batchOf(whole)).ok && isTakenTheLongWay(batchOf(whole))).toBe(true);
  });

  test.each([
    ['two members of a oneof', batchOf(frameOf([0x11, ...DOUBLE, 0x18, 1]))],
    ['a text that is not UTF-8', batchOf(frameOf([0x22, 2, 0xc0, 0x80]))],
    ['a text of 33 bytes', batchOf(frameOf([0x22, 33, ...Buffer.alloc(33, 0x78)]))],
    ['a number cut short', batchOf(frameOf([0x11, 0, 0, 0]))],
    ['a number that is infinite', batchOf(frameOf([0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f]))],
    ['a number that is none', batchOf(frameOf([0x11, 1, 0, 0, 0, 0, 0, 0xf8, 0xff]))],
    ['a flag that is 2', batchOf(frameOf([0x18, 2]))],
    ['a flag in two bytes', batchOf(frameOf([0x18, 0x81, 0]))],
    ['a path that is spelt out as 0', batchOf(frameOf([0x08, 0, 0x11, ...DOUBLE]))],
    ['a path of ten bytes', batchOf(frameOf([0x08, ...Buffer.alloc(9, 0x80), 1, 0x11, ...DOUBLE]))],
    ['a value before its path', batchOf(frameOf([0x11, ...DOUBLE, 0x08, 1]))],
    ['a field that no message has', batchOf(frameOf([0x11, ...DOUBLE, 0x78, 1]))],
    ['257 readings', batchOf(framed(Array.from({ length: 257 }, () => [0x1a, 2, 0x18, 1]).flat()))],
    ['a reading longer than its frame', batchOf(framed([0x1a, 40, 0x18, 1]), whole, whole)],
    ['a frame longer than its batch', batchOf(whole).subarray(0, -1)],
    ['a length cut short', batchOf(whole, Buffer.from([0x42, 0x80]))],
    ['a path cut short', batchOf(frameOf([0x08, 0x80]), whole)],
    ['a tag of 15 bytes', batchOf(Buffer.from([0x42, 19, 0x0a, 17, 0x0a, 15, ...Buffer.alloc(15)]))],
    ['a tag of one byte in two', Buffer.concat([HEAD, Buffer.from([0xba, 0x00, 1, 0x61])])],
    ['a tag of two bytes in three', batchOf(Buffer.from([0xf2, 0x81, 0x00, 2, 0x10, 1]))],
    ['a tag cut short', batchOf(Buffer.from([0xf2]))],
    ['a quantum before a path', Buffer.concat([HEAD, Buffer.from([0xf2, 0x01, 2, 0x10, 1]), PATH])],
    ['a frame before the paths', Buffer.concat([HEAD, whole, PATH])],
    ['a picture without its file', batchOf(Buffer.from([0x42, 4, 0x22, 2, 0x08, 1]))],
    ['a camera of no label', batchOf(Buffer.from([0x42, 7, 0x22, 5, 0x10, 6, 0x5a, 1, 7]))],
    ['seven rings', batchOf(Buffer.from([0x42, 16, 0x2a, 14, ...Array.from({ length: 7 }, () => [0x1a, 0]).flat()]))],
    ['a tag in three bytes', batchOf(Buffer.from([0x42, 6, 0x32, 4, 0xa0, 0x81, 0, 1]))],
    ['513 frames', batchOf(...Array.from({ length: 513 }, () => Buffer.from([0x42, 4, 0x1a, 2, 0x08, 1])))],
  ])('refuses %s', (_, bytes) => {
    expect(codec.decode(bytes).ok).toBe(false);
    expect(isTakenTheLongWay(bytes)).toBe(false);
  });
});

describe('frames of signals, written and read by hand', () => {
  const reflected = messageCodec('SealedFrame');

  test('have the bytes that the schema gives them, and come back as they were', () => {
    fc.assert(
      fc.property(signals, (frame) => {
        const paths = new Map<string, number>();
        const written = writeSignalFrame(frame, paths);
        expect(Buffer.compare(written, reflected.encode(wireFrame(frame, paths)))).toBe(0);
        expect(readSignalFrame(written, [...paths.keys()])).toEqual(frame);
      }),
      { numRuns: 1_000 },
    );
  });

  test('come back the same from a batch with frames of other kinds', () => {
    fc.assert(
      fc.property(batch, (made) => {
        const decoded = decodeSealedBatch(encodeSealedBatch(made));
        expect(decoded.ok && decoded.value).toEqual(asOnTheWire(made));
      }),
    );
  });

  test.each([
    ['257 readings', Array.from({ length: 257 }, () => ({ path: 'Vehicle.Speed', value: 1 }))],
    ['a value that is not finite', [{ path: 'Vehicle.Speed', value: Number.POSITIVE_INFINITY }]],
    ['a text of 33 bytes', [{ path: 'Vehicle.Speed', value: `${'x'.repeat(31)}ü` }]],
  ])('%s are a bug of whoever made them', (_, readings) => {
    const frame = { kind: 'signals' as const, subjectTag: TAG, observedAt: 1 as Instant, signals: readings };
    expect(() => writeSignalFrame(frame, new Map())).toThrow('keeps its limit');
  });

  test('the largest frame the schema allows can be written', () => {
    const readings = Array.from({ length: 256 }, (_, index) => ({ path: `Vehicle.P${index}`, value: 'x'.repeat(32) }));
    const frame: FrameContent = { kind: 'signals', subjectTag: TAG, observedAt: 1 as Instant, signals: readings };
    const paths = new Map(Array.from({ length: 65_000 }, (__, index) => [`Vehicle.Q${index}`, index]));
    const written = writeSignalFrame(frame, paths);
    expect(readSignalFrame(written, [...paths.keys()])).toEqual(frame);
  });
});

const TAG = Buffer.alloc(16, 7) as unknown as SubjectTag;

function wireFrame(frame: FrameContent & { kind: 'signals' }, paths: ReadonlyMap<string, number>): object {
  const wire = frame.signals.map(({ path: name, value: read }) => {
    const index = paths.get(name);
    if (typeof read === 'number') return { path: index, number: read };
    return typeof read === 'boolean' ? { path: index, flag: read } : { path: index, text: read };
  });
  return { signals: { subjectTag: frame.subjectTag, observedAtMs: frame.observedAt, signals: wire } };
}
