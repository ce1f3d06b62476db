import type { z } from 'zod';
import type { Bilingual } from '../../proto/words/fault.ts';

/** What a register holds. The body has been through the kind's schema. */
export interface RegisterEntry {
  readonly kind: string;
  readonly id: string;
  /** From 1; every change adds one. */
  readonly version: number;
  readonly isWithdrawn: boolean;
  readonly body: EntryBody;
  /** Documents kept beside it, oldest first. */
  readonly attachments: readonly Attachment[];
  /** A change that waits for a second person. */
  readonly pending?: Pending;
  /** Of the last change that waited for a second person: the accounts of both. */
  readonly confirmation?: Confirmation;
  /** Bodies that counted before this one, oldest first, of a kind that looks back at them. */
  readonly stood?: readonly EntryBody[];
}

export interface Confirmation {
  readonly wrote: string;
  readonly by: string;
}

/** What stands until a second person confirms the body of the entry; of a new one that waits, nothing but its id. */
export interface Pending {
  /** The account that wrote the change. */
  readonly by: string;
  /** Whether it was shown that they wrote it. */
  readonly isProved?: true;
  readonly standing: EntryBody;
  /** Keys of the body that are otherwise. */
  readonly keys: readonly string[];
}

export type EntryBody = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Attachment {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Something in a body that its schema cannot see, by the key it lies at. */
export interface Objection {
  readonly key: string;
  readonly problem: Bilingual;
}

/** Reads other entries while one is weighed; withdrawn ones are not there. */
export type FindEntry = (kind: string, id: string) => RegisterEntry | undefined;

/** One kind of register: its form and what must hold beyond it. */
export interface RegisterKind {
  readonly id: string;
  readonly title: Bilingual;
  readonly schema: z.ZodType<EntryBody>;
  /** Numbers that authorities gave it; no two current entries of the kind may share one. */
  readonly numbersOf: (body: EntryBody) => readonly string[];
  readonly objections: (body: EntryBody, find: FindEntry) => readonly Objection[];
  /** Keys of which a change counts only once a second person has confirmed it. */
  readonly confirmed?: readonly string[];
  /** Whether a new entry counts only then as well. */
  readonly waitsAnew?: (body: EntryBody, entries: readonly RegisterEntry[]) => boolean;
  /** Whether what an entry said before goes on to matter once it is rewritten. */
  readonly looksBack?: boolean;
  /** What the registers add to a body before it is taken. */
  readonly complete?: (body: EntryBody, before: EntryBody | undefined, find: FindEntry) => EntryBody;
  /** Where `state` may go from each state; absent for kinds without one. */
  readonly moves?: Readonly<Record<string, readonly string[]>>;
}
