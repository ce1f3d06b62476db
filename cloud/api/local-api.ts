import { createReadStream, lstatSync, rmSync } from 'node:fs';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AccessGuard } from '../access/guard.ts';
import { readingOf } from '../access/readings.table.ts';
import { actUnprovable, type ProveAct } from '../approvals/prove-act.ts';
import type { ActProof } from '../approvals/signed-act.ts';
import { LOGIN_HEADER, runAsLogin } from '../login.ts';
import { readingRoutes } from './reading-routes.ts';
import type { ApiRoute, Asker } from './route.ts';

/** The local HTTP API, on a Unix socket whose directory decides who may use it. */
export interface LocalApiParts {
  readonly access: AccessGuard;
  readonly routes: readonly ApiRoute[];
  /** Holds signatures against the authority matrix; without it what has to be signed is refused. */
  readonly prove?: ProveAct | undefined;
}

const BODY_BYTES_MAX = 65_536;
/** A start on a machine that has much else to do is slow; Fastify's own limit of 10 s would make a fault of it. */
const START_MS_MAX = 120_000;
const SETTINGS = { logger: false, bodyLimit: BODY_BYTES_MAX, pluginTimeout: START_MS_MAX } as const;
const PREFIX = '/v1';

/** @throws the system's error when the socket cannot be made */
export async function serveLocalApi(
  socket: string,
  { access, routes, prove }: LocalApiParts,
): Promise<FastifyInstance> {
  const server = Fastify(SETTINGS);
  // After the body was read: what is asked for runs as of the address that the asker is logged in from.
  server.addHook('preHandler', (request, _reply, done) => runAsLogin(request.headers[LOGIN_HEADER], done));
  guardReads(server, socket, access);
  server.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  for (const route of routes) serveRoute(server, route, prove);
  await listenAs(server, socket, OWNER_ALONE);
  return server;
}

const OWNER_ALONE = 0o177;
const OWNER_AND_GROUP = 0o117;

/**
 * The socket at which commands of other accounts enter what they read, and ask nothing else; its group decides who may.
 *
 * @throws the system's error when the socket cannot be made
 */
export async function serveReadings(socket: string, access: AccessGuard): Promise<FastifyInstance> {
  const server = Fastify(SETTINGS);
  for (const route of readingRoutes(access)) serveRoute(server, route);
  await listenAs(server, socket, OWNER_AND_GROUP);
  return server;
}

async function listenAs(server: FastifyInstance, socket: string, umask: number): Promise<void> {
  rmSync(socket, { force: true });
  const before = process.umask(umask);
  try {
    await server.listen({ path: socket });
  } finally {
    process.umask(before);
  }
}

function serveRoute(server: FastifyInstance, route: ApiRoute, prove?: ProveAct): void {
  server.route({
    method: route.method,
    url: `${PREFIX}${route.path}`,
    bodyLimit: route.bytesMax ?? BODY_BYTES_MAX,
    handler: async ({ params, query, body, url }, reply) => {
      const named = nameAsker(route.by, { query, body });
      if (named === undefined) return reply.code(400).send({ fault: route.invalid(route.by?.key ?? '') });
      const { signed, ...ask } = takeProof(named);
      const act = { account: ask.by, act: `${route.method} ${url.slice(PREFIX.length)}`, body: ask.body as object };
      const { isSigned = signed !== undefined } = route;
      const proved = isSigned && (prove?.({ ...act, isSigned }, signed) ?? actUnprovable());
      if (proved && !proved.ok) return reply.code(403).send({ fault: proved.fault });
      const { status, body: answer, file } = await route.respond({ params, ...ask, isProved: signed !== undefined });
      return file === undefined
        ? reply.code(status).send(answer)
        : reply
            .code(status)
            .type(file.type)
            .send(file.content ?? createReadStream(file.path));
    },
  });
}

/** Takes who asks out of the question; undefined where the question names nobody whom a log could name. */
function nameAsker(
  asker: Asker | undefined,
  ask: { readonly query: unknown; readonly body: unknown },
): { readonly query: unknown; readonly body: unknown; readonly by: string } | undefined {
  if (asker === undefined) return { ...ask, by: '' };
  const part = ask[asker.in];
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return undefined;
  const { [asker.key]: named, ...rest } = part as Readonly<Record<string, unknown>>;
  const by = asker.form.safeParse(named);
  return by.success ? { ...ask, [asker.in]: rest, by: by.data } : undefined;
}

const Signed = z.strictObject({ at: z.string().max(40), signature: z.base64().max(128) });

/** Takes the signature out of what is said; one that is none signs nothing, which the act it is for refuses. */
function takeProof<A extends { readonly body: unknown }>(ask: A): A & { readonly signed: ActProof | undefined } {
  const { body } = ask;
  if (typeof body !== 'object' || body === null || !('signed' in body)) return { ...ask, signed: undefined };
  const { signed, ...rest } = body;
  return { ...ask, body: rest, signed: Signed.safeParse(signed).data ?? { at: '', signature: '' } };
}

/** What is asked from wherever: a stop, which takes nothing out, and a command's wish to read, which names its own address and is entered with it. */
const FROM_ANYWHERE = [`${PREFIX}/emergency/stop`, `${PREFIX}/readings`];

/**
 * Everything that is only read is asked about first. What is written is decided where it is written, but not for somebody abroad: its answer
 * tells of what is kept here too, as a verdict does of persons counted.
 */
function guardReads(server: FastifyInstance, socket: string, access: AccessGuard): void {
  server.addHook('onRequest', async ({ method, url, headers }, reply) => {
    const address = headers[LOGIN_HEADER]?.toString();
    const isRead = method === 'GET' || method === 'HEAD';
    if (!isRead && (address === undefined || FROM_ANYWHERE.includes(url))) return;
    const checked = isRead
      ? access.check(readingOf(url), { via: 'local', uid: peerOf(socket), address })
      : access.checkAddress(address);
    if (!checked.ok) await reply.code(403).send({ fault: checked.fault });
  });
}

/** Who is at the other end: the owner, as long as nobody else may open the socket; root can be anybody anywhere. */
function peerOf(socket: string): number | undefined {
  try {
    const { mode, uid } = lstatSync(socket);
    return (mode & OTHERS) === 0 ? uid : undefined;
  } catch {
    return undefined;
  }
}

const OTHERS = 0o077;
