import type { Recorded } from './recording-proxy.ts';
import { decryptClient, parseKeyLog } from './tls13.ts';

/** What one connection's client sent, readable. */
export interface Plaintext {
  readonly sent: Buffer;
  readonly unreadBytes: number;
}

/** Connections that sent nothing, such as one whose process was killed at once, are left out. */
export function decryptAll(connections: readonly Recorded[], keyLog: string): readonly Plaintext[] {
  const keys = parseKeyLog(keyLog);
  return connections
    .filter(({ clientToServer }) => clientToServer.length > 0)
    .map((connection) => {
      const { plain, unreadBytes } = decryptClient(connection, keys);
      return { sent: plain, unreadBytes };
    });
}
