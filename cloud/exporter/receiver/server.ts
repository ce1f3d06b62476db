import type { TLSSocket } from 'node:tls';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { renderFault } from '../../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from '../exporter-fault.ts';
import { fingerprintOf } from '../handshake.ts';
import { type FileName, isDataFileName, isTransferId, MANIFEST_NAME } from '../names.ts';
import { parseContentRange, parseDigestField } from '../repr-digest.ts';
import type { Completer } from './complete-transfer.ts';
import type { TransferKey } from './layout.ts';
import { sendProblem } from './problem.ts';
import type { Resumer } from './resume-file.ts';
import type { createTaker } from './take-file.ts';
import { WRITE_BYTES } from './write-body.ts';

export interface ServerOptions {
  /** PEM. */
  readonly tls: { readonly certificate: Buffer; readonly key: Buffer; readonly exporterAuthority: Buffer };
  /** Ids of exporters by the SHA-256 of their certificates, lower-case hex. */
  readonly exporters: ReadonlyMap<string, string>;
  readonly connectionsMax: number;
  readonly takeFile: ReturnType<typeof createTaker>;
  readonly resumer: Resumer;
  readonly complete: Completer['complete'];
  readonly say: (line: string) => void;
}

interface Context extends ServerOptions {
  /** Id of the exporter that sent a request, or undefined for nobody we know. */
  readonly callerOf: (request: FastifyRequest) => string | undefined;
}

/** Longest silence on a connection. */
export const SILENCE_MS_MAX = 120_000;
const HANDSHAKE_MS_MAX = 10_000;
/** Of the JSON of `complete`; files are limited by `takeFile`. */
const JSON_BYTES_MAX = 4_096;

/**
 * The interface of docs/receiver.md: TLS 1.3, a registered client certificate, files in, a receipt out. Nothing that was
 * received can be asked for.
 */
export function createServer(options: ServerOptions): FastifyInstance {
  const { certificate, key, exporterAuthority } = options.tls;
  const app = fastify({
    logger: false,
    bodyLimit: JSON_BYTES_MAX,
    connectionTimeout: SILENCE_MS_MAX,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 128 },
    https: {
      cert: certificate,
      key,
      ca: exporterAuthority,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
      handshakeTimeout: HANDSHAKE_MS_MAX,
      highWaterMark: WRITE_BYTES,
    },
  });
  app.server.maxConnections = options.connectionsMax;
  // The body of a file is left in the socket for `takeFile`, which looks at its length first.
  app.addContentTypeParser('application/octet-stream', (_request, _payload, done) => done(null));

  const context = { ...options, callerOf: registerCallers(app.server, options.exporters) };
  app.addHook('onRequest', async (request, reply) => {
    if (context.callerOf(request) === undefined) await sendProblem(reply, exporterFault('EXPORTER_UNKNOWN'));
  });
  app.head('/v1/transfers/:id/files/:name', async (request, reply) => {
    const held = await countHeld(request, context);
    return held.ok
      ? reply.code(204).header('upload-offset', String(held.value)).send()
      : sendProblem(reply, held.fault);
  });
  app.put('/v1/transfers/:id/files/:name', async (request, reply) => {
    const taken = await take(request, context);
    return taken.ok ? reply.code(204).send() : sendProblem(reply, taken.fault);
  });
  app.post('/v1/transfers/:id/complete', async (request, reply) => {
    const receipt = await finish(request, context);
    return receipt.ok ? reply.type('application/octet-stream').send(receipt.value) : sendProblem(reply, receipt.fault);
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, exporterFault('REQUEST_INVALID', 'no such address')));
  app.setErrorHandler((cause, _request, reply) => answerError(cause, reply, options.say));
  return app;
}

async function take(request: FastifyRequest, options: Context): Promise<Result<undefined, ExporterFault>> {
  const key = keyOf(request, options);
  const name = nameOf(request);
  if (key === undefined || name === undefined)
    return fail(exporterFault('REQUEST_INVALID', 'transfer id or file name'));
  const length = request.headers['content-length'];
  if (length === undefined) return fail(exporterFault('LENGTH_REQUIRED'));
  const sha256 = parseDigestField(String(request.headers['repr-digest'] ?? ''));
  const range = request.headers['content-range'];
  if (sha256 === undefined) {
    if (range !== undefined) return fail(exporterFault('REQUEST_INVALID', 'content-range without repr-digest'));
    return options.takeFile({ key, name, bytes: Number(length), body: request.raw });
  }
  const whole = { from: 0, total: Number(length) };
  const part = range === undefined ? whole : parseContentRange(range);
  if (part === undefined || part.total - part.from !== Number(length)) {
    return fail(exporterFault('REQUEST_INVALID', 'content-range'));
  }
  return options.resumer.take({ key, name, sha256, ...part, body: request.raw });
}

async function countHeld(request: FastifyRequest, options: Context): Promise<Result<number, ExporterFault>> {
  const key = keyOf(request, options);
  const name = nameOf(request);
  const sha256 = parseDigestField(String(request.headers['repr-digest'] ?? ''));
  if (key === undefined || name === undefined || sha256 === undefined) {
    return fail(exporterFault('REQUEST_INVALID', 'transfer id, file name or repr-digest'));
  }
  return ok(await options.resumer.held({ key, name, sha256 }));
}

async function finish(request: FastifyRequest, options: Context): Promise<Result<Buffer, ExporterFault>> {
  const key = keyOf(request, options);
  const body = CompleteBody.safeParse(request.body);
  if (key === undefined || !body.success) return fail(exporterFault('REQUEST_INVALID', 'transfer id or body'));
  return options.complete(key, Buffer.from(body.data.manifestSha256, 'hex'));
}

function keyOf(request: FastifyRequest, options: Context): TransferKey | undefined {
  const exporterId = options.callerOf(request);
  const { id } = Params.parse(request.params);
  return exporterId !== undefined && isTransferId(id) ? { exporterId, id } : undefined;
}

function nameOf(request: FastifyRequest): FileName | undefined {
  const { name = '' } = Params.parse(request.params);
  return name === MANIFEST_NAME ? MANIFEST_NAME : isDataFileName(name) ? name : undefined;
}

/** Remembers for each connection which registered exporter is at the other end; TLS has checked the certificate itself. */
function registerCallers(
  server: FastifyInstance['server'],
  exporters: ServerOptions['exporters'],
): Context['callerOf'] {
  const callers = new WeakMap<object, string>();
  server.on('secureConnection', (socket: TLSSocket) => {
    const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
    const id = certificate === undefined ? undefined : exporters.get(fingerprintOf(certificate.raw));
    if (id !== undefined) callers.set(socket, id);
  });
  return (request) => callers.get(request.raw.socket);
}

/** Says what went wrong here to our own operator only; the sender learns whether to try again. */
function answerError(cause: unknown, reply: FastifyReply, say: (line: string) => void): FastifyReply {
  const status = cause instanceof Error && 'statusCode' in cause ? Number(cause.statusCode) : 500;
  if (status < 500) return sendProblem(reply, exporterFault('REQUEST_INVALID', errorCode(cause)));
  const fault = exporterFault('STORE_UNWRITABLE', isSystemError(cause) ? errorCode(cause) : 'BUG');
  say(renderFault('receiver', fault));
  return sendProblem(reply, exporterFault('STORE_UNWRITABLE'));
}

const Params = z.object({ id: z.string(), name: z.string().optional() });
const CompleteBody = z.strictObject({ manifestSha256: z.string().regex(/^[0-9a-f]{64}$/) });
