import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ok, type Result } from '../../../proto/words/result.ts';
import type { Clock } from '../../../proto/words/time.ts';
import type { Capture, CapturedConnection } from '../capture/open-capture.ts';
import { endpointsOf, figuresOf, openingRecord } from '../connection-record.ts';
import type { ExporterFault } from '../exporter-fault.ts';
import type { Traffic } from '../traffic.ts';
import { closingEntry, openingEntry } from '../traffic-entries.ts';

/** A connection that a recipient made, on record. */
export interface AcceptedLine {
  /** What TLS is given. */
  readonly line: Duplex;
  readonly socket: Socket;
  readonly openLeafIndex: number;
  readonly isReadable: CapturedConnection['isReadable'];
  /** Once its end is on record. */
  readonly ended: Promise<void>;
}

/** For whom a connection was opened is not known before its first request: its entry names no transfer. */
const NO_TRANSFER = '';

export interface AcceptOptions {
  readonly traffic: Traffic;
  readonly capture: Pick<Capture, 'record'>;
  readonly clock: Clock;
  readonly onLogFault: (fault: ExporterFault) => void;
  /** Whether so many bytes may have come, by what is known of the other end by then. */
  readonly mayTake: (bytes: number) => boolean;
}

/** Puts a connection on record and into a capture before the first byte of TLS, and its end into the log once it is over. */
export async function acceptLine(socket: Socket, options: AcceptOptions): Promise<Result<AcceptedLine, ExporterFault>> {
  const { traffic, capture, clock } = options;
  const openedAt = clock.now();
  const opening = openingRecord(openedAt, endpointsOf(socket), 0);
  let isOrderly = false;
  socket.once('end', () => {
    isOrderly = true;
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const logged = await traffic.append([openingEntry(NO_TRANSFER, opening)]);
  if (!logged.ok) {
    socket.destroy();
    return logged;
  }
  const number = logged.value;
  const onFault = (): unknown => socket.destroy();
  const captured = await capture.record({
    ...{ number, transferId: NO_TRANSFER, initiator: 'peer', openedAt, socket, onFault },
    mayTake: options.mayTake,
  });
  if (!captured.ok) socket.destroy();
  const ended = closed.then(async () => {
    const figures = captured.ok ? await captured.value.end(isOrderly) : captured;
    const counted = figures.ok ? figuresOf(figures.value) : uncaptured(socket, clock.now() - openedAt);
    const entry = closingEntry(NO_TRANSFER, { ...opening, openLeafIndex: number, ...counted, ended: 'pull' });
    const appended = await traffic.append([entry]);
    if (!appended.ok) options.onLogFault(appended.fault);
  });
  if (!captured.ok) return captured;
  const { line, isReadable } = captured.value;
  return ok({ line, socket, openLeafIndex: number, isReadable, ended });
}

/** What the socket alone can tell. */
function uncaptured({ bytesWritten: bytesSent, bytesRead: bytesReceived }: Socket, durationMs: number) {
  return { dataVolumeBytes: bytesSent + bytesReceived, bytesSent, bytesReceived, durationMs, capture: null };
}
