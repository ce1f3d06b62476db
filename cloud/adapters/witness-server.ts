import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { causeText } from '../../proto/words/fault.ts';
import { WITNESS_REQUEST_BYTES_MAX, type WitnessAnswer } from '../log/witness.ts';

export interface WitnessServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly add: (body: Uint8Array) => WitnessAnswer;
  readonly say: (line: string) => void;
}

/** Anybody may ask, so nobody holds a place for long. */
const CONNECTIONS_MAX = 64;
const HEADER_BYTES_MAX = 8_192;
const HANDSHAKE_MS_MAX = 10_000;
const HEADERS_MS_MAX = 10_000;
const REQUEST_MS_MAX = 20_000;
const IDLE_MS_MAX = 5_000;

/** The submission interface of C2SP tlog-witness over TLS 1.3. @throws the system's error when the address cannot be listened on */
export async function serveWitness(options: WitnessServerOptions): Promise<{ port: number; close: () => void }> {
  const server = createServer(
    {
      cert: options.certificate,
      key: options.key,
      minVersion: 'TLSv1.3',
      handshakeTimeout: HANDSHAKE_MS_MAX,
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      keepAliveTimeout: IDLE_MS_MAX,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => void answer(request, response, options),
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.on('tlsClientError', (_cause, socket) => socket.destroy());
  server.on('clientError', (_cause, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => resolve());
  });
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { add, say }: WitnessServerOptions,
): Promise<void> {
  try {
    const path = new URL(request.url ?? '/', 'https://witness').pathname;
    if (!path.endsWith('/add-checkpoint')) return end(response, 404, 'no such address\n');
    if (request.method !== 'POST') return end(response, 405, 'POST only\n');
    const body = await readBody(request);
    if (body === undefined) return end(response, 413, 'longer than any request\n');
    const answered = add(body);
    end(response, answered.status, answered.body, answered.type);
  } catch (cause) {
    // Nothing was cosigned.
    say(`witness: ${causeText(cause)}`);
    end(response, 500, 'the witness cannot keep its state\n');
  }
}

function end(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': type, ...(status === 413 ? { connection: 'close' } : {}) }).end(body);
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > WITNESS_REQUEST_BYTES_MAX) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
