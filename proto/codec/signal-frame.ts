import { assert } from '../words/result.ts';
import { SUBJECT_TAG_BYTES, type SubjectTag } from '../words/subject.ts';
import type { Instant } from '../words/time.ts';
import type { SignalFrame, SignalReading } from './telemetry-codec.ts';

/**
 * SealedFrame with a SignalFrame in it, by hand: it is nearly everything that vehicles send, and reflection takes several
 * times as long for it. test/property/signal-frame.property.test.ts holds that both write and read the same bytes.
 */

/** Field number times 8 plus wire type, as proto/schema/telemetry.proto numbers them. */
const TAG = { signals: 0x0a, subjectTag: 0x0a, observedAt: 0x10, signal: 0x1a } as const;
const SIGNAL = { path: 0x08, number: 0x11, flag: 0x18, text: 0x22 } as const;

/** Whether bytes of a SealedFrame hold a SignalFrame. */
export function holdsSignals(frame: Uint8Array): boolean {
  return frame[0] === TAG.signals;
}

/** Readings of one frame, and bytes of one, as the schema has them; a SealedFrame at these limits fits. */
const SIGNALS_MAX = 256;
const SIGNAL_BYTES_MAX = 48;
const scratch = new Uint8Array(64 + SIGNALS_MAX * SIGNAL_BYTES_MAX);
const scratchView = new DataView(scratch.buffer);
const encoder = new TextEncoder();

/**
 * @param paths - list that readings point into; it grows by paths it did not have
 * @throws Error when the frame cannot be written within the limits of the schema
 */
export function writeSignalFrame(frame: SignalFrame, paths: Map<string, number>): Uint8Array {
  const { subjectTag, observedAt, signals } = frame;
  assert(subjectTag.length === SUBJECT_TAG_BYTES, 'SealedFrame.signals.subjectTag keeps its limit');
  assert(Number.isSafeInteger(observedAt) && observedAt >= 0, 'SealedFrame.signals.observedAtMs keeps its limit');
  assert(signals.length <= SIGNALS_MAX, 'SealedFrame.signals.signals keeps its limit');
  // Room for the tag and the length of the outer message, which is known last.
  let at = HEAD_BYTES_MAX;
  scratch[at] = TAG.subjectTag;
  scratch[at + 1] = SUBJECT_TAG_BYTES;
  scratch.set(subjectTag, at + 2);
  at += 2 + SUBJECT_TAG_BYTES;
  // A time of 0 is the default, and left out.
  if (observedAt > 0) {
    scratch[at] = TAG.observedAt;
    at = writeNumber(observedAt, at + 1);
  }
  for (const { path, value } of signals) at = writeSignal(indexIn(paths, path), value, at);
  const length = at - HEAD_BYTES_MAX;
  const start = HEAD_BYTES_MAX - 1 - numberBytes(length);
  scratch[start] = TAG.signals;
  writeNumber(length, start + 1);
  return Buffer.from(scratch.subarray(start, at));
}

const HEAD_BYTES_MAX = 4;

function indexIn(paths: Map<string, number>, path: string): number {
  const known = paths.get(path);
  if (known !== undefined) return known;
  assert(paths.size <= PATH_MAX, 'Signal.path keeps its limit');
  paths.set(path, paths.size);
  return paths.size - 1;
}

const PATH_MAX = 65_535;

function writeSignal(path: number, value: SignalReading['value'], from: number): number {
  scratch[from] = TAG.signal;
  let at = from + 2;
  // The first path has the number 0, which is the default.
  if (path > 0) {
    scratch[at] = SIGNAL.path;
    at = writeNumber(path, at + 1);
  }
  at = writeValue(value, at);
  scratch[from + 1] = at - from - 2;
  return at;
}

function writeValue(value: SignalReading['value'], at: number): number {
  if (typeof value === 'number') {
    assert(Number.isFinite(value), 'Signal.number keeps its limit');
    scratch[at] = SIGNAL.number;
    scratchView.setFloat64(at + 1, value, true);
    return at + 9;
  }
  if (typeof value === 'boolean') {
    scratch[at] = SIGNAL.flag;
    scratch[at + 1] = value ? 1 : 0;
    return at + 2;
  }
  const { read, written } = encoder.encodeInto(value, scratch.subarray(at + 2, at + 2 + TEXT_BYTES_MAX));
  assert(read === value.length, 'Signal.text keeps its limit');
  scratch[at] = SIGNAL.text;
  scratch[at + 1] = written;
  return at + 2 + written;
}

const TEXT_BYTES_MAX = 32;

function numberBytes(value: number): number {
  let bytes = 1;
  for (let left = value; left >= 0x80; left = Math.floor(left / 0x80)) bytes += 1;
  return bytes;
}

function writeNumber(value: number, from: number): number {
  let at = from;
  let left = value;
  while (left >= 0x80) {
    scratch[at] = (left % 0x80) | 0x80;
    left = Math.floor(left / 0x80);
    at += 1;
  }
  scratch[at] = left;
  return at + 1;
}

/**
 * Reads what `compileCanonical` has found to be in order; of other bytes it makes nonsense.
 *
 * @returns undefined for a path outside the list, or a reading without a value
 */
export function readSignalFrame(frame: Uint8Array, paths: readonly string[]): SignalFrame | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  let at = 1 + numberBytesAt(frame, 1) + 2;
  const subjectTag = frame.subarray(at, at + SUBJECT_TAG_BYTES) as SubjectTag;
  at += SUBJECT_TAG_BYTES;
  let observedAt = 0;
  if (frame[at] === TAG.observedAt) {
    observedAt = numberAt(frame, at + 1);
    at += 1 + numberBytesAt(frame, at + 1);
  }
  const signals: SignalReading[] = [];
  while (at < frame.length) {
    const end = at + 2 + (frame[at + 1] ?? 0);
    const reading = readSignal(frame, view, at + 2, end, paths);
    if (reading === undefined) return undefined;
    signals.push(reading);
    at = end;
  }
  return { kind: 'signals', subjectTag, observedAt: observedAt as Instant, signals };
}

function readSignal(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  end: number,
  paths: readonly string[],
): SignalReading | undefined {
  let at = from;
  let index = 0;
  if (at < end && bytes[at] === SIGNAL.path) {
    index = numberAt(bytes, at + 1);
    at += 1 + numberBytesAt(bytes, at + 1);
  }
  const path = paths[index];
  if (path === undefined || at >= end) return undefined;
  const tag = bytes[at];
  if (tag === SIGNAL.number) return { path, value: view.getFloat64(at + 1, true) };
  if (tag === SIGNAL.flag) return { path, value: bytes[at + 1] === 1 };
  return { path, value: decoder.decode(bytes.subarray(at + 2, end)) };
}

/** Keeps a mark of byte order that begins a text: it is part of it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function numberAt(bytes: Uint8Array, from: number): number {
  let value = 0;
  let factor = 1;
  for (let at = from; ; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 0x80;
  }
}

function numberBytesAt(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] ?? 0) >= 0x80) at += 1;
  return at + 1 - from;
}
