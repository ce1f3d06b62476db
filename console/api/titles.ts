import { shallowRef } from 'vue';
import type { Bilingual } from '../../proto/words/fault.ts';
import type { Title } from '../../proto/words/title.ts';
import { say } from '../words/language.ts';
import type { Dataset, Recipient } from './answers.ts';
import { ask } from './client.ts';
import type { RegisterKind } from './registers.ts';

/** What people call the things that transfers name by their ids. */
export type Named = 'dataset' | 'recipient' | 'purpose';

export interface StatedPurpose {
  readonly id: string;
  readonly description: Title;
}

const registers = shallowRef<ReadonlyMap<string, Bilingual>>(new Map());
const titles = shallowRef<ReadonlyMap<string, Title>>(new Map());

/** Asks for the titles of datasets, recipients, purposes and registers; what cannot be had keeps its id. */
export async function learnTitles(): Promise<void> {
  const [sets, ends, kinds] = await Promise.all([
    ask<{ readonly datasets: readonly Dataset[]; readonly purposes?: readonly StatedPurpose[] }>('GET', '/datasets'),
    ask<{ readonly recipients: readonly Recipient[] }>('GET', '/recipients'),
    ask<{ readonly kinds: readonly RegisterKind[] }>('GET', '/registers'),
  ]);
  if (kinds.ok) registers.value = new Map(kinds.value.kinds.map(({ id, title }) => [id, title]));
  if (!sets.ok || !ends.ok) return;
  titles.value = new Map([
    ...sets.value.datasets.map(({ id, title }) => [`dataset.${id}`, title] as const),
    ...(sets.value.purposes ?? []).map(({ id, description }) => [`purpose.${id}`, description] as const),
    ...ends.value.recipients.map(({ id, name }) => [`recipient.${id}`, name] as const),
  ]);
}

/** The title of something by its id, in the language of the page; the id itself where nobody has told one. */
export const titleOf = (what: Named, id: string): string => say(titles.value.get(`${what}.${id}`) ?? id);

/** What a register is called; undefined where nobody has told. */
export const registerTitleOf = (kind: string): Bilingual | undefined => registers.value.get(kind);
