import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { Capture, CapturedConnection } from '../../../cloud/exporter/capture/open-capture.ts';
import { type Border, SYSTEM_CLOCK } from './border.ts';

/** Connections below TLS made by hand, so that a test has them in every shape. */
export interface CapturedTls {
  readonly socket: Socket;
  readonly secure: TLSSocket;
  readonly captured: CapturedConnection;
  /** Ends both and the record. */
  readonly end: (isOrderly?: boolean) => ReturnType<CapturedConnection['end']>;
}

export interface Dial {
  readonly host: string;
  readonly port: number;
  readonly number: number;
  readonly session?: Buffer;
  readonly onFault?: () => void;
}

/** Opens a connection as the exporter does. */
export async function dial(capture: Capture, border: Border, to: Dial): Promise<CapturedTls> {
  const socket = connect({ host: to.host, port: to.port });
  await once(socket, 'connect');
  const captured = await record(capture, socket, { number: to.number, initiator: 'own', onFault: to.onFault });
  const secure = tlsConnect({
    socket: captured.line,
    ca: border.authority.certificate,
    cert: border.exporter.certificate,
    key: border.exporter.key,
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['http/1.1'],
    checkServerIdentity: () => undefined,
    ...(to.session !== undefined && { session: to.session }),
  });
  secure.on('keylog', captured.keyLog);
  secure.on('error', () => undefined);
  return { socket, secure, captured, end: (isOrderly = true) => end(socket, captured, isOrderly) };
}

/** Listens as an exporter does from which recipients fetch: raw sockets are recorded before TLS sees them. */
export async function listen(
  capture: Capture,
  border: Border,
  { host, firstNumber }: { readonly host: string; readonly firstNumber: number },
  serve: (secure: Duplex) => void,
) {
  const ended: ReturnType<CapturedConnection['end']>[] = [];
  const tls = createTlsServer({ cert: border.recipient.certificate, key: border.recipient.key, minVersion: 'TLSv1.3' });
  tls.on('keylog', capture.keyLog);
  tls.on('tlsClientError', () => undefined);
  tls.on('secureConnection', (secure) => {
    secure.on('error', () => undefined);
    serve(secure);
  });
  let number = firstNumber;
  const server = createServer((socket) => {
    number += 1;
    void record(capture, socket, { number, initiator: 'peer' }).then((captured) => {
      tls.emit('connection', captured.line);
      socket.once('close', () => ended.push(captured.end(true)));
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, ended, close: () => server.close() };
}

async function record(
  capture: Capture,
  socket: Socket,
  about: { readonly number: number; readonly initiator: 'own' | 'peer'; readonly onFault?: (() => void) | undefined },
): Promise<CapturedConnection> {
  const { number, initiator, onFault = () => undefined } = about;
  const openedAt = SYSTEM_CLOCK.now();
  const captured = await capture.record({ number, transferId: `t-${number}`, initiator, openedAt, socket, onFault });
  if (!captured.ok) throw new Error(captured.fault.code);
  return captured.value;
}

async function end(socket: Socket, captured: CapturedConnection, isOrderly: boolean) {
  const closed = socket.closed ? undefined : once(socket, 'close').catch(() => undefined);
  socket.destroy();
  await closed;
  return captured.end(isOrderly);
}

/** Asks for a path and gives the whole answer. */
export async function ask(secure: TLSSocket, path: string, body = ''): Promise<string> {
  if (!secure.authorized) await once(secure, 'secureConnect');
  const head = `POST ${path} HTTP/1.1\r\nhost: test\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n`;
  secure.write(head + body);
  const [chunk] = (await once(secure, 'data')) as [Buffer];
  return chunk.toString();
}
