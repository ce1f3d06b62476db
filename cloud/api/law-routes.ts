import { z } from 'zod';
import { DATA_CLASSES, strictest } from '../../proto/words/data-class.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { carriesIdentifier } from '../../proto/words/identifiers.ts';
import { type Clock, civilDateOf } from '../../proto/words/time.ts';
import { parseVssPath } from '../../proto/words/vss-path.ts';
import { type Catalogue, isKindId, UNKNOWN_ROW } from '../catalogue/catalogue.ts';
import type { CatalogueRow } from '../catalogue/catalogue-row.ts';
import { CITATIONS } from '../catalogue/citations.table.ts';
import { decisionOf } from '../catalogue/explain-row.ts';
import { Day } from '../registers/words.ts';
import { type LawBook, rowsOfLaw } from '../rules/law-book.ts';
import { type ApiRoute, answered, apiRoute, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

export interface LawRoutesParts {
  readonly law: LawBook;
  /** The rows in force: the shipped ones, or the operator's over them. */
  readonly catalogue: () => Catalogue;
  readonly clock: Clock;
}

const OnDay = z.strictObject({ on: Day.optional().describe('Asia/Shanghai; today where it is left out') });
const Rows = z.strictObject({
  class: z.enum(DATA_CLASSES).optional(),
  branch: z.string().max(256).optional().describe('a branch of VSS, or the beginning of ids of kinds'),
  text: z.string().min(1).max(64).optional().describe('part of a path, in any case'),
  limit: z.coerce.number().int().min(1).max(1_500).default(200),
});
const OfRow = z.object({ id: z.string().max(64) });
const OfName = z.object({ name: z.string().min(1).max(256) });

/** `/rules[/ID]` and `/catalogue[/NAME]`. */
export function lawRoutes({ law, catalogue, clock }: LawRoutesParts): readonly ApiRoute[] {
  const invalid = noQuestion;
  return [
    apiRoute({
      ...{
        method: 'GET',
        path: '/rules',
        summary: 'rows of law in force on a day, and the texts that rows cite',
        query: OnDay,
        invalid,
      },
      answer: ({ query }) => {
        const on = query.on ?? civilDateOf(clock.now());
        const rows = rowsOfLaw(law, on).map(({ table, row }) => ({ table, ...row }));
        return answered({ on, rows, instruments: law.instruments, citations: CITATIONS });
      },
    }),
    apiRoute({
      ...{ method: 'GET', path: '/rules/:id', summary: 'every row of an id, of any table and day', invalid },
      params: OfRow,
      answer: ({ params: { id } }) => {
        const rows = rowsOfLaw(law).flatMap(({ table, row }) => (row.id === id ? [{ table, ...row }] : []));
        const instrument = law.instruments.find((one) => one.id === id);
        if (rows.length === 0 && instrument === undefined) return refused(404, noSuchRow());
        return answered({ rows, ...(instrument && { instrument }) });
      },
    }),
    apiRoute({
      ...{ method: 'GET', path: '/catalogue', summary: 'rows of the catalogue', query: Rows, invalid },
      answer: ({ query }) => {
        const found = catalogue().rows.filter((row) => isMeant(row, query));
        return answered({ total: found.length, rows: found.slice(0, query.limit).map(listed) });
      },
    }),
    apiRoute({
      ...{ method: 'GET', path: '/catalogue/:name', summary: 'a signal or a kind: its class, why, and after what' },
      ...{ params: OfName, invalid },
      answer: ({ params: { name } }) => {
        const row = rowNamed(name, catalogue());
        return row === undefined ? refused(404, noSuchRow()) : answered({ ...listed(row), ...decisionOf(row) });
      },
    }),
  ];
}

function isMeant(row: CatalogueRow, { class: wanted, branch, text }: z.infer<typeof Rows>): boolean {
  if (wanted !== undefined && !row.classes.includes(wanted)) return false;
  if (branch !== undefined && row.path !== branch && !row.path.startsWith(`${branch}.`)) return false;
  return text === undefined || row.path.toLowerCase().includes(text.toLowerCase());
}

/** A row with its strictest class by itself, for whoever sorts by one. */
function listed({ path, ...row }: CatalogueRow): object {
  return { path, class: strictest(row.classes), ...row };
}

/** Undefined for what is no name, or could be somebody's number. A signal that nobody knows stays at home. */
function rowNamed(name: string, catalogue: Catalogue): CatalogueRow | undefined {
  if (isKindId(name)) return catalogue.kind(name);
  if (!parseVssPath(name).ok || carriesIdentifier(name)) return undefined;
  const isBranch = catalogue.rows.some(({ path }) => path.startsWith(`${name}.`));
  return catalogue.signal(name) ?? (isBranch ? undefined : { ...UNKNOWN_ROW, path: name });
}

const noSuchRow = (): Fault<'RULES_NO_ROW'> => ({
  code: 'RULES_NO_ROW',
  problem: bilingual('there is no row of that name', '没有该名称的规则行'),
  remedy: bilingual('the list without a name has them all', '不带名称的列表列出全部条目'),
  retry: 'after-remedy',
});
