import { assert, fail, ok, type Result } from '../words/result.ts';
import type { SpoolStanding } from '../words/spool-standing.ts';
import type { SubjectTag } from '../words/subject.ts';
import type { Instant } from '../words/time.ts';
import type { UpdateReport } from '../words/update.ts';
import { deflate, INFLATED_BYTES_MAX, inflate } from './deflated.ts';
import { cellFrameOf, spoolStandingOf, tripRowOf, withdrawalOf } from './row-frames.ts';
import { type CodecFault, messageCodec } from './schema.ts';
import {
  type ImageFrame,
  imageFrameOf,
  type ObjectCounts,
  objectCountsOf,
  type PointCloudFrame,
  pointCloudFrameOf,
  type WireImage,
  type WireObjects,
  type WirePoints,
} from './sensor-frames.ts';
import { areInOrder, readSignalColumns, writeSignalColumns } from './signal-columns.ts';
import { holdsSignals, readSignalFrame, writeSignalFrame } from './signal-frame.ts';
import { updateReportOf, type WireUpdateReport, wireUpdateReport } from './update-report.ts';

export interface SignedBatch {
  /** As `encodeSealedBatch` gives it. */
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
  /** Grids of the paths whose values were cut to one. */
  readonly quanta?: readonly PathQuantum[];
  /** Absent in batches of agents that know no purposes, and beside statements of withdrawal only. */
  readonly purpose?: string;
  /** Absent where the purpose needs none. */
  readonly consent?: string;
  readonly attestation?: Attestation;
  /** Absent in batches of agents that do not tell. */
  readonly spool?: SpoolStanding;
}

/** By what cells were processed, as the vehicle says; fields stand in proto/schema/telemetry.proto. */
export interface Attestation {
  readonly id: string;
  readonly certificate: string;
  readonly validFromMs: number;
  readonly validUntilMs: number;
}

export interface PathQuantum {
  readonly path: string;
  /** Millionths of the signal's unit. */
  readonly quantumMillionths: number;
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
export type FrameContent =
  | (SignalFrame | CellFrame | TripRow)
  | (ImageFrame | PointCloudFrame | ObjectCounts)
  | (WithdrawalStatement | UpdateReport);

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
  /** Of that hour, 1 to 3; absent for its first quarter, and where times are cut to the hour or the day. */
  readonly quarter?: number;
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

/** Numbers are those of the schema's enum `WithdrawalCause`. */
export const WITHDRAWAL_CAUSES = { withdrawn: 0, ended: 1 } as const;

export interface WithdrawalStatement {
  readonly kind: 'withdrawal';
  readonly purpose: string;
  readonly cause: (typeof WITHDRAWAL_CAUSES)[keyof typeof WITHDRAWAL_CAUSES];
  readonly removed: number;
}

interface WireFrame {
  readonly update?: WireUpdateReport | null;
  readonly withdrawal?: Omit<WithdrawalStatement, 'kind'> | null;
  readonly cell?: Omit<CellFrame, 'kind'> | null;
  readonly trip?: Omit<TripRow, 'kind'> | null;
  readonly image?: WireImage | null;
  readonly points?: WirePoints | null;
  readonly objects?: WireObjects | null;
}

interface WireQuantum {
  readonly path: number;
  readonly quantumMillionths: number;
}

interface WireBatch extends Omit<SealedBatch, 'frames' | 'quanta' | 'attestation' | 'spool'> {
  readonly attestation?: Attestation | null;
  readonly spool?: SpoolStanding | null;
  readonly quanta: readonly WireQuantum[];
  readonly paths: readonly string[];
  /** Of every kind but signals. */
  readonly frames: readonly Uint8Array[];
  /** What is not set reads as an empty list. */
  readonly signals: Uint8Array | readonly [];
}

const signedBatch = messageCodec('SignedBatch');
const sealedBatch = messageCodec('SealedBatch', ['frames']);
const sealedFrame = messageCodec('SealedFrame');

export function encodeSignedBatch(signed: SignedBatch): Uint8Array {
  return signedBatch.encode(signed);
}

export function decodeSignedBatch(bytes: Uint8Array): Result<SignedBatch, CodecFault> {
  const decoded = signedBatch.decode(bytes);
  if (!decoded.ok) return decoded;
  const { batch, signature } = decoded.value as SignedBatch;
  return ok({ batch, signature });
}

/**
 * Bytes that are signed and sent: the body, deflated. What they stand for has one body, and the body has any number of
 * streams; the signature covers the one that was sent (docs/adr/0032).
 *
 * @throws Error when a limit of the schema is broken, which is a bug of the caller
 */
export function encodeSealedBatch(batch: SealedBatch): Uint8Array {
  const body = encodeBatchBody(batch);
  assert(body.length <= INFLATED_BYTES_MAX, 'a batch keeps the limit of its body');
  return deflate(body);
}

export function decodeSealedBatch(bytes: Uint8Array): Result<SealedBatch, CodecFault> {
  const body = inflate(bytes);
  if (body.ok) return decodeBatchBody(body.value);
  return fail({ code: body.fault === 'too-large' ? 'CODEC_LIMIT' : 'CODEC_SYNTAX', where: 'SignedBatch.batch' });
}

/** SealedBatch as proto/schema/telemetry.proto has it: frames of signals by columns, all others by rows. */
export function encodeBatchBody(batch: SealedBatch): Uint8Array {
  const isSignals = batch.frames.map(({ kind }) => kind === 'signals');
  const signals = batch.frames.filter((frame) => frame.kind === 'signals');
  const others = batch.frames.filter((frame) => frame.kind !== 'signals');
  const columns = signals.length === 0 ? undefined : writeSignalColumns(isSignals, signals);
  const paths = columns?.paths ?? [];
  const indexes = new Map(paths.map((path, index) => [path, index]));
  // Of paths that no frame of the batch names there is nothing to say.
  const quanta = (batch.quanta ?? []).flatMap(({ path, quantumMillionths }) => {
    const index = indexes.get(path);
    return index === undefined ? [] : [{ path: index, quantumMillionths }];
  });
  const frames = others.map((frame) => encodeFrame(frame, NO_PATHS));
  return sealedBatch.encode({ ...batch, paths, frames, quanta, signals: columns?.bytes });
}

/** Frames that are not of signals name no path. */
const NO_PATHS = new Map<string, number>();

export function decodeBatchBody(bytes: Uint8Array): Result<SealedBatch, CodecFault> {
  const decoded = sealedBatch.decode(bytes);
  if (!decoded.ok) return decoded;
  const wire = decoded.value as WireBatch;
  const frames = framesOf(wire);
  if (frames === undefined) return fail({ code: 'CODEC_SYNTAX', where: 'SealedBatch.frames' });
  const quanta: PathQuantum[] = [];
  for (const { path: index, quantumMillionths } of wire.quanta) {
    const path = wire.paths[index];
    if (path === undefined || quantumMillionths === 0)
      return fail({ code: 'CODEC_SYNTAX', where: 'SealedBatch.quanta' });
    quanta.push({ path, quantumMillionths });
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
    ...(quanta.length === 0 ? {} : { quanta }),
    ...groundsOf(wire),
    ...(wire.spool && { spool: spoolStandingOf(wire.spool) }),
  });
}

type Grounds = Pick<SealedBatch, 'purpose' | 'consent' | 'attestation'>;

function groundsOf({ purpose, consent, attestation }: WireBatch): Grounds {
  const grounds = { ...(purpose ? { purpose } : {}), ...(consent ? { consent } : {}) };
  if (!attestation) return grounds;
  const { id, certificate, validFromMs, validUntilMs } = attestation;
  return { ...grounds, attestation: { id, certificate, validFromMs, validUntilMs } };
}

/** Rows and columns in the order of their sequences; undefined for what `encodeBatchBody` would not write. */
function framesOf({ paths, frames, signals }: WireBatch): readonly FrameContent[] | undefined {
  const others: FrameContent[] = [];
  for (const frame of frames) {
    const content = holdsSignals(frame) ? undefined : readFrame(frame, paths);
    if (content === undefined) return undefined;
    others.push(content);
  }
  if (!(signals instanceof Uint8Array) || signals.length === 0) return paths.length === 0 ? others : undefined;
  if (!areInOrder(paths)) return undefined;
  const places = readSignalColumns({ paths, bytes: signals }, others.length);
  let next = 0;
  return places?.map((place) => {
    if (place !== undefined) return place;
    next += 1;
    return others[next - 1] as FrameContent;
  });
}

/**
 * One frame on its own: how held-back rows and zone records are kept on disk.
 *
 * @param paths - list of paths the frame's signals point into; it grows by those it did not have
 */
export function encodeFrame(frame: FrameContent, paths: Map<string, number>): Uint8Array {
  if (frame.kind === 'signals') return writeSignalFrame(frame, paths);
  // The kinds are named as the members of the schema's oneof.
  return sealedFrame.encode({ [frame.kind]: frame.kind === 'update' ? wireUpdateReport(frame) : frame });
}

export function decodeFrame(bytes: Uint8Array, paths: readonly string[]): Result<FrameContent, CodecFault> {
  const refusal = sealedFrame.refusal(bytes);
  if (refusal !== undefined) return fail(refusal);
  const content = readFrame(bytes, paths);
  return content === undefined ? fail({ code: 'CODEC_SYNTAX', where: 'SealedFrame' }) : ok(content);
}

/** Reads bytes that were found in order; undefined for a frame without content, and for what `readSignalFrame` says. */
function readFrame(bytes: Uint8Array, paths: readonly string[]): FrameContent | undefined {
  if (holdsSignals(bytes)) return readSignalFrame(bytes, paths);
  const decoded = sealedFrame.decode(bytes);
  if (!decoded.ok) return undefined;
  const { cell, trip, image, points, objects, withdrawal, update } = decoded.value as WireFrame;
  if (cell) return cellFrameOf(cell);
  if (trip) return tripRowOf(trip);
  if (image) return imageFrameOf(image);
  if (points) return pointCloudFrameOf(points);
  if (withdrawal) return withdrawalOf(withdrawal);
  if (update) return updateReportOf(update);
  return objects ? objectCountsOf(objects) : undefined;
}
