import cookies from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Fault } from '../../proto/words/fault.ts';
import { namesVin } from '../../proto/words/vin.ts';
import { type OpenSession, SESSION_MS } from '../accounts/sessions.ts';
import { runAsLogin } from '../login.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { Pages } from '../ports/pages.ts';
import type { AccessRow } from './access.table.ts';
import { type GuardedParts, hear } from './http-guard.ts';
import { CSRF_HEADER, OPENAPI, rowsOf, schemaOf } from './openapi.ts';
import { servePages } from './page-files.ts';
import { type ProbeParts, serveProbes } from './probe-routes.ts';
import { apiProblem, PROBLEM_TYPE, type Problem, problemOf, problemOfError } from './problem.ts';
import type { ApiRoute } from './route.ts';
import { sendFile } from './send-file.ts';

export interface HttpApiParts extends GuardedParts {
  readonly routes: readonly ApiRoute[];
  readonly operations: AppendOnly;
  /** PEM, where the listener speaks TLS. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly trustedProxies: readonly string[];
  readonly probes: ProbeParts;
  /** The web console; undefined where it was not built. */
  readonly pages: Pages | undefined;
}

const PREFIX = '/api/v1';
const BODY_BYTES_MAX = 65_536;
/** A request has arrived and is answered within these, or its connection ends; a build takes longest. */
const REQUEST_MS_MAX = 30_000;
const HANDLER_MS_MAX = 120_000;
/** A start on a machine that has much else to do is slow; Fastify's own limit of 10 s would make a fault of it. */
const START_MS_MAX = 120_000;
const CONNECTIONS_MAX = 2_000;
/** Requests of one address a minute; of the rare ones fewer, since each costs a slow hash or gives a guess. */
const REQUESTS_A_MINUTE = 1_200;
const RARE_A_MINUTE = 10;

/** The HTTP API for people, not listening yet. @throws Error when a route has no row of who may ask for it */
export async function createHttpApi(parts: HttpApiParts): Promise<FastifyInstance> {
  const server = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    connectionTimeout: HANDLER_MS_MAX,
    pluginTimeout: START_MS_MAX,
    // What no route could be found for at all, such as a path that is too long.
    frameworkErrors: (error: unknown, _request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, problemOfError(error)),
    trustProxy: parts.trustedProxies.length === 0 ? false : [...parts.trustedProxies],
    ...(parts.tls && { https: { ...parts.tls, minVersion: 'TLSv1.2' } }),
  } as object) as FastifyInstance;
  server.server.maxConnections = CONNECTIONS_MAX;
  // Forms describe; each route parses for itself, behind every door alike.
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  server.setErrorHandler((error, _request, reply) => sendProblem(reply, problemOfError(error)));
  server.setNotFoundHandler((_request, reply) => sendProblem(reply, apiProblem('ROUTE_UNKNOWN')));
  await server.register(helmet, { ...HEADERS, strictTransportSecurity: parts.tls !== undefined });
  await server.register(cookies);
  await server.register(rateLimit, { max: REQUESTS_A_MINUTE, timeWindow: '1 minute' });
  await server.register(swagger, { openapi: OPENAPI as object });
  server.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  serveProbes(server, parts.probes);
  for (const [route, row] of rowsOf(parts.routes)) serveRoute(server, route, row, parts);
  server.get(`${PREFIX}/openapi.json`, { schema: { hide: true } as object }, async (request, reply) => {
    const refusal = refusalOf(request, parts);
    return refusal === undefined ? server.swagger() : sendProblem(reply, refusal);
  });
  if (parts.pages !== undefined) {
    const refuse = (request: FastifyRequest): Problem | undefined => refusalOf(request, parts);
    servePages(server, parts.pages, refuse, { problem: sendProblem, unknown: () => apiProblem('ROUTE_UNKNOWN') });
  }
  return server;
}

/** Of what holds no data: only where it is asked from. */
function refusalOf(request: FastifyRequest, parts: HttpApiParts): Problem | undefined {
  const heard = hear({ roles: 'open', reading: 'own' }, callerOf(request, parts), parts);
  return heard.ok ? undefined : problemOf(heard.fault.status, heard.fault.fault);
}

/** Nothing of other hosts, nothing inline, no frame. */
const HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      workerSrc: ["'self'"],
      manifestSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' as const },
  xFrameOptions: { action: 'deny' as const },
  crossOriginResourcePolicy: { policy: 'same-origin' as const },
};

function serveRoute(server: FastifyInstance, route: ApiRoute, row: AccessRow, parts: HttpApiParts): void {
  const sessions = new WeakMap<FastifyRequest, OpenSession>();
  server.route({
    method: route.method,
    url: `${PREFIX}${route.path}`,
    bodyLimit: route.bytesMax ?? BODY_BYTES_MAX,
    schema: schemaOf(route, row),
    ...(row.isRare && { config: { rateLimit: { max: RARE_A_MINUTE, timeWindow: '1 minute' } } }),
    // Before the body is read: whoever may not ask makes us read nothing.
    onRequest: async (request, reply) => {
      const heard = hear(row, callerOf(request, parts), parts);
      if (!heard.ok) return sendProblem(reply, problemOf(heard.fault.status, heard.fault.fault));
      if (heard.value !== undefined) sessions.set(request, heard.value);
      return undefined;
    },
    handler: (request, reply) =>
      new Promise((resolve, reject) => {
        runAsLogin(request.ip, () => {
          answer(request, reply, { route, row, session: sessions.get(request) }, parts).then(resolve, reject);
        });
      }),
  });
}

interface Heard {
  readonly route: ApiRoute;
  readonly row: AccessRow;
  readonly session: OpenSession | undefined;
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { route, row, session }: Heard,
  parts: HttpApiParts,
): Promise<FastifyReply> {
  const by = session?.account.name ?? '';
  if (row.holds !== undefined && !isEntered(request, by, row.holds, parts)) {
    return sendProblem(reply, apiProblem('READ_UNLOGGED'));
  }
  const { params, query, body } = request;
  const token = tokenOf(request, parts);
  const pending = request.cookies[PENDING_COOKIE];
  const given = await route.respond({
    params,
    query,
    body,
    by,
    isProved: session !== undefined,
    session,
    token,
    pending,
  });
  if (given.file !== undefined) return sendFile(request, reply, given.file);
  if (given.session !== undefined) setCookie(reply, given.session, parts);
  if (given.pending !== undefined) setPending(reply, given.pending, parts);
  void reply.header('cache-control', 'no-store').code(given.status);
  if (given.location !== undefined) return reply.redirect(given.location, given.status);
  if (given.status < 400) return reply.send(given.body);
  const { fault, faults } = given.body as { readonly fault: Fault; readonly faults?: readonly Fault[] };
  return sendProblem(reply, problemOf(given.status, fault, faults));
}

const PATH_CHARACTERS_MAX = 256;

/** Who reads data of persons or places is in the log before anything is given. */
function isEntered(
  { method, url, routeOptions }: FastifyRequest,
  actor: string,
  holds: string,
  { operations }: HttpApiParts,
): boolean {
  const route = `${method} ${routeOptions.url ?? ''}`;
  const path = loggedPath(url);
  return operations.append([{ kind: 'data-read', transferId: '', actor, document: { route, path, holds } }]).ok;
}

/** Of a path what the route names: an id of an entry says whose data it was. A VIN that somebody typed has no place in a log. */
function loggedPath(url: string): string {
  try {
    const path = decodeURIComponent(url.split('?')[0] ?? '').slice(PREFIX.length);
    return namesVin(path) ? '<redacted>' : path.slice(0, PATH_CHARACTERS_MAX);
  } catch {
    return '<redacted>';
  }
}

function callerOf(request: FastifyRequest, parts: HttpApiParts): Parameters<typeof hear>[1] {
  const { headers, method, ip } = request;
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    method,
    address: ip,
    token: tokenOf(request, parts),
    csrf: text(CSRF_HEADER),
    origin: text('origin'),
    site: text('sec-fetch-site'),
  };
}

/** Over TLS the name itself keeps other hosts of the domain from setting it. */
const cookieOf = ({ tls, origins }: HttpApiParts): string =>
  tls !== undefined || origins().some((own) => own.startsWith('https:'))
    ? '__Host-tongguan-session'
    : 'tongguan-session';

const tokenOf = (request: FastifyRequest, parts: HttpApiParts): string | undefined => request.cookies[cookieOf(parts)];

function setCookie(reply: FastifyReply, session: OpenSession | null, parts: HttpApiParts): void {
  const name = cookieOf(parts);
  const bound = { path: '/', httpOnly: true, sameSite: 'strict', secure: name.startsWith('__Host-') } as const;
  if (session === null) void reply.clearCookie(name, bound);
  else void reply.setCookie(name, session.token, { ...bound, maxAge: SESSION_MS / 1_000 });
}

/** It comes back from another site, which a strict cookie would not; it is good for one login and says nothing. */
const PENDING_COOKIE = 'tongguan-login';
const PENDING_SECONDS = 600;

function setPending(reply: FastifyReply, pending: string | null, parts: HttpApiParts): void {
  const bound = {
    path: PREFIX,
    httpOnly: true,
    sameSite: 'lax',
    secure: cookieOf(parts).startsWith('__Host-'),
  } as const;
  if (pending === null) void reply.clearCookie(PENDING_COOKIE, bound);
  else void reply.setCookie(PENDING_COOKIE, pending, { ...bound, maxAge: PENDING_SECONDS });
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem));
}
