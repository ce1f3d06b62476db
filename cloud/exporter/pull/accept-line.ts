import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ok, type Result } from '../../../proto/words/result.ts';
import type { Clock, Instant } from '../../../proto/words/time.ts';
import { type OpeningRecord, openingRecord } from '../connection-record.ts';
import type { ExporterFault } from '../exporter-fault.ts';
import type { Traffic } from '../traffic.ts';
import { closingEntry, openingEntry } from '../traffic-entries.ts';

/** A connection that a recipient made, on record. */
export interface AcceptedLine {
  /** What TLS is given. */
  readonly line: Duplex;
  readonly socket: Socket;
  readonly openLeafIndex: number;
  /** Once its end is on record. */
  readonly ended: Promise<void>;
}

/** For whom a connection was opened is not known before its first request: its entry names no transfer. */
const NO_TRANSFER = '';

/** Puts a connection on record before the first byte of TLS, and its end once it is over. */
export async function acceptLine(
  socket: Socket,
  options: { readonly traffic: Traffic; readonly clock: Clock; readonly onLogFault: (fault: ExporterFault) => void },
): Promise<Result<AcceptedLine, ExporterFault>> {
  const { traffic, clock } = options;
  const openedAt = clock.now();
  const opening = openingRecord(openedAt, endsOf(socket), 0);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const logged = await traffic.append([openingEntry(NO_TRANSFER, opening)]);
  if (!logged.ok) {
    socket.destroy();
    return logged;
  }
  const openLeafIndex = logged.value;
  const recorded = closed.then(async () => {
    const ended = await traffic.append([
      closingEntry(NO_TRANSFER, closingOf(socket, { opening, openLeafIndex, openedAt }, clock.now())),
    ]);
    if (!ended.ok) options.onLogFault(ended.fault);
  });
  return ok({ line: socket, socket, openLeafIndex, ended: recorded });
}

function closingOf(
  { bytesWritten: bytesSent, bytesRead: bytesReceived }: Socket,
  {
    opening,
    openLeafIndex,
    openedAt,
  }: { readonly opening: OpeningRecord; readonly openLeafIndex: number; readonly openedAt: Instant },
  closedAt: Instant,
): Parameters<typeof closingEntry>[1] {
  const volume = { dataVolumeBytes: bytesSent + bytesReceived, bytesSent, bytesReceived };
  return { ...opening, openLeafIndex, ...volume, durationMs: closedAt - openedAt, ended: 'pull' };
}

/** From our side, as of connections that we make: the source is the exporter. */
function endsOf(socket: Socket): Parameters<typeof openingRecord>[1] {
  return {
    sourceIp: socket.localAddress ?? '',
    sourcePort: socket.localPort ?? 0,
    destinationIp: socket.remoteAddress ?? '',
    destinationPort: socket.remotePort ?? 0,
  };
}
