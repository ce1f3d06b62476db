import { shallowRef } from 'vue';
import type { Bilingual } from '../../proto/words/fault.ts';
import type { Citation } from './answers.ts';
import { ask } from './client.ts';

/** A text that rows cite, by the name and number of its issuer. */
export interface Instrument {
  readonly id: string;
  readonly number: string;
  readonly title: Bilingual;
  readonly status: string;
}

/** A row of law in force today, as far as a page explains one. */
export interface LawRow {
  readonly id: string;
  readonly demands?: string;
  readonly reason?: Bilingual;
  readonly citation?: Citation;
}

interface Told {
  readonly rows: readonly LawRow[];
  readonly instruments: readonly Instrument[];
  /** What the short citations of the catalogue stand for. */
  readonly citations: Readonly<Record<string, Bilingual>>;
}

const instruments = shallowRef<ReadonlyMap<string, Instrument>>(new Map());
const citations = shallowRef<Readonly<Record<string, Bilingual>>>({});
const rows = shallowRef<ReadonlyMap<string, LawRow>>(new Map());

/** Asks once for the law in force, so that its texts are called by their names. */
export async function learnLaw(): Promise<void> {
  if (rows.value.size > 0) return;
  const answer = await ask<Told>('GET', '/rules');
  if (!answer.ok) return;
  citations.value = answer.value.citations;
  instruments.value = new Map(answer.value.instruments.map((one) => [one.id, one]));
  rows.value = new Map(answer.value.rows.map((one) => [one.id, one]));
}

/** Undefined until the law was told, and for who may not read it. */
export const instrumentOf = (id: string): Instrument | undefined => instruments.value.get(id);
export const lawRowOf = (id: string): LawRow | undefined => rows.value.get(id);
export const citationOf = (cite: string): Bilingual | undefined => citations.value[cite];
