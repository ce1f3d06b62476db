import type { KeyObject } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import type { Clock, Instant } from '../../../proto/words/time.ts';
import { isV4, parseAddress } from '../../capture/address.ts';
import type { ConnectionCapture } from '../../capture/capture-record.ts';
import type { Side } from '../../capture/conversation.ts';
import type { SegmentHead } from '../../capture/segment.ts';
import { createTally } from '../../capture/tally.ts';
import { type ExporterFault, errorCode, exporterFault } from '../exporter-fault.ts';
import { type Catalogue, openCatalogue } from './catalogue.ts';
import { createKeyLog } from './key-log.ts';
import { createRecorder, NO_ROOM, type Recorder } from './recorder.ts';
import { salvage, segmentFiles } from './salvage.ts';
import { createSegments, type SegmentsWriter } from './segment-writer.ts';
import { tapSocket } from './tap.ts';

export interface CaptureOptions {
  /** Has to be there: a wrong path is a fault and no empty capture. */
  readonly directory: string;
  /** X25519; the private half is with whoever may read captures. */
  readonly publicKey: KeyObject;
  /** Of all segments that are kept; when it is used up nothing is sent. */
  readonly bytesMax: number;
  readonly segmentBytes: number;
  /** Of `SEGMENTS_MAX`, which it is without. */
  readonly segmentsMax?: number;
  readonly lateMs: number;
  readonly clock: Clock;
}

/** A connection that stands and has carried nothing yet. */
export interface NewConnection {
  /** Index of its opening entry in the traffic log. */
  readonly number: number;
  readonly transferId: string;
  readonly initiator: Side;
  readonly openedAt: Instant;
  readonly socket: Socket;
  /** Told when something cannot be recorded: nothing more goes over this connection. */
  readonly onFault: (fault: ExporterFault) => void;
  /** Whether so many bytes may have come from the other end; without it, any number. What is too much is not recorded, and ends it. */
  readonly mayTake?: (bytes: number) => boolean;
}

/** A connection that is recorded. */
export interface CapturedConnection {
  /** What TLS has to be given in place of the socket. */
  readonly line: Duplex;
  /** A line of the key log, as TLS gives it. */
  readonly keyLog: (line: Buffer) => void;
  /** Whether the secrets are on record without which nobody could read what follows; asked before the first byte of content. */
  readonly isReadable: () => Promise<Result<undefined, ExporterFault>>;
  /**
   * Ends the record, once the socket is closed. The capture is durable when it resolves.
   *
   * @param isOrderly - false when it was broken off
   */
  readonly end: (isOrderly: boolean) => Promise<Result<ConnectionCapture, ExporterFault>>;
}

/** Records every connection of the exporter: raw bytes below TLS with the secrets of TLS, sealed for somebody else to read. */
export interface Capture {
  /** Resolves `ok` only once the beginning of the record is durable. */
  readonly record: (connection: NewConnection) => Promise<Result<CapturedConnection, ExporterFault>>;
  /**
   * For a TLS server, which tells its secrets for all connections at once: the ClientHello says whose they are.
   *
   * @returns how to ask whether that connection is readable; undefined when none of ours has this secret
   */
  readonly keyLog: (line: Buffer) => CapturedConnection['isReadable'] | undefined;
  readonly catalogue: Pick<Catalogue, 'kept' | 'find' | 'append'>;
  /** Removes the segments of a connection; the list has to say so before. @throws the system's error */
  readonly remove: (connection: number) => void;
  readonly close: () => void;
}

/** Opens what was captured before, and brings what a killed process left into the list. */
export function openCapture(options: CaptureOptions): Result<Capture, ExporterFault> {
  const catalogue = openCatalogue(options.directory);
  if (!catalogue.ok) return catalogue;
  try {
    const used = settleFiles(options.directory, catalogue.value);
    if (!used.ok) return used;
    return ok(createCapture(options, catalogue.value, used.value));
  } catch (cause) {
    return fail(exporterFault('CAPTURE_UNWRITABLE', errorCode(cause)));
  }
}

/** @returns bytes of the segments that are there */
function settleFiles(directory: string, catalogue: Catalogue): Result<number, ExporterFault> {
  for (const [connection, names] of segmentFiles(directory)) {
    const entry = catalogue.find(connection) === undefined ? salvage(directory, names) : undefined;
    const isOver = catalogue.isDeleted(connection);
    if (isOver || (entry === undefined && catalogue.find(connection) === undefined)) {
      for (const name of names) rmSync(join(directory, name));
    } else if (entry !== undefined) {
      const appended = catalogue.append(entry);
      if (!appended.ok) return appended;
    }
  }
  const sizes = readdirSync(directory).map((name) => statSync(join(directory, name)).size);
  return ok(sizes.reduce((sum, bytes) => sum + bytes, 0));
}

function createCapture(options: CaptureOptions, catalogue: Catalogue, usedAtStart: number): Capture {
  const { directory } = options;
  const keys = createKeyLog();
  let used = usedAtStart;
  const reserve = (bytes: number): void => {
    if (used + bytes > options.bytesMax) throw Object.assign(new Error('no room'), { code: NO_ROOM });
    used += bytes;
  };
  return {
    record: async (connection) => {
      const { number, transferId, initiator, socket, openedAt } = connection;
      const ends = endsOf(socket);
      const own = parseAddress(ends.ownIp);
      if (own === undefined || parseAddress(ends.peerIp) === undefined)
        return fail(exporterFault('CAPTURE_UNWRITABLE', 'ADDRESS'));
      const about = { connection: number, transferId, initiator, ...ends };
      const { publicKey, segmentBytes, segmentsMax, clock, lateMs } = options;
      const previous = catalogue.chain();
      const segments = createSegments({ directory, publicKey, segmentBytes, segmentsMax, about, previous, reserve });
      const tally = createTally({ initiator, isV4: isV4(own), number });
      const recorder = createRecorder({ segments, tally, clock, lateMs, onFault: connection.onFault });
      const opened = await recorder.record('open', undefined, openedAt);
      if (!opened.ok) {
        // What was begun lies there for the next start to settle; its file is let go.
        recorder.close();
        segments.finish().catch(() => undefined);
        return opened;
      }
      const followed = keys.follow(recorder, initiator);
      return ok({
        line: tapSocket(socket, followed.recorder, connection.mayTake),
        keyLog: followed.take,
        isReadable: followed.isReadable,
        end: async (isOrderly) => {
          followed.forget();
          await sayEnd({ recorder, segments }, isOrderly);
          return finish({ recorder, segments, about }, catalogue);
        },
      });
    },
    keyLog: keys.take,
    catalogue,
    remove: (connection) => {
      for (const name of segmentFiles(directory).get(connection) ?? []) {
        const path = join(directory, name);
        used -= statSync(path).size;
        rmSync(path);
      }
    },
    close: catalogue.close,
  };
}

/** How a connection ended is the last that is recorded of it. */
async function sayEnd(
  { recorder, segments }: Pick<Recorded, 'recorder' | 'segments'>,
  isOrderly: boolean,
): Promise<void> {
  try {
    await recorder.record(isOrderly ? 'end-sent' : 'cut');
  } catch (cause) {
    // It is not on record; the file is let go all the same.
    segments.finish().catch(() => undefined);
    throw cause;
  } finally {
    recorder.close();
  }
}

async function finish(
  { recorder, segments, about }: Recorded,
  catalogue: Catalogue,
): Promise<Result<ConnectionCapture, ExporterFault>> {
  if (!(await recorder.settle())) {
    // The disk is still at it: its file is let go when it is done.
    segments.finish().catch(() => undefined);
    return fail(recorder.fault() ?? exporterFault('CAPTURE_LATE'));
  }
  try {
    const finished = [...(await segments.finish())];
    const isWhole = recorder.fault() === undefined;
    const fields = { kind: 'connection' as const, ...about, ...recorder.tally(), segments: finished, isWhole };
    const entry = { ...fields, previous: catalogue.chain() };
    const appended = catalogue.append(fields);
    return appended.ok ? ok(entry) : appended;
  } catch (cause) {
    return fail(exporterFault('CAPTURE_UNWRITABLE', errorCode(cause)));
  }
}

interface Recorded {
  readonly recorder: Recorder;
  readonly segments: SegmentsWriter;
  readonly about: Omit<SegmentHead, 'segment' | 'part' | 'previous' | 'sealedTo' | 'key'>;
}

function endsOf(socket: Socket) {
  return {
    ownIp: socket.localAddress ?? '',
    ownPort: socket.localPort ?? 0,
    peerIp: socket.remoteAddress ?? '',
    peerPort: socket.remotePort ?? 0,
  };
}
