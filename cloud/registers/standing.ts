import type { EntryBody, RegisterEntry } from './kind.ts';

/** What counts of an entry: while a change waits for a second person, what stood before it. */
export function standingBody({ body, pending }: RegisterEntry): EntryBody {
  return pending?.standing ?? body;
}

/** Whether a change of one of these keys waits for a second person: until then nobody knows which of the two holds. */
export function isOpen({ pending }: RegisterEntry, keys: readonly string[]): boolean {
  return pending?.keys.some((key) => keys.includes(key)) === true;
}
