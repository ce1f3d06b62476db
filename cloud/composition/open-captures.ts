import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { causeText } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { type CaptureFiles, captureFiles } from '../adapters/capture-files.ts';
import { type CaptureIndex, type CaptureQuery, sqliteCaptureIndex } from '../adapters/sqlite-capture-index.ts';
import { type CaptureFault, captureFault } from '../capture/capture-fault.ts';
import { CATALOGUE_FILE, type ConnectionCapture } from '../capture/capture-record.ts';
import { reconstruct } from '../capture/reconstruct.ts';
import { segmentFile } from '../capture/segment.ts';
import type { BundledCaptures } from '../ports/bundle.ts';
import type { NoteProgress } from '../ports/progress.ts';

export interface CapturePlaces {
  /** `capture.directory` of the exporter, or a copy of it. */
  readonly directory: string;
  /** SQLite; beside the captures when it is not said. */
  readonly index: string | undefined;
}

export interface ExportOrder {
  /** Ascending by start. */
  readonly captures: readonly ConnectionCapture[];
  /** PEM of the X25519 private key. */
  readonly keyFile: string;
  /** May not be there yet. */
  readonly out: string;
  /** Told of each connection that was checked, and of each that was written. */
  readonly note?: NoteProgress;
}

export interface ExportedCaptures {
  readonly bytes: number;
  readonly sha256: string;
}

export interface Captures extends Pick<CaptureIndex, 'find' | 'close'> {
  /** Checks every segment, then writes one pcapng file. */
  readonly export: (order: ExportOrder) => Result<ExportedCaptures, CaptureFault>;
}

/** Owner alone: the file holds what was sent in clear. */
const FILE_MODE = 0o600;
const INDEX_FILE = 'index.sqlite';

/** Opens captures with an index that knows all of them. */
export function openCaptures({ directory, index: file }: CapturePlaces): Result<Captures, CaptureFault> {
  try {
    const index = sqliteCaptureIndex(file ?? join(directory, INDEX_FILE));
    const followed = index.follow(directory);
    if (followed.ok) return ok({ find: index.find, close: index.close, export: exportFrom.bind(null, directory) });
    index.close();
    return followed;
  } catch (cause) {
    return fail(captureFault('CAPTURE_FILES_UNREADABLE', causeText(cause)));
  }
}

/** `until` itself is not in the time. */
export interface BundledCapturesQuery extends Omit<CaptureQuery, 'to'> {
  readonly until: Instant;
}

/**
 * What a bundle takes of captures: the list, and the segments of every connection that was under way from `from` to before
 * `until`, as they lie there. Nothing is written beside them.
 */
export function bundledCaptures(
  directory: string,
  { until, ...query }: BundledCapturesQuery,
): Result<BundledCaptures, CaptureFault> {
  try {
    const index = sqliteCaptureIndex(':memory:');
    const followed = index.follow(directory);
    const found = followed.ok ? [...index.find({ ...query, to: (until - 1) as Instant })] : [];
    index.close();
    if (!followed.ok) return followed;
    const segments = found.flatMap((capture) =>
      capture.segments.map(({ sha256 }, at) => ({ name: segmentFile(capture.connection, at + 1), sha256 })),
    );
    // Where nothing was ever captured there is no list.
    const list = existsSync(join(directory, CATALOGUE_FILE)) ? [{ name: CATALOGUE_FILE }] : [];
    const files = [...list, ...segments].map((file) => ({
      ...file,
      path: join(directory, file.name),
    }));
    const bytes = found.reduce((sum, { segments }) => sum + segments.reduce((all, one) => all + one.bytes, 0), 0);
    return ok({ connections: found.length, bytes, files });
  } catch (cause) {
    return fail(captureFault('CAPTURE_FILES_UNREADABLE', causeText(cause)));
  }
}

function exportFrom(directory: string, order: ExportOrder): Result<ExportedCaptures, CaptureFault> {
  try {
    const files = captureFiles(directory, order.keyFile);
    for (const [at, capture] of order.captures.entries()) {
      order.note?.({ step: 'checking', share: at / order.captures.length });
      const verified = files.verify(capture);
      if (!verified.ok) return verified;
    }
    return ok(write(files, order));
  } catch (cause) {
    return fail(captureFault('CAPTURE_FILES_UNREADABLE', causeText(cause)));
  }
}

function write(files: CaptureFiles, { captures, out, note }: ExportOrder): ExportedCaptures {
  const hash = createHash('sha256');
  let bytes = 0;
  const fd = openSync(out, 'wx', FILE_MODE);
  try {
    for (const chunk of reconstruct(readable(files, captures, note))) {
      for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at);
      hash.update(chunk);
      bytes += chunk.length;
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return { bytes, sha256: hash.digest('hex') };
}

function* readable(files: CaptureFiles, captures: readonly ConnectionCapture[], note?: NoteProgress) {
  for (const [at, capture] of captures.entries()) {
    note?.({ step: 'writing', share: at / captures.length });
    yield { capture, events: () => files.events(capture) };
  }
}
