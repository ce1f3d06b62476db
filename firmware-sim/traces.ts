import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import {
  type LineProblem,
  parseRow,
  recogniseHeader,
  type TraceFormat,
  type TracePoint,
} from '../proto/traces/trace-format.ts';
import type { Bilingual } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import type { Instant } from '../proto/words/time.ts';
import { boundLines } from './bound-lines.ts';
import { VEHICLES_MAX } from './fleet.ts';
import {
  brokenLine,
  empty,
  FILE_LINES_MAX,
  FILE_POINTS_MAX,
  POINTS_MAX,
  TRACE_FILES_MAX,
  type TraceFault,
  tooLarge,
  tooManyFiles,
  unknownHeader,
  unreadable,
} from './trace-faults.ts';

/** One vehicle's real trace: columns of equal length, in order of time (equal times may follow each other). */
export interface Trace {
  /** Name of the file and ordinal of the vehicle in it; the file's own name for the vehicle is left behind. */
  readonly source: string;
  readonly at: readonly Instant[];
  /** Decimal degrees, WGS-84, exactly as in the file. */
  readonly latitude: readonly number[];
  readonly longitude: readonly number[];
  /** Metres; NaN where the file gives none. */
  readonly altitudeM: readonly number[];
}

export interface LoadedTraces {
  readonly traces: readonly Trace[];
  readonly points: number;
  readonly brokenLines: number;
}

export interface TraceListener {
  /** One call for each broken line, up to `BROKEN_LINES_TOLD_MAX` a file; the rest is only counted. */
  readonly onBrokenLine: (fault: TraceFault) => void;
  readonly onAssumption: (file: string, assumption: Bilingual) => void;
}

export const LINE_BYTES_MAX = 1_024;
export const BROKEN_LINES_TOLD_MAX = 20;

/**
 * Reads trace files (CSV, or CSV in gzip when the name ends in `.gz`); the header line tells the format.
 *
 * A broken line costs one point: it is told, counted and left out. A file that cannot be read to its end, has no header we
 * know, holds no good line or breaks a limit ends the call.
 *
 * @param latest - a point after this instant is a broken line: the simulator never writes a future time
 */
export async function loadTraces(
  files: readonly string[],
  latest: Instant,
  listener: TraceListener,
): Promise<Result<LoadedTraces, TraceFault>> {
  if (files.length > TRACE_FILES_MAX) return fail(tooManyFiles(files.length));
  const traces: Trace[] = [];
  let points = 0;
  let brokenLines = 0;
  for (const file of files) {
    const loaded = await loadFile(
      file,
      { latest, pointsMax: Math.min(FILE_POINTS_MAX, POINTS_MAX - points) },
      listener,
    );
    if (!loaded.ok) return loaded;
    traces.push(...loaded.value.traces);
    points += loaded.value.points;
    brokenLines += loaded.value.brokenLines;
  }
  return ok({ traces, points, brokenLines });
}

interface FileLimits {
  readonly latest: Instant;
  readonly pointsMax: number;
}

async function loadFile(
  file: string,
  limits: FileLimits,
  listener: TraceListener,
): Promise<Result<LoadedTraces, TraceFault>> {
  const collector = createCollector(file, limits, listener);
  const stop = new AbortController();
  const parser = parse({
    bom: true,
    quote: null,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    on_record: (cells: string[], context: { readonly lines: number }) => {
      if (!stop.signal.aborted && !collector.take(cells, context.lines)) stop.abort();
      return null;
    },
  });
  try {
    const source = createReadStream(file);
    const unpack = file.endsWith('.gz') ? createGunzip() : new PassThrough();
    const bounded = (chunks: AsyncIterable<Uint8Array>) => boundLines(chunks, LINE_BYTES_MAX);
    await pipeline(source, unpack, bounded, parser, drain, { signal: stop.signal });
  } catch (cause) {
    if (!stop.signal.aborted) return fail(unreadable(file, cause));
  }
  return collector.finish();
}

/** The parser keeps nothing; what arrives here is only its end. */
async function drain(records: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of records);
}

interface Collector {
  /** False once the file is beyond help: a header nobody knows, or a limit broken. */
  readonly take: (cells: readonly string[], line: number) => boolean;
  readonly finish: () => Result<LoadedTraces, TraceFault>;
}

function createCollector(file: string, limits: FileLimits, listener: TraceListener): Collector {
  const columns = new Map<string, TraceColumns>();
  let format: TraceFormat | undefined;
  let fatal: TraceFault | undefined;
  let points = 0;
  let brokenLines = 0;

  const takeHeader = (cells: readonly string[]) => {
    format = recogniseHeader(cells);
    if (format === undefined) fatal = unknownHeader(file);
    else if (format.assumes !== undefined) listener.onAssumption(file, format.assumes);
    return format !== undefined;
  };
  const takeRow = (known: TraceFormat, cells: readonly string[], line: number) => {
    const added = addRow(columns, parseRow(known, cells), limits.latest);
    if (added.ok) {
      points += 1;
    } else {
      brokenLines += 1;
      if (brokenLines <= BROKEN_LINES_TOLD_MAX) listener.onBrokenLine(brokenLine(file, line, added.fault));
    }
    if (points > limits.pointsMax || line > FILE_LINES_MAX || columns.size > VEHICLES_MAX) fatal = tooLarge(file);
    return fatal === undefined;
  };
  return {
    take: (cells, line) => (format === undefined ? takeHeader(cells) : takeRow(format, cells, line)),
    finish: () => {
      if (fatal !== undefined) return fail(fatal);
      if (points === 0) return fail(empty(file));
      const traces = [...columns.values()].map((trace, index) => ({
        source: `${basename(file)}#${index + 1}`,
        ...trace,
      }));
      return ok({ traces, points, brokenLines });
    },
  };
}

/** Columns of one vehicle while its file is being read. */
interface TraceColumns {
  readonly at: Instant[];
  readonly latitude: number[];
  readonly longitude: number[];
  readonly altitudeM: number[];
}

function addRow(
  columns: Map<string, TraceColumns>,
  row: Result<TracePoint, LineProblem>,
  latest: Instant,
): Result<undefined, LineProblem> {
  if (!row.ok) return row;
  const point = row.value;
  const trace = columns.get(point.vehicle) ?? { at: [], latitude: [], longitude: [], altitudeM: [] };
  const last = trace.at.at(-1);
  if (last !== undefined && point.at < last) return fail('order');
  if (point.at > latest) return fail('future');
  columns.set(point.vehicle, trace);
  trace.at.push(point.at);
  trace.latitude.push(point.latitude);
  trace.longitude.push(point.longitude);
  trace.altitudeM.push(point.altitudeM);
  return ok(undefined);
}
