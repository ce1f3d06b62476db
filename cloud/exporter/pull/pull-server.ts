import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { causeText, renderFault } from '../../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import type { AttemptOptions } from '../attempt.ts';
import type { Capture, CapturedConnection } from '../capture/open-capture.ts';
import type { Claims } from '../claims.ts';
import { type ExporterFault, errorCode, exporterFault } from '../exporter-fault.ts';
import { acceptLine } from './accept-line.ts';
import { answerProblem } from './answer.ts';
import { answerRequest } from './answer-request.ts';
import { createDoorkeeper } from './doorkeeper.ts';
import { lineDeadlines } from './line-deadline.ts';
import { createMinuteLimit } from './minute-limit.ts';
import { createRecipientLines, type Line, type RecipientLimits } from './recipient-lines.ts';
import type { Admission, StrangerLimit } from './stranger-limit.ts';

export interface PullLimits extends RecipientLimits {
  readonly connectionsMax: number;
  readonly requestsPerMinuteMax: number;
  readonly patience: PullPatience;
}

/** Longest times of one connection, in ms; `exporter.yaml` says what each is for. */
export interface PullPatience {
  readonly handshakeMs: number;
  readonly headersMs: number;
  readonly requestMs: number;
  readonly idleMs: number;
  readonly stalledMs: number;
}

export interface PullOptions extends AttemptOptions {
  readonly capture: Pick<Capture, 'record' | 'keyLog'>;
  readonly say: (line: string) => void;
  readonly claims: Claims;
  /** PEM; `authority` issued the recipients' client certificates. */
  readonly tls: { readonly certificate: Buffer; readonly key: Buffer; readonly authority: Buffer };
  readonly pullLimits: PullLimits;
  readonly strangers: StrangerLimit;
  /** Nothing may be sent any more. */
  readonly onLogFault: (fault: ExporterFault) => void;
}

/** A request's line and headers. */
const HEADER_BYTES_MAX = 8_192;

/** What may come before a registered certificate has been shown: a handshake with a long chain is a third of it. */
const STRANGER_BYTES_MAX = 32_768;

/**
 * Parcels for recipients that fetch: TLS 1.3 with a registered client certificate. Every connection is on record before its
 * first byte of TLS, and every transfer before its first byte of content; of strangers only so many, and who is beyond
 * that is counted, and hears nothing.
 */
export function createPullServer(options: PullOptions): PullServer {
  const doorkeeper = createDoorkeeper({ ...options, limit: options.strangers });
  const lines = createLines(options);
  const tcp = createTcpServer({ pauseOnConnect: false }, (socket) => {
    try {
      const admission = doorkeeper.admit(socket.remoteAddress ?? '');
      if (admission === undefined) socket.destroy();
      else lines.take(socket, admission);
    } catch (cause) {
      cutOff(socket, cause, options);
    }
  });
  // Those beyond the limit end before anybody is asked.
  tcp.on('drop', (ends) => doorkeeper.count(ends?.remoteAddress ?? ''));
  tcp.maxConnections = options.pullLimits.connectionsMax;
  return {
    listen: ({ host, port }) =>
      new Promise((resolve) => {
        tcp.once('error', (cause) =>
          resolve(fail(exporterFault('LISTEN_REFUSED', `${errorCode(cause)} ${host}:${port}, pull.listen`))),
        );
        tcp.listen(port, host, () => resolve(ok((tcp.address() as AddressInfo).port)));
      }),
    stop: async () => {
      tcp.close();
      await lines.end();
      await doorkeeper.close();
    },
  };
}

/** Connections that are recorded. */
interface Lines {
  readonly take: (socket: Socket, admission: Admission) => void;
  /** Cuts all of them, and resolves once the end of each is on record. */
  readonly end: () => Promise<void>;
}

function createLines(options: PullOptions): Lines {
  const vouchers: Vouchers = new WeakMap();
  const https = createHttpsServer(options, vouchers);
  const sockets = new Set<Socket>();
  const ends = new Set<Promise<unknown>>();
  return {
    take: (socket, admission) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => sockets.delete(socket));
      let isKnown = false;
      const mayTake = (bytes: number): boolean => isKnown || bytes <= STRANGER_BYTES_MAX;
      const accepting = acceptLine(socket, { ...options, mayTake }).then((accepted) => {
        if (!accepted.ok) return refuse(accepted.fault, options);
        vouchers.set(accepted.value.isReadable, () => {
          isKnown = true;
          admission.vouch();
        });
        const ended = accepted.value.ended
          .catch((cause: unknown) => cutOff(socket, cause, options))
          .finally(() => ends.delete(ended));
        ends.add(ended);
        if (!socket.destroyed) https.emit('connection', accepted.value.line);
      });
      accepting.catch((cause: unknown) => cutOff(socket, cause, options));
    },
    end: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(ends);
      https.close();
    },
  };
}

/** Without the log nothing goes on; what cannot be captured ends with its connection. */
function refuse(fault: ExporterFault, { onLogFault, say }: PullOptions): void {
  if (fault.code === 'TRAFFIC_LOG') onLogFault(fault);
  else say(renderFault('exporter', fault));
}

/** A check that throws has permitted nothing: its connection ends, and nobody else's. */
function cutOff(socket: Pick<Socket, 'destroy'>, cause: unknown, { say }: PullOptions): void {
  socket.destroy();
  say(renderFault('exporter', exporterFault('PULL_BROKEN', causeText(cause))));
}

export interface PullServer {
  /** Gives the port. */
  readonly listen: (at: { readonly host: string; readonly port: number }) => Promise<Result<number, ExporterFault>>;
  /** Cuts every connection, and resolves once the end of each is on record. */
  readonly stop: () => Promise<void>;
}

/** By what tells whether a connection can be read, which is its own: TLS gives that, and not the socket it stands on. */
type Vouchers = WeakMap<CapturedConnection['isReadable'], () => void>;

function httpsOptions({ certificate, key, authority }: PullOptions['tls'], patience: PullPatience): ServerOptions {
  return {
    cert: certificate,
    key,
    ca: authority,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['http/1.1'],
    // Bytes of a handshake do not begin it anew: whoever drips one has no more time than whoever says nothing.
    handshakeTimeout: patience.handshakeMs,
    maxHeaderSize: HEADER_BYTES_MAX,
    keepAliveTimeout: patience.idleMs,
  };
}

function createHttpsServer(options: PullOptions, vouchers: Vouchers): Server {
  const lines = new WeakMap<object, Line>();
  const readable = new WeakMap<object, CapturedConnection['isReadable']>();
  const recipients = createRecipientLines(options);
  const { requestsPerMinuteMax, patience } = options.pullLimits;
  const isWithin = createMinuteLimit(requestsPerMinuteMax);
  const deadlines = lineDeadlines(patience);
  const server = createServer(httpsOptions(options.tls, patience), (request, response) => {
    deadlines.onRequest(request, response);
    answer(request, response).catch((cause: unknown) => cutOff(request.socket, cause, options));
  });
  server.setTimeout(patience.stalledMs);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const line = lines.get(request.socket);
    if (line === undefined) return answerProblem(response, exporterFault('EXPORTER_UNKNOWN'));
    if (line.fault !== undefined) return answerProblem(response, line.fault);
    if (!isWithin(line.caller.recipientId, options.clock.now()))
      return answerProblem(response, exporterFault('PULL_TOO_OFTEN'));
    // Until the secrets of TLS are on record, no byte of content is written.
    const isReadable = await readable.get(request.socket)?.();
    if (isReadable?.ok !== true) {
      request.socket.destroy();
      return;
    }
    const handled = await answerRequest(request, response, line);
    if (handled !== undefined) {
      if (handled.code === 'TRAFFIC_LOG') options.onLogFault(handled);
      answerProblem(response, handled);
    }
  };

  server.on('keylog', (line: Buffer, socket: TLSSocket) => {
    const isReadable = options.capture.keyLog(line);
    if (isReadable !== undefined) readable.set(socket, isReadable);
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    deadlines.begin(socket);
    const line = recipients.take(socket);
    if (line === 'nobody') return;
    if (line === 'too-many') {
      socket.destroy();
      return;
    }
    lines.set(socket, line);
    const isReadable = readable.get(socket);
    if (isReadable !== undefined && line.fault === undefined) vouchers.get(isReadable)?.();
  });
  server.on('tlsClientError', (_cause, socket) => socket.destroy());
  server.on('clientError', (_cause, socket) => socket.destroy());
  return server;
}
