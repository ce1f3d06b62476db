import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { DocumentStore, RegisterStore } from '../ports/register-store.ts';
import type { AgendaItem } from '../registers/agenda.ts';
import { registerKind } from '../registers/kinds.table.ts';
import { type ApiRoute, answered, apiRoute, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

export interface RegisterFilesParts {
  readonly store: Pick<RegisterStore, 'find'>;
  readonly documents: Pick<DocumentStore, 'read'>;
  readonly agenda: () => readonly AgendaItem[];
  /** The agenda as iCalendar. */
  readonly calendarOf: (items: readonly AgendaItem[], language: 'en' | 'zh') => string;
}

const OfKind = z.object({ kind: z.string().max(64) });
const OfDocument = z.object({
  kind: z.string().max(64),
  id: z.string().max(64),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const Language = z.strictObject({ lang: z.enum(['en', 'zh']).default('en') });
const invalid = noQuestion;

/** The form of a register as JSON Schema, a document as it was attached, and the agenda as a calendar. */
export function registerFileRoutes(parts: RegisterFilesParts): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'GET', path: '/register-forms/:kind', summary: 'form of a register, as JSON Schema', invalid },
      params: OfKind,
      answer: ({ params }) => {
        const kind = registerKind(params.kind);
        if (kind === undefined) return refused(404, absent());
        const { id, title, moves, confirmed = [] } = kind;
        const schema = z.toJSONSchema(kind.schema, { io: 'input', unrepresentable: 'any' });
        return answered({ id, title, schema, confirmedByTwo: confirmed, ...(moves && { moves }) });
      },
    }),
    apiRoute({
      ...{ method: 'GET', path: '/registers/:kind/:id/documents/:sha256', summary: 'a document of an entry', invalid },
      params: OfDocument,
      answer: ({ params: { kind, id, sha256 } }) => {
        const entry = parts.store.find(kind, id);
        const attachment = entry?.attachments.find((one) => one.sha256 === sha256);
        const content = attachment === undefined ? undefined : parts.documents.read(sha256);
        if (content === undefined) return refused(404, absent());
        // Under a name and a type of ours: what somebody attached is never run as a page.
        return { status: 200, file: { type: 'application/octet-stream', name: `${sha256}.bin`, content } };
      },
    }),
    apiRoute({
      ...{ method: 'GET', path: '/agenda.ics', summary: 'the agenda as iCalendar', query: Language, invalid },
      answer: ({ query: { lang } }) => {
        const content = parts.calendarOf(parts.agenda(), lang);
        return { status: 200, file: { type: 'text/calendar; charset=utf-8', name: 'agenda.ics', content } };
      },
    }),
  ];
}

const absent = (): Fault<'REGISTER_ABSENT'> => ({
  code: 'REGISTER_ABSENT',
  problem: bilingual('the register holds no such entry or document', '登记中没有该条目或文件'),
  remedy: bilingual('see the list of the register', '参见该登记的列表'),
  retry: 'after-remedy',
});
