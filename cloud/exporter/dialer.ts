import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { Result } from '../../proto/words/result.ts';
import type { Clock, Instant } from '../../proto/words/time.ts';
import type { Capture, CapturedConnection } from './capture/open-capture.ts';
import {
  type ConnectionRecord,
  endpointsOf,
  figuresOf,
  type OpeningRecord,
  openingRecord,
} from './connection-record.ts';
import type { Cut } from './cut.ts';
import { type ExporterFault, exporterFault } from './exporter-fault.ts';
import { type ClientIdentity, handshake, openTcp, type SecureLine } from './handshake.ts';
import type { Recipient } from './open-permit.ts';

export interface DialOptions {
  readonly recipient: Recipient;
  readonly identity: ClientIdentity;
  readonly clock: Clock;
  readonly cut: Cut;
  readonly attempt: number;
  readonly transferId: string;
  /** For TCP and TLS together. */
  readonly connectMs: number;
  readonly capture: Pick<Capture, 'record'>;
  /** Puts a connection on record; its handshake begins only after this has resolved `ok`, with the index of the entry. */
  readonly recordOpening: (opening: OpeningRecord) => Promise<Result<number, ExporterFault>>;
}

/** Makes the connections of one attempt: on record before the first byte of TLS, pinned before the first of HTTP. */
export interface Dialer {
  readonly connector: buildConnector.connector;
  /** The pinned certificate, once a connection has stood. */
  readonly recipientCertificate: () => X509Certificate | undefined;
  /** Destroys what is still open and gives what there is to log of every connection. @param ended - why it is over */
  readonly hangUp: (ended: string) => Promise<readonly ConnectionRecord[]>;
}

/** A connection on record. */
interface Line {
  readonly socket: Socket;
  /** Absent when it could not be begun: then no byte went over it. */
  captured?: CapturedConnection;
  readonly opening: OpeningRecord;
  readonly openLeafIndex: number;
  readonly openedAt: Instant;
  readonly closed: Promise<void>;
}

export function createDialer(options: DialOptions): Dialer {
  const { clock, cut, recipient, identity } = options;
  const lines: Line[] = [];
  let certificate: X509Certificate | undefined;

  const dial = async (host: string, port: number): Promise<Result<SecureLine, ExporterFault>> => {
    const tcp = await openTcp(host, port, cut.signal);
    if (!tcp.ok) return tcp;
    const socket = tcp.value;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const openedAt = clock.now();
    const opening = openingRecord(openedAt, endpointsOf(socket), options.attempt);
    const recorded = await options.recordOpening(opening);
    if (!recorded.ok) {
      socket.destroy();
      return recorded;
    }
    const line: Line = { socket, opening, openLeafIndex: recorded.value, openedAt, closed };
    lines.push(line);
    const { transferId } = options;
    const about = { number: recorded.value, transferId, initiator: 'own' as const, openedAt, socket, onFault: cut.cut };
    const captured = await options.capture.record(about);
    if (!captured.ok) {
      socket.destroy();
      return captured;
    }
    line.captured = captured.value;
    const secure = await handshake(captured.value, { host, recipient, identity });
    if (secure.ok) certificate = secure.value.certificate;
    return secure;
  };

  return {
    connector: ({ hostname, port }, callback) => {
      const late = () => cut.cut(exporterFault('RECIPIENT_UNREACHABLE', 'ETIMEDOUT'));
      const timer = setTimeout(late, options.connectMs);
      void dial(hostname, Number(port === '' ? HTTPS_PORT : port)).then((secure) => {
        clearTimeout(timer);
        if (secure.ok) return callback(null, secure.value.socket);
        // One connection that fails ends the attempt; undici would otherwise dial again by itself.
        cut.cut(secure.fault);
        return callback(new Error(secure.fault.code), null);
      });
    },
    recipientCertificate: () => certificate,
    hangUp: async (ended) => {
      for (const { socket } of lines) socket.destroy();
      await Promise.all(lines.map((line) => line.closed));
      const closedAt = clock.now();
      return Promise.all(lines.map((line) => closingRecord(line, closedAt, ended)));
    },
  };
}

/** The figures are those of the capture: what a reader of it counts is what stands in the log. */
async function closingRecord(line: Line, closedAt: Instant, ended: string): Promise<ConnectionRecord> {
  const { opening, openLeafIndex, openedAt } = line;
  const captured = await line.captured?.end(ended === 'receipt');
  if (captured?.ok) return { ...opening, openLeafIndex, ...figuresOf(captured.value), ended };
  const { bytesWritten: bytesSent, bytesRead: bytesReceived } = line.socket;
  const counted = { dataVolumeBytes: bytesSent + bytesReceived, bytesSent, bytesReceived };
  return { ...opening, openLeafIndex, ...counted, durationMs: closedAt - openedAt, capture: null, ended };
}

const HTTPS_PORT = 443;
