import { lstatSync, rmSync } from 'node:fs';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { AccessGuard } from '../access/guard.ts';
import { readingOf } from '../access/readings.table.ts';
import { LOGIN_HEADER, runAsLogin } from '../login.ts';
import type { PersonBooks } from '../registers/record-persons.ts';
import { type ExportGateParts, requestTransfer } from '../transfer/export-gate.ts';
import { FactsSchema } from '../transfer/facts.ts';
import { serveApprovals } from './approval-routes.ts';
import { servePersons } from './person-routes.ts';
import { servePlans } from './plan-routes.ts';
import { readingRoutes } from './reading-routes.ts';
import { type RegisterApiParts, serveRegisters } from './register-routes.ts';

/** The local HTTP API, on a Unix socket whose directory decides who may use it. */
export interface LocalApiParts {
  readonly gate: ExportGateParts;
  readonly access: AccessGuard;
  readonly status: () => object;
  readonly registers: RegisterApiParts;
  readonly persons: PersonBooks;
  readonly routes?: readonly ApiRoute[];
}

/** One more thing to ask for, beside status and transfers. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly answer: (body: unknown) => ApiAnswer;
}

const BODY_BYTES_MAX = 65_536;

const RequestBody = z.strictObject({
  dataset: z.string().max(64),
  recipient: z.string().max(64),
  purpose: z.string().max(128),
  requestedBy: z.string().min(1).max(64),
  claims: FactsSchema.shape.claimedExemptions.optional(),
});

/** @throws the system's error when the socket cannot be made */
export async function serveLocalApi(socket: string, parts: LocalApiParts): Promise<FastifyInstance> {
  const server = Fastify({ logger: false, bodyLimit: BODY_BYTES_MAX });
  // After the body was read: what is asked for runs as of the address that the asker is logged in from.
  server.addHook('preHandler', (request, _reply, done) => runAsLogin(request.headers[LOGIN_HEADER], done));
  guardReads(server, socket, parts.access);
  server.get('/v1/status', () => parts.status());
  server.get('/v1/transfers', () => ({ transfers: parts.gate.transfers.list() }));
  server.post('/v1/transfers', async (request, reply) => {
    const answer = await answerRequest(request.body, parts.gate);
    return reply.code(answer.status).send(answer.body);
  });
  serveApprovals(server, parts.gate);
  servePlans(server, parts.gate);
  serveRegisters(server, parts.registers);
  serveRoutes(server, [...readingRoutes(parts.access), ...(parts.routes ?? [])]);
  servePersons(server, parts.persons);
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
  const server = Fastify({ logger: false, bodyLimit: BODY_BYTES_MAX });
  serveRoutes(server, readingRoutes(access));
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

function serveRoutes(server: FastifyInstance, routes: readonly ApiRoute[]): void {
  for (const { method, url, answer } of routes) {
    server.route({
      method,
      url,
      handler: (request, reply) => {
        const { status, body } = answer(request.body);
        return reply.code(status).send(body);
      },
    });
  }
}

/** Everything that is only read is asked about first; what is written is decided where it is written. */
function guardReads(server: FastifyInstance, socket: string, access: AccessGuard): void {
  server.addHook('onRequest', async ({ method, url }, reply) => {
    if (method !== 'GET' && method !== 'HEAD') return;
    const checked = access.check(readingOf(url), { via: 'local', uid: peerOf(socket) });
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

export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

async function answerRequest(body: unknown, gate: ExportGateParts): Promise<ApiAnswer> {
  const parsed = RequestBody.safeParse(body);
  if (!parsed.success)
    return { status: 400, body: { fault: requestInvalid(parsed.error.issues[0]?.path.join('.') ?? '') } };
  const dataset = gate.dataset(parsed.data.dataset);
  const recipient = gate.recipients.find((one) => one.id === parsed.data.recipient);
  if (dataset === undefined) return { status: 404, body: { fault: unknownName('dataset', '数据集') } };
  if (recipient === undefined) return { status: 404, body: { fault: unknownName('recipient', '境外接收方') } };
  const { purpose, requestedBy, claims } = parsed.data;
  const outcome = await requestTransfer({ dataset, recipient, purpose, requestedBy, claims }, gate);
  return outcome.ok ? { status: 200, body: outcome.value } : { status: 409, body: { fault: outcome.fault } };
}

function requestInvalid(key: string): Fault<'REQUEST_INVALID'> {
  return {
    code: 'REQUEST_INVALID',
    problem: bilingual(`the request is not valid at \`${key}\``, `请求在 \`${key}\` 处无效`),
    remedy: bilingual('name dataset, recipient, purpose and who requests', '请填写数据集、接收方、目的和申请人'),
    retry: 'after-remedy',
  };
}

function unknownName(en: string, zh: string): Fault<'NAME_UNKNOWN'> {
  return {
    code: 'NAME_UNKNOWN',
    problem: bilingual(`the configuration names no such ${en}`, `配置中没有该${zh}`),
    remedy: bilingual('add it to `cloud.yaml`, or correct the name', '请在 `cloud.yaml` 中添加，或更正名称'),
    retry: 'after-remedy',
  };
}
