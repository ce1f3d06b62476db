import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import type { DocumentStore } from '../ports/register-store.ts';
import { type AgendaItem, type AgendaParts, agendaOf } from '../registers/agenda.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import { REGISTER_KINDS, registerKind } from '../registers/kinds.table.ts';
import { type RegisterBooks, recordChange } from '../registers/record-change.ts';
import { recordImport } from '../registers/record-import.ts';
import { PageAsked, pageOf } from './page.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, refused } from './route.ts';

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
const Change = z.strictObject({ body: z.unknown() });
const Import = z.strictObject({ act: z.enum(['add', 'replace']), bodies: z.array(z.unknown()).min(1) });
const Withdrawal = z.strictObject({ reason: z.string().min(1).max(512) });
const Confirmation = z.strictObject({
  version: z.number().int().min(1).describe('of the entry as whoever confirms has seen it'),
});
const Document = z.strictObject({ name: z.string().regex(/^[^/\\\p{Cc}\p{Cf}]{1,128}$/u) });
const OfKind = z.object({ kind: z.string().max(64) });
const OfEntry = z.object({ kind: z.string().max(64), id: z.string().max(64) });
const by = { key: 'by', in: 'body', form: By } as const;

/** `/registers/KIND[/ID[/documents|confirmation]]` and `/agenda`. */
export function registerRoutes(parts: RegisterApiParts): readonly ApiRoute[] {
  return [...readRoutes(parts), ...changeRoutes(parts), importRoute(parts), documentRoute(parts)];
}

function readRoutes({ books: { store }, documents, agenda, clock }: RegisterApiParts): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: '/registers',
      summary: 'kinds of registers',
      invalid: badRequest,
      answer: () => answered({ kinds: REGISTER_KINDS.map(({ id, title }) => ({ id, title })) }),
    }),
    apiRoute({
      method: 'GET',
      path: '/agenda',
      summary: 'what is due, by which rule and until when',
      query: PageAsked,
      invalid: badRequest,
      answer: ({ query }) => {
        const entries = REGISTER_KINDS.flatMap(({ id }) => store.list(id));
        const { items, ...more } = pageOf(agendaOf(entries, agenda, clock.now()), query, agendaId);
        return answered({ agenda: items, ...more });
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/registers/:kind',
      summary: 'entries of a register',
      params: OfKind,
      query: PageAsked,
      invalid: badRequest,
      answer: ({ params: { kind }, query }) => {
        if (registerKind(kind) === undefined) return refused(404, noKind());
        const { items, ...more } = pageOf(store.list(kind), query, ({ id }) => id);
        return answered({ entries: items, ...more });
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/registers/:kind/:id',
      summary: 'one entry, and the state of its documents',
      params: OfEntry,
      invalid: badRequest,
      answer: ({ params: { kind, id } }) => {
        const entry = store.find(kind, id);
        if (entry === undefined) return refused(404, noEntry());
        const states = entry.attachments.map((one) => ({ ...one, state: documents.state(one.sha256) }));
        return answered({ entry, documents: states });
      },
    }),
  ];
}

/** One clock of one entry. */
const agendaId = ({ rule, kind, entry }: AgendaItem): string => `${rule}/${kind}/${entry}`;

function changeRoutes({ books }: RegisterApiParts): readonly ApiRoute[] {
  const limits = { by, bytesMax: ENTRY_BYTES_MAX, invalid: badRequest };
  const written = (method: 'POST' | 'PUT', act: 'add' | 'replace', summary: string): ApiRoute =>
    apiRoute({
      ...{ method, path: '/registers/:kind', summary, params: OfKind, body: Change, ...limits },
      answer: ({ params: { kind }, body, by: who, isProved }) =>
        changed(recordChange({ act, kind, body: body.body, isProved }, who, books)),
    });
  return [
    written('POST', 'add', 'enter an entry'),
    written('PUT', 'replace', 'change an entry; what needs two persons waits for the second'),
    apiRoute({
      ...{ method: 'DELETE', path: '/registers/:kind/:id', summary: 'withdraw an entry; it stays readable' },
      ...{ params: OfEntry, body: Withdrawal, ...limits },
      answer: ({ params, body: { reason }, by: who }) =>
        changed(recordChange({ act: 'withdraw', ...params, reason }, who, books)),
    }),
    apiRoute({
      ...{
        method: 'POST',
        path: '/registers/:kind/:id/confirmation',
        summary: 'confirm a change as the second person',
      },
      ...{ params: OfEntry, body: Confirmation, ...limits, isSigned: true as const },
      answer: ({ params, body, by: who, isProved }) =>
        changed(recordChange({ act: 'confirm', ...params, ...body, isProved }, who, books)),
    }),
  ];
}

/** Many entries of one register: all of them, or none. */
function importRoute({ books }: RegisterApiParts): ApiRoute {
  return apiRoute({
    ...{ method: 'POST', path: '/registers/:kind/import', summary: 'enter many entries of one register, all or none' },
    ...{ params: OfKind, body: Import, by, bytesMax: IMPORT_BYTES_MAX, invalid: badRequest },
    answer: ({ params, body, by: who, isProved }) => {
      const outcome = recordImport({ ...body, ...params, isProved }, who, books);
      if (!outcome.ok) return { status: 409, body: { fault: outcome.fault[0], faults: outcome.fault } };
      const told = ({ kind, id, version, pending }: RegisterEntry) => ({
        ...{ kind, id, version },
        ...(pending === undefined ? {} : { waits: pending.keys }),
      });
      return answered({ entries: outcome.value.map(told) });
    },
  });
}

function documentRoute({ books, documents }: RegisterApiParts): ApiRoute {
  return apiRoute({
    ...{ method: 'POST', path: '/registers/:kind/:id/documents', summary: 'attach a document to an entry' },
    ...{ params: OfEntry, query: Document, by: { ...by, in: 'query' }, bytesMax: DOCUMENT_BYTES_MAX, takesFile: true },
    body: z.instanceof(Uint8Array),
    invalid: badRequest,
    answer: ({ params, query: { name }, body, by: who }) => {
      if (books.store.find(params.kind, params.id) === undefined) return refused(404, noEntry());
      const attachment = { name, sha256: documents.keep(body), bytes: body.length };
      return changed(recordChange({ act: 'attach', ...params, attachment }, who, books));
    },
  });
}

function changed(outcome: Result<RegisterEntry, readonly Fault[]>): ApiAnswer {
  if (outcome.ok) return answered({ entry: outcome.value });
  return { status: 409, body: { fault: outcome.fault[0], faults: outcome.fault } };
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
  remedy: bilingual(
    'name who changes it and the entry, and of a confirmation the version',
    '请注明变更人和条目；确认时还须注明版本',
  ),
  retry: 'after-remedy',
});
