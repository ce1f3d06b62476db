import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import type { TestIdentity } from '../../support/cloud/certificates.ts';

/** A TLS server that says who it likes to be and keeps every decrypted byte it is sent. */
export interface Impostor {
  readonly endpoint: string;
  readonly heard: () => Buffer;
  /** Handshakes from its side, whether or not the other side went on after it. */
  readonly handshakes: () => number;
  readonly close: () => void;
}

export async function startImpostor(
  identity: TestIdentity,
  options: TlsOptions = {},
  answer?: string,
): Promise<Impostor> {
  const heard: Buffer[] = [];
  let handshakes = 0;
  const server = createServer({ key: identity.key, cert: identity.certificate, ...options }, (socket) => {
    handshakes += 1;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard.push(chunk);
      if (answer !== undefined) socket.end(answer);
    });
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `https://127.0.0.1:${port}`,
    heard: () => Buffer.concat(heard),
    handshakes: () => handshakes,
    close: () => server.close(),
  };
}
