import { z } from 'zod';

/** Most of a list in one answer; whoever names no limit gets so many. */
export const PAGE_ITEMS_MAX = 16_384;

/** `after` is `next` of the answer before. */
export const PageAsked = z.strictObject({
  after: z.string().min(1).max(128).optional().describe('`next` of the answer before'),
  limit: z.coerce.number().int().min(1).max(PAGE_ITEMS_MAX).default(PAGE_ITEMS_MAX),
});

export interface PageOf<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly next?: string;
}

/**
 * One page of a list that keeps its order. A cursor whose item is gone begins anew: nothing is passed over, and what comes twice can be told
 * by its id.
 *
 * @param idOf - of an item, the same at each asking
 */
export function pageOf<T>(
  list: readonly T[],
  { after, limit }: z.infer<typeof PageAsked>,
  idOf: (item: T) => string,
): PageOf<T> {
  const from = after === undefined ? 0 : list.findIndex((item) => idOf(item) === after) + 1;
  const items = list.slice(from, from + limit);
  const last = items.at(-1);
  return from + limit < list.length && last !== undefined ? { items, next: idOf(last) } : { items };
}
