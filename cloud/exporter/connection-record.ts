import type { Socket } from 'node:net';
import { civilDateOf, type Instant, startOfDay } from '../../proto/words/time.ts';
import type { ConnectionCapture } from '../capture/capture-record.ts';

/** The two ends of a TCP connection. */
export interface Endpoints {
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly destinationIp: string;
  readonly destinationPort: number;
}

/** As the exporter sees it, whoever opened the connection: the source is the exporter. */
export function endpointsOf(socket: Socket): Endpoints {
  return {
    sourceIp: socket.localAddress ?? '',
    sourcePort: socket.localPort ?? 0,
    destinationIp: socket.remoteAddress ?? '',
    destinationPort: socket.remotePort ?? 0,
  };
}

/**
 * Eight of the nine fields of a network traffic log (eight ministries' guidance of 2026-02-03, IV.3 (1)): all that is known
 * when TCP stands.
 * Date and time are of the mainland calendar, with the offset spelt out.
 */
export interface OpeningRecord extends Endpoints {
  readonly date: string;
  readonly time: string;
  readonly transportProtocol: 'TCP';
  readonly applicationProtocol: 'HTTP/1.1 over TLS 1.3';
  readonly attempt: number;
}

/** All nine fields. Bytes are those of the TCP stream, TLS included, headers of IP and TCP not. */
export interface ConnectionRecord extends OpeningRecord {
  readonly openLeafIndex: number;
  /** Both directions; null when the process was killed before it could count. */
  readonly dataVolumeBytes: number | null;
  readonly bytesSent: number | null;
  readonly bytesReceived: number | null;
  readonly durationMs: number | null;
  /** What the record of its traffic comes to; null when there is none that was finished. */
  readonly capture: CaptureFigures | null;
  /** `receipt`, or the code of the fault that ended it. */
  readonly ended: string;
}

/** Of the packets that an export of the capture holds, as any reader of it counts them. */
export interface CaptureFigures {
  /** Of the first and the last packet, ms since 1970 UTC. */
  readonly startMs: number;
  readonly endMs: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** Ethernet frames. */
  readonly frameBytesSent: number;
  readonly frameBytesReceived: number;
  /** SHA-256 and length of each segment, in order. */
  readonly segments: readonly { readonly sha256: string; readonly bytes: number }[];
  /** False when the process was killed or the disk failed: the record goes as far as it was durable. */
  readonly isWhole: boolean;
}

export type ConnectionFigures = Pick<
  ConnectionRecord,
  'dataVolumeBytes' | 'bytesSent' | 'bytesReceived' | 'durationMs' | 'capture'
>;

export function figuresOf(capture: ConnectionCapture): ConnectionFigures {
  const { bytesSent, bytesReceived, startMs, endMs, packetsSent, packetsReceived } = capture;
  const { frameBytesSent, frameBytesReceived, segments, isWhole } = capture;
  const packets = { startMs, endMs, packetsSent, packetsReceived, frameBytesSent, frameBytesReceived };
  const counted = { dataVolumeBytes: bytesSent + bytesReceived, bytesSent, bytesReceived };
  return { ...counted, durationMs: endMs - startMs, capture: { ...packets, segments, isWhole } };
}

export function openingRecord(at: Instant, ends: Endpoints, attempt: number): OpeningRecord {
  return {
    date: civilDateOf(at),
    time: timeOfDay(at),
    ...ends,
    transportProtocol: 'TCP',
    applicationProtocol: 'HTTP/1.1 over TLS 1.3',
    attempt,
  };
}

/** `09:30:00.125+08:00`. */
function timeOfDay(at: Instant): string {
  const sinceMidnightMs = at - startOfDay(civilDateOf(at));
  return `${new Date(sinceMidnightMs).toISOString().slice(11, 23)}+08:00`;
}
