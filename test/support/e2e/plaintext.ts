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
