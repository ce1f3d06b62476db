import type { RegisterEntry } from '../api/registers.ts';

/** Keys by which an entry of some kind is known, the best first. */
const NAMING = ['title', 'name', 'description', 'number', 'person'] as const;

/** A text, or one for each language. */
type Told = string | { readonly en: string; readonly zh: string };

/** What people call an entry: the first of its keys that names it; undefined where none does. */
export function titleIn({ body }: Pick<RegisterEntry, 'body'>): Told | undefined {
  return NAMING.map((key) => body[key]).find(isTold);
}

function isTold(value: unknown): value is Told {
  if (typeof value === 'string') return value !== '';
  const { en, zh } = (value ?? {}) as { readonly en?: unknown; readonly zh?: unknown };
  return typeof en === 'string' && typeof zh === 'string';
}
