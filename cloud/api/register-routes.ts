import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import type { DocumentStore } from '../ports/register-store.ts';
import { type AgendaParts, agendaOf } from '../registers/agenda.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import { REGISTER_KINDS, registerKind } from '../registers/kinds.table.ts';
import { type RegisterBooks, recordChange } from '../registers/record-change.ts';
import { recordImport } from '../registers/record-import.ts';

export interface RegisterApiParts {
  readonly books: RegisterBooks;
  readonly documents: DocumentStore;
  readonly agenda: AgendaParts;
  readonly clock: Clock;
}

/** One entry of a register, and one document of an entry. */
const ENTRY_BYTES_MAX = 262_144;
const DOCUMENT_BYTES_MAX = 33_554_432;
/** As long as a file of entries may be, and its wrapping. */
const IMPORT_BYTES_MAX = 33_554_432;

const By = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
const Change = z.strictObject({ by: By, body: z.unknown() });
const Import = z.strictObject({ by: By, act: z.enum(['add', 'replace']), bodies: z.array(z.unknown()).min(1) });
const Withdrawal = z.strictObject({ by: By, reason: z.string().min(1).max(512) });
const Confirmation = z.strictObject({ by: By });
const Document = z.strictObject({ by: By, name: z.string().regex(/^[^/\\\p{Cc}\p{Cf}]{1,128}$/u) });

/** Registers over the local API: `/v1/registers/KIND[/ID[/documents|confirmation]]` and `/v1/agenda`. */
export function serveRegisters(server: FastifyInstance, parts: RegisterApiParts): void {
  const { books, documents, agenda, clock } = parts;
  const { store } = books;
  const read = { '/v1/registers': () => ({ kinds: REGISTER_KINDS.map(({ id, title }) => ({ id, title })) }) };
  for (const [path, answer] of Object.entries(read)) server.get(path, answer);
  server.get('/v1/agenda', () => {
    const entries = REGISTER_KINDS.flatMap(({ id }) => store.list(id));
    return { agenda: agendaOf(entries, agenda, clock.now()) };
  });
  server.get<{ Params: { kind: string } }>('/v1/registers/:kind', ({ params }, reply) =>
    registerKind(params.kind) === undefined
      ? reply.code(404).send({ fault: noKind() })
      : reply.send({ entries: store.list(params.kind) }),
  );
  server.get<{ Params: { kind: string; id: string } }>('/v1/registers/:kind/:id', ({ params }, reply) => {
    const entry = store.find(params.kind, params.id);
    if (entry === undefined) return reply.code(404).send({ fault: noEntry() });
    const states = entry.attachments.map(({ name, sha256, bytes }) => ({
      name,
      sha256,
      bytes,
      state: documents.state(sha256),
    }));
    return reply.send({ entry, documents: states });
  });
  const limits = { bodyLimit: ENTRY_BYTES_MAX };
  for (const [method, act] of [
    ['POST', 'add'],
    ['PUT', 'replace'],
  ] as const) {
    server.route<{ Params: { kind: string } }>({
      method,
      url: '/v1/registers/:kind',
      ...limits,
      handler: ({ params, body }, reply) => {
        const asked = Change.safeParse(body);
        if (!asked.success) return reply.code(400).send({ fault: badRequest() });
        return answer(reply, recordChange({ act, kind: params.kind, body: asked.data.body }, asked.data.by, books));
      },
    });
  }
  serveImport(server, books);
  serveActs(server, books);
  serveDocuments(server, parts);
}

/** Many entries of one register: all of them, or none. */
function serveImport(server: FastifyInstance, books: RegisterBooks): void {
  server.post<{ Params: { kind: string } }>(
    '/v1/registers/:kind/import',
    { bodyLimit: IMPORT_BYTES_MAX },
    ({ params, body }, reply) => {
      const asked = Import.safeParse(body);
      if (!asked.success) return reply.code(400).send({ fault: badRequest() });
      const { by, act, bodies } = asked.data;
      const outcome = recordImport({ act, kind: params.kind, bodies }, by, books);
      if (!outcome.ok) return reply.code(409).send({ fault: outcome.fault[0], faults: outcome.fault });
      return reply.send({ entries: outcome.value.map(({ kind, id, version }) => ({ kind, id, version })) });
    },
  );
}

function serveActs(server: FastifyInstance, books: RegisterBooks): void {
  const limits = { bodyLimit: ENTRY_BYTES_MAX };
  server.delete<{ Params: { kind: string; id: string } }>(
    '/v1/registers/:kind/:id',
    limits,
    ({ params, body }, reply) => {
      const asked = Withdrawal.safeParse(body);
      if (!asked.success) return reply.code(400).send({ fault: badRequest() });
      const { by, reason } = asked.data;
      return answer(reply, recordChange({ act: 'withdraw', ...params, reason }, by, books));
    },
  );
  server.post<{ Params: { kind: string; id: string } }>(
    '/v1/registers/:kind/:id/confirmation',
    limits,
    ({ params, body }, reply) => {
      const asked = Confirmation.safeParse(body);
      if (!asked.success) return reply.code(400).send({ fault: badRequest() });
      return answer(reply, recordChange({ act: 'confirm', ...params }, asked.data.by, books));
    },
  );
}

function serveDocuments(server: FastifyInstance, { books, documents }: RegisterApiParts): void {
  server.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  server.post<{ Params: { kind: string; id: string }; Body: Buffer }>(
    '/v1/registers/:kind/:id/documents',
    { bodyLimit: DOCUMENT_BYTES_MAX },
    ({ params, query, body }, reply) => {
      const asked = Document.safeParse(query);
      if (!asked.success || !Buffer.isBuffer(body)) return reply.code(400).send({ fault: badRequest() });
      if (books.store.find(params.kind, params.id) === undefined) return reply.code(404).send({ fault: noEntry() });
      const attachment = { name: asked.data.name, sha256: documents.keep(body), bytes: body.length };
      return answer(reply, recordChange({ act: 'attach', ...params, attachment }, asked.data.by, books));
    },
  );
}

function answer(reply: FastifyReply, outcome: Result<RegisterEntry, readonly Fault[]>): FastifyReply {
  if (outcome.ok) return reply.send({ entry: outcome.value });
  return reply.code(409).send({ fault: outcome.fault[0], faults: outcome.fault });
}

const noKind = (): Fault => ({
  code: 'REGISTER_KIND',
  problem: bilingual('there is no such register', '没有该登记'),
  remedy: bilingual('see `tongguan register kinds`', '参见 `tongguan register kinds`'),
  retry: 'after-remedy',
});

const noEntry = (): Fault => ({
  code: 'REGISTER_ABSENT',
  problem: bilingual('the register holds no such entry', '登记中没有该条目'),
  remedy: bilingual('see `tongguan register KIND list`', '参见 `tongguan register KIND list`'),
  retry: 'after-remedy',
});

const badRequest = (): Fault => ({
  code: 'REQUEST_INVALID',
  problem: bilingual('the request is not one that the registers know', '登记请求无效'),
  remedy: bilingual('name who changes it, and the entry', '请注明变更人和条目'),
  retry: 'after-remedy',
});
