import { z } from 'zod';
import { type Instant, toIso } from '../../proto/words/time.ts';
import { readLeaf } from '../log/leaf.ts';
import { TILE_ENTRIES } from '../log/merkle.ts';
import type { ReadLog } from '../log/read-log.ts';
import type { RegisterStore } from '../ports/register-store.ts';
import { type LogPlace, noSuchLog } from './log-routes.ts';
import { type ApiRoute, answered, apiRoute, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

export interface HistoryRoutesParts {
  /** The operations log; undefined where this process does not write it. */
  readonly log: LogPlace | undefined;
  readonly changesOf: RegisterStore['changesOf'];
}

/** Changes in one answer; each is read from a tile of the log of its own. */
const CHANGES_MAX = 100;

const OfEntry = z.object({ kind: z.string().max(64), id: z.string().max(64) });
const Page = z.strictObject({
  before: z.coerce.number().int().min(0).default(Number.MAX_SAFE_INTEGER).describe('`next` of the answer before'),
  limit: z.coerce.number().int().min(1).max(CHANGES_MAX).default(20),
});

/** `/registers/KIND/ID/history`: who changed what and when, newest first, as the operations log has it. */
export function historyRoutes({ log, changesOf }: HistoryRoutesParts): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'GET', path: '/registers/:kind/:id/history', summary: 'changes of an entry, newest first' },
      ...{ params: OfEntry, query: Page, invalid: noQuestion },
      answer: ({ params: { kind, id }, query: { before, limit } }) => {
        if (log === undefined) return refused(404, noSuchLog());
        const opened = log.read();
        if (!opened.ok) return refused(409, opened.fault);
        const indices = changesOf(kind, id, Math.min(before, opened.value.head.size), limit);
        const next = indices.length === limit ? indices.at(-1) : undefined;
        const changes = indices.map((index) => changeAt(index, opened.value));
        return answered({ changes, ...(next !== undefined && { next }) });
      },
    }),
  ];
}

/** @throws Error for a damaged file */
function changeAt(index: number, log: ReadLog): object {
  const bytes = log.leavesOf(Math.floor(index / TILE_ENTRIES))[index % TILE_ENTRIES];
  const leaf = bytes === undefined ? undefined : readLeaf(bytes);
  if (leaf === undefined) return { index };
  const { recordedAtMs, actor, document } = leaf;
  const told = JSON.parse(Buffer.from(document).toString('utf8')) as object;
  return { index, recordedAt: toIso(recordedAtMs as Instant), actor, ...told };
}
