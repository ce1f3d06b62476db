import {
  decodeSealedBatch,
  decodeSignedBatch,
  encodeFrame,
  type FrameContent,
} from '../../../proto/codec/telemetry-codec.ts';
import { DEVICE_ID_CHARACTERS } from '../../../proto/words/topics.ts';
import { decryptTls13 } from '../tap/decrypt-tls13.ts';
import type { Recording } from '../tap/tap.ts';

/** What one connection's client sent, readable: the handshake with its certificate, and all application data. */
export interface Plaintext {
  readonly sent: Buffer;
  /** Bytes that no key opened; what a killed process left of a last record is not among them. */
  readonly unreadBytes: number;
  /** Bytes of a connection whose keys Node had not written down yet when its process was killed. */
  readonly keylessBytes: number;
}

/** Connections that sent nothing, such as one whose process was killed at once, are left out. */
export function decryptAll(connections: readonly Recording[], keyLog: string): readonly Plaintext[] {
  const keysOf = indexKeyLog(keyLog);
  return connections
    .filter(({ clientToServer }) => clientToServer.length > 0)
    .map((connection) => {
      const keys = keysOf(connection.clientToServer);
      const tls = decryptTls13(connection, keys);
      const sent = Buffer.concat([tls.clearClient, tls.handshakeClient, tls.clientToServer, tls.cutClient]);
      // Node appends four lines a connection, each when it can; a kill in between leaves some or none of them.
      const isKeyless = keys.split('\n').filter((line) => line !== '').length < KEY_LINES_MIN;
      const { unreadBytes } = tls.client;
      return { sent, unreadBytes: isKeyless ? 0 : unreadBytes, keylessBytes: isKeyless ? unreadBytes : 0 };
    });
}

/** Joins what many connections sent, so that it is scanned in one go; the gap keeps two of them from making one find. */
export function joinSent(plaintexts: readonly Plaintext[]): Buffer {
  return Buffer.concat(plaintexts.flatMap(({ sent }) => [sent, GAP]));
}

/**
 * What the batches among sent bytes say, each frame by itself: compressed and by columns no scan would see a value.
 *
 * @returns also how many different batches were read, and how many could not be: none, but those a killed process left half
 */
export function unfoldBatches(plaintexts: readonly Plaintext[]): {
  readonly bytes: Buffer;
  readonly batches: number;
  readonly unread: number;
} {
  const pieces: Uint8Array[] = [];
  const seen = new Set<string>();
  let [batches, unread] = [0, 0];
  for (const { sent } of plaintexts) {
    for (let at = sent.indexOf(TOPIC); at >= 0; at = sent.indexOf(TOPIC, at + 1)) {
      const opened = openAt(sent, at + TOPIC_BYTES, seen);
      if (opened === undefined) unread += 1;
      else if (opened.length > 0) {
        batches += 1;
        pieces.push(...opened, GAP);
      }
    }
  }
  return { bytes: Buffer.concat(pieces), batches, unread };
}

const TOPIC = 'tongguan/v1/up/';
/** With the device's name, and the packet's number behind it. */
const TOPIC_BYTES = TOPIC.length + DEVICE_ID_CHARACTERS + 2;
const SIGNATURE_BYTES = 66;

/** Empty for a batch that was sent before, as it is after each kill. */
function openAt(sent: Buffer, from: number, seen: Set<string>): readonly Uint8Array[] | undefined {
  const length = (sent[from + 1] ?? 0) >= 0x80 ? lengthOf(sent.subarray(from + 1)) : [sent[from + 1] ?? 0, 1];
  const [batchBytes = 0, lengthBytes = 0] = length;
  const end = from + 1 + lengthBytes + batchBytes + SIGNATURE_BYTES;
  const whole = sent.toString('latin1', from, end);
  if (seen.has(whole)) return [];
  const signed = decodeSignedBatch(sent.subarray(from, end));
  const batch = signed.ok ? decodeSealedBatch(signed.value.batch) : signed;
  if (!batch.ok) return undefined;
  seen.add(whole);
  const { frames, ...head } = batch.value;
  const rows = frames.flatMap((frame) => [encodeFrame(frame, new Map()), Buffer.from(textOf(frame))]);
  return [Buffer.from(JSON.stringify(head)), ...rows];
}

/** What is said in the frame, as text; names of signals say nothing of a drive, and would be most of what is scanned. */
function textOf(frame: FrameContent): string {
  if (frame.kind !== 'signals') return JSON.stringify(frame);
  return `${frame.observedAt} ${frame.signals.map(({ value }) => value).join(' ')}\n`;
}

/** A varint of two or three bytes. */
function lengthOf([first = 0, second = 0, third = 0]: Uint8Array): readonly [number, number] {
  const low = (first & 0x7f) + (second & 0x7f) * 0x80;
  return second >= 0x80 ? [low + third * 0x4000, 3] : [low, 2];
}

const GAP = Buffer.alloc(256);

/** Two handshake secrets and two traffic secrets; Node adds an exporter secret. */
const KEY_LINES_MIN = 5;

/** The lines of a long key log that belong to one connection, by the random of its ClientHello. */
function indexKeyLog(keyLog: string): (clientToServer: Buffer) => string {
  const lines = new Map<string, string[]>();
  for (const line of keyLog.split('\n')) {
    const random = line.split(' ', 2)[1] ?? '';
    const known = lines.get(random);
    if (known === undefined) lines.set(random, [line]);
    else known.push(line);
  }
  return (stream) => (lines.get(stream.subarray(RANDOM_AT, RANDOM_AT + RANDOM_BYTES).toString('hex')) ?? []).join('\n');
}

/** After the headers of record and handshake message and the legacy version (RFC 8446 sections 5.1, 4 and 4.1.2). */
const RANDOM_AT = 11;
const RANDOM_BYTES = 32;
