import { fail, ok, type Result } from '../words/result.ts';
import type { SubjectTag } from '../words/subject.ts';
import type { Instant } from '../words/time.ts';
import { type CodecFault, messageCodec } from './schema.ts';

export interface SignedBatch {
  readonly batch: Uint8Array;
  readonly signature: Uint8Array;
}

/** Frames sealed together, in sequence; units and limits stand in proto/schema/telemetry.proto. */
export interface SealedBatch {
  readonly epoch: number;
  readonly firstSequence: number;
  readonly policyId: string;
  readonly policyVersion: number;
  readonly steps: readonly Step[];
  readonly removals: readonly Removal[];
  readonly frames: readonly FrameContent[];
  readonly drops: readonly DropNotice[];
}

export interface Step {
  readonly stage: string;
  readonly parameters: string;
}

export interface Removal {
  readonly cause: string;
  readonly count: number;
}

export interface DropNotice {
  readonly firstSequence: number;
  readonly count: number;
  readonly cause: string;
}

/** Everything that a frame on the uplink can hold. There is no precise position among it. */
export type FrameContent = SignalFrame | CellFrame | TripRow;

export interface SignalFrame {
  readonly kind: 'signals';
  readonly subjectTag: SubjectTag;
  readonly observedAt: Instant;
  readonly signals: readonly SignalReading[];
}

export interface SignalReading {
  readonly path: string;
  readonly value: number | boolean | string;
}

export interface CellFrame {
  readonly kind: 'cell';
  readonly subjectTag: SubjectTag;
  /** Whole hours since 1970 UTC. */
  readonly hour: number;
  readonly sizeM: number;
  readonly zone: number;
  readonly row: number;
  readonly column: number;
}

export interface TripRow {
  readonly kind: 'trip';
  /** Shanghai day as the number YYYYMMDD. */
  readonly localDate: number;
  readonly distanceClass: number;
  readonly durationClass: number;
}

interface WireSignal {
  readonly path: number;
  /** Which of the three is set; the others read as their defaults on a decoded message. */
  readonly value?: 'number' | 'flag' | 'text';
  readonly number?: number | null;
  readonly flag?: boolean | null;
  readonly text?: string | null;
}

interface WireFrame {
  readonly signals?: { subjectTag: SubjectTag; observedAtMs: number; signals: readonly WireSignal[] } | null;
  readonly cell?: Omit<CellFrame, 'kind'> | null;
  readonly trip?: Omit<TripRow, 'kind'> | null;
}

interface WireBatch extends Omit<SealedBatch, 'frames'> {
  readonly paths: readonly string[];
  readonly frames: readonly WireFrame[];
}

const signedBatch = messageCodec('SignedBatch');
const sealedBatch = messageCodec('SealedBatch');
const sealedFrame = messageCodec('SealedFrame');

export function encodeSignedBatch(signed: SignedBatch): Uint8Array {
  return signedBatch.encode(signed);
}

export function decodeSignedBatch(bytes: Uint8Array): Result<SignedBatch, CodecFault> {
  return signedBatch.decodePlain(bytes) as Result<SignedBatch, CodecFault>;
}

export function encodeSealedBatch(batch: SealedBatch): Uint8Array {
  const paths = new Map<string, number>();
  const frames = batch.frames.map((frame) => toWire(frame, paths));
  return sealedBatch.encode({ ...batch, paths: [...paths.keys()], frames });
}

export function decodeSealedBatch(bytes: Uint8Array): Result<SealedBatch, CodecFault> {
  const decoded = sealedBatch.decode(bytes);
  if (!decoded.ok) return decoded;
  const wire = decoded.value as WireBatch;
  const frames: FrameContent[] = [];
  for (const frame of wire.frames) {
    const content = fromWire(frame, wire.paths);
    if (content === undefined) return fail({ code: 'CODEC_SYNTAX', where: 'SealedBatch.frames' });
    frames.push(content);
  }
  const { epoch, firstSequence, policyId, policyVersion } = wire;
  return ok({
    epoch,
    firstSequence,
    policyId,
    policyVersion,
    steps: wire.steps.map(({ stage, parameters }) => ({ stage, parameters })),
    removals: wire.removals.map(({ cause, count }) => ({ cause, count })),
    drops: wire.drops.map(({ firstSequence: first, count, cause }) => ({ firstSequence: first, count, cause })),
    frames,
  });
}

/**
 * One frame on its own: how held-back rows and zone records are kept on disk.
 *
 * @param paths - list of paths the frame's signals point into; it grows by those it did not have
 */
export function encodeFrame(frame: FrameContent, paths: Map<string, number>): Uint8Array {
  return sealedFrame.encode(toWire(frame, paths));
}

export function decodeFrame(bytes: Uint8Array, paths: readonly string[]): Result<FrameContent, CodecFault> {
  const decoded = sealedFrame.decode(bytes);
  if (!decoded.ok) return decoded;
  const content = fromWire(decoded.value as WireFrame, paths);
  return content === undefined ? fail({ code: 'CODEC_SYNTAX', where: 'SealedFrame' }) : ok(content);
}

function toWire(frame: FrameContent, paths: Map<string, number>): WireFrame {
  switch (frame.kind) {
    case 'signals': {
      const signals = frame.signals.map((reading) => ({
        path: indexOf(paths, reading.path),
        ...wireValue(reading.value),
      }));
      return { signals: { subjectTag: frame.subjectTag, observedAtMs: frame.observedAt, signals } };
    }
    case 'cell':
      return { cell: frame };
    case 'trip':
      return { trip: frame };
  }
}

function indexOf(paths: Map<string, number>, path: string): number {
  const known = paths.get(path);
  if (known !== undefined) return known;
  paths.set(path, paths.size);
  return paths.size - 1;
}

function wireValue(value: SignalReading['value']): Omit<WireSignal, 'path' | 'value'> {
  if (typeof value === 'number') return { number: value };
  return typeof value === 'boolean' ? { flag: value } : { text: value };
}

/** Undefined for a frame without content, a path outside the list, or a signal without a value. */
function fromWire(frame: WireFrame, paths: readonly string[]): FrameContent | undefined {
  if (frame.signals) {
    const readings: SignalReading[] = [];
    for (const signal of frame.signals.signals) {
      const path = paths[signal.path];
      const value = signal.value === undefined ? undefined : signal[signal.value];
      if (path === undefined || value === undefined || value === null) return undefined;
      readings.push({ path, value });
    }
    const { subjectTag, observedAtMs } = frame.signals;
    return { kind: 'signals', subjectTag, observedAt: observedAtMs as Instant, signals: readings };
  }
  if (frame.cell) {
    const { subjectTag, hour, sizeM, zone, row, column } = frame.cell;
    return { kind: 'cell', subjectTag, hour, sizeM, zone, row, column };
  }
  if (frame.trip) {
    const { localDate, distanceClass, durationClass } = frame.trip;
    return { kind: 'trip', localDate, distanceClass, durationClass };
  }
  return undefined;
}
