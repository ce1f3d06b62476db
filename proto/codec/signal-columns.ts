import { assert } from '../words/result.ts';
import { SUBJECT_TAG_BYTES, type SubjectTag } from '../words/subject.ts';
import type { Instant } from '../words/time.ts';
import { type ByteReader, broken, byteReader, isAtEnd, readBytes, readNumber, readSigned } from './byte-reader.ts';
import { type ByteWriter, byteWriter, writeBytes, writeNumber, writeSigned, writtenBytes } from './byte-writer.ts';
import { eachOfRuns, readRuns, writeRuns } from './run-lengths.ts';
import type { SignalFrame, SignalReading } from './telemetry-codec.ts';
import {
  encodeValues,
  FORMS,
  type Form,
  formIsOfNumbers,
  readValues,
  type SignalValue,
  TEXT_BYTES_MAX,
} from './value-column.ts';

/**
 * The frames of signals of a batch, by columns: everything of one signal stands together, so that what changes little
 * takes little room (docs/wire.md has the layout, docs/adr/0032 the reasons).
 *
 * One content has one form and everything else is refused. Readings of a frame come back in the order of their paths,
 * which is no part of what a frame says.
 */
export interface SignalColumns {
  /** Of every path that a reading names, ascending by UTF-16 units, each once. */
  readonly paths: readonly string[];
  readonly bytes: Uint8Array;
}

/** Frames of one batch, of all kinds: each becomes a row of the cloud's. */
export const FRAMES_MAX = 2_048;
/** Readings of one frame. */
export const SIGNALS_MAX = 256;
/** Different paths of one batch. */
export const PATHS_MAX = 512;
/** Readings of one batch: what a few bytes of runs can unfold to. */
export const READINGS_MAX = 16_384;

/**
 * @param isSignals - of every frame of the batch in sequence, whether it is one of `frames`
 * @throws Error when the frames cannot be written within the limits of the schema, or a path is twice in one
 */
export function writeSignalColumns(isSignals: readonly boolean[], frames: readonly SignalFrame[]): SignalColumns {
  const writer = byteWriter();
  writeRuns(writer, isSignals, true);
  writeTags(writer, frames);
  writeTimes(writer, frames);
  const columns = gather(frames);
  writeNumber(writer, columns.length);
  const paths: string[] = [];
  for (const { path, presence, values } of columns) {
    const step = path === paths.at(-1) ? 0 : 1;
    if (step === 1) paths.push(path);
    const { form, write } = encodeValues(values);
    writeNumber(writer, step * FORMS + form);
    writePresence(writer, presence, frames.length);
    write(writer);
  }
  return { paths, bytes: writtenBytes(writer) };
}

/** Signal frames at their places, with gaps where frames of other kinds belong. */
export type ReadFrames = readonly (SignalFrame | undefined)[];

/** @returns undefined for bytes that `writeSignalColumns` would not write */
export function readSignalColumns({ paths, bytes }: SignalColumns, otherFrames: number): ReadFrames | undefined {
  const reader = byteReader(bytes);
  const places = readPlaces(reader, otherFrames);
  const count = places.filter((isSignals) => isSignals).length;
  if (count === 0) return undefined;
  const tags = readTags(reader, count);
  const times = readTimes(reader, count);
  const readings = readColumns(reader, paths, count);
  if (!isAtEnd(reader)) return undefined;
  let next = 0;
  return places.map((isSignals) => {
    if (!isSignals) return undefined;
    const at = next;
    next += 1;
    const [subjectTag, observedAt] = [tags[at] as SubjectTag, times[at] as Instant];
    return { kind: 'signals', subjectTag, observedAt, signals: readings[at] ?? [] };
  });
}

function readPlaces(reader: ByteReader, otherFrames: number): readonly boolean[] {
  const runs = readRuns(reader, FRAMES_MAX, false);
  const places: boolean[] = [];
  eachOfRuns(runs, true, (isSignals) => places.push(isSignals));
  if (places.filter((isSignals) => !isSignals).length !== otherFrames) broken(reader);
  return reader.isBroken ? [] : places;
}

/** Each tag with the number of frames in turn that have it. */
function writeTags(writer: ByteWriter, frames: readonly SignalFrame[]): void {
  const runs: { readonly tag: SubjectTag; count: number }[] = [];
  for (const { subjectTag } of frames) {
    assert(subjectTag.length === SUBJECT_TAG_BYTES, 'SealedBatch.signals.subjectTag keeps its limit');
    const last = runs.at(-1);
    if (last !== undefined && Buffer.compare(last.tag, subjectTag) === 0) last.count += 1;
    else runs.push({ tag: subjectTag, count: 1 });
  }
  for (const { tag, count } of runs) {
    writeNumber(writer, count);
    writeBytes(writer, tag);
  }
}

function readTags(reader: ByteReader, count: number): readonly Uint8Array[] {
  const tags: Uint8Array[] = [];
  while (tags.length < count && !reader.isBroken) {
    const run = readNumber(reader, count - tags.length);
    const tag = readBytes(reader, SUBJECT_TAG_BYTES);
    const last = tags.at(-1);
    if (run === 0 || (last !== undefined && Buffer.compare(last, tag) === 0)) broken(reader);
    for (let index = 0; index < run && !reader.isBroken; index += 1) tags.push(tag);
  }
  return tags;
}

const SECOND_MS = 1_000;
/** Differences of times within it fit a number that is written. */
export const TIME_MAX = 2 ** 52 - 1;

/** 1 where all times are whole seconds and 0 otherwise, then the differences, in seconds or milliseconds, the first from 0. */
function writeTimes(writer: ByteWriter, frames: readonly SignalFrame[]): void {
  const isSeconds = frames.every(({ observedAt }) => observedAt % SECOND_MS === 0);
  const unit = isSeconds ? SECOND_MS : 1;
  writeNumber(writer, isSeconds ? 1 : 0);
  let last = 0;
  for (const { observedAt } of frames) {
    const isTime = Number.isSafeInteger(observedAt) && observedAt >= 0 && observedAt <= TIME_MAX;
    assert(isTime, 'SealedBatch.signals.observedAtMs keeps its limit');
    writeSigned(writer, observedAt / unit - last);
    last = observedAt / unit;
  }
}

function readTimes(reader: ByteReader, count: number): readonly number[] {
  const isSeconds = readNumber(reader, 1) === 1;
  const unit = isSeconds ? SECOND_MS : 1;
  const times: number[] = [];
  let isAnyFiner = isSeconds;
  let last = 0;
  for (let index = 0; index < count && !reader.isBroken; index += 1) {
    last += readSigned(reader, TIME_MAX);
    const time = last * unit;
    if (time < 0 || time > TIME_MAX) broken(reader);
    isAnyFiner ||= time % SECOND_MS !== 0;
    times.push(time);
  }
  if (!isAnyFiner) broken(reader);
  return times;
}

interface Column {
  readonly path: string;
  /** Positions of the frames that have a reading, ascending. */
  readonly presence: number[];
  readonly values: SignalValue[];
}

/** Columns of one path, by type of their values. */
interface PathColumns {
  readonly byType: [numbers: Column | undefined, flags: Column | undefined, texts: Column | undefined];
  /** Frame of the reading before. */
  lastPosition: number;
}

/** One column for each path and type of value, in order. */
function gather(frames: readonly SignalFrame[]): readonly Column[] {
  const byPath = new Map<string, PathColumns>();
  let count = 0;
  for (let position = 0; position < frames.length; position += 1) {
    const signals = frames[position]?.signals ?? [];
    assert(signals.length <= SIGNALS_MAX, 'SealedBatch.signals.signals keeps its limit');
    count += signals.length;
    for (const { path, value } of signals) {
      checkValue(value);
      let columns = byPath.get(path);
      if (columns === undefined) {
        columns = { byType: [undefined, undefined, undefined], lastPosition: -1 };
        byPath.set(path, columns);
      }
      assert(columns.lastPosition < position, 'a frame has one reading of a path');
      columns.lastPosition = position;
      const type = typeof value === 'number' ? 0 : typeof value === 'boolean' ? 1 : 2;
      const column = columns.byType[type] ?? { path, presence: [], values: [] };
      columns.byType[type] = column;
      column.presence.push(position);
      column.values.push(value);
    }
  }
  assert(byPath.size <= PATHS_MAX, 'SealedBatch.paths keeps its limit');
  assert(count <= READINGS_MAX, 'SealedBatch.signals.readings keeps its limit');
  const paths = [...byPath.keys()].sort();
  return paths.flatMap((path): readonly Column[] => {
    const [numbers, flags, texts] = byPath.get(path)?.byType ?? [];
    return [numbers, flags, texts].filter((column) => column !== undefined);
  });
}

function checkValue(value: SignalValue): void {
  if (typeof value === 'number') assert(Number.isFinite(value), 'Signal.number keeps its limit');
  if (typeof value !== 'string') return;
  const isShort = value.length <= TEXT_BYTES_MAX && Buffer.byteLength(value) <= TEXT_BYTES_MAX;
  // Half a character would be written as another one.
  assert(isShort && !/\p{Cs}/u.test(value), 'Signal.text keeps its limit');
}

/** 0 for all frames; else lengths of runs without a reading and with one in turn, up to the last frame that has one. */
function writePresence(writer: ByteWriter, presence: readonly number[], count: number): void {
  if (presence.length === count) {
    writeNumber(writer, 0);
    return;
  }
  const flags = new Array<boolean>((presence.at(-1) ?? 0) + 1).fill(false);
  for (const position of presence) flags[position] = true;
  writeRuns(writer, flags, false);
}

/** Positions of the frames that have a reading. @param all - those of all frames */
function readPresence(reader: ByteReader, all: readonly number[]): readonly number[] {
  const count = all.length;
  const runs = readRuns(reader, count, false);
  if (runs.length === 0) return reader.isBroken ? [] : all;
  const positions: number[] = [];
  eachOfRuns(runs, false, (isThere, position) => {
    if (isThere) positions.push(position);
  });
  // It ends with a reading, and says nothing that `all` would say.
  if (runs.length % 2 === 1 || positions.length === count) broken(reader);
  return positions;
}

/** Readings of each frame, in order of their paths. */
function readColumns(reader: ByteReader, paths: readonly string[], count: number): readonly SignalReading[][] {
  const frames: SignalReading[][] = Array.from({ length: count }, () => []);
  const all = Array.from({ length: count }, (_, position) => position);
  const columns = readNumber(reader, PATHS_MAX * FORMS);
  let [number, last, left] = [-1, FORMS, READINGS_MAX];
  for (let index = 0; index < columns && !reader.isBroken; index += 1) {
    const head = readNumber(reader, 2 * FORMS - 1);
    const form = (head % FORMS) as Form;
    if (head >= FORMS) number += 1;
    else if (form <= last || (formIsOfNumbers(form) && formIsOfNumbers(last as Form))) broken(reader);
    last = form;
    const path = paths[number];
    const positions = readPresence(reader, all);
    left -= positions.length;
    if (path === undefined || left < 0) broken(reader);
    else takeColumn(reader, frames, path, positions, readValues(reader, form, positions.length));
  }
  if (number !== paths.length - 1) broken(reader);
  return frames;
}

function takeColumn(
  reader: ByteReader,
  frames: readonly SignalReading[][],
  path: string,
  positions: readonly number[],
  values: readonly SignalValue[],
): void {
  for (let index = 0; index < positions.length && !reader.isBroken; index += 1) {
    const value = values[index];
    const frame = frames[positions[index] ?? 0];
    if (value === undefined || frame === undefined) return;
    // A path has one reading a frame, whichever type it is of; and its readings come one after the other.
    const { length } = frame;
    if (length === SIGNALS_MAX || (length > 0 && frame[length - 1]?.path === path)) broken(reader);
    frame.push({ path, value });
  }
}

/** Whether paths stand in order, each once. */
export function areInOrder(paths: readonly string[]): boolean {
  return paths.every((path, index) => index === 0 || (paths[index - 1] ?? '') < path);
}
