import { shallowRef } from 'vue';
import type { Title } from '../../proto/words/title.ts';
import { titleIn } from '../models/entry-title.ts';
import type { Dataset } from './answers.ts';
import { ask } from './client.ts';
import type { RegisterEntry } from './registers.ts';

/** Something that a field can name: the id that is kept, and what people call it. */
export interface NamedEntry {
  readonly id: string;
  readonly title: Title;
}

/** Names that a form offers of one kind; who has more types the rest. */
const OFFERED_MAX = 200;

const known = shallowRef<ReadonlyMap<string, readonly NamedEntry[]>>(new Map());

/** Asks for what can be named: datasets, and entries of registers that stand. What cannot be had is typed. */
export async function learnNames(kinds: readonly string[]): Promise<void> {
  const found = await Promise.all(kinds.map(async (kind) => [kind, await namesOf(kind)] as const));
  known.value = new Map([...known.value, ...found]);
}

async function namesOf(kind: string): Promise<readonly NamedEntry[]> {
  if (kind === 'dataset') {
    const sets = await ask<{ readonly datasets: readonly Dataset[] }>('GET', '/datasets');
    return sets.ok ? sets.value.datasets.map(({ id, title }) => ({ id, title })) : [];
  }
  const path = `/registers/${kind}?limit=${OFFERED_MAX}`;
  const entries = await ask<{ readonly entries: readonly RegisterEntry[] }>('GET', path);
  if (!entries.ok) return [];
  return entries.value.entries
    .filter(({ isWithdrawn }) => !isWithdrawn)
    .map((entry) => ({ id: entry.id, title: titleIn(entry) ?? entry.id }));
}

/** What a field can name, as far as it was asked for. */
export const namesIn = (kind: string): readonly NamedEntry[] => known.value.get(kind) ?? [];
