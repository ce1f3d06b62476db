import type { Bilingual } from '../../proto/words/fault.ts';
import type { FormSchema } from '../models/entry-form.ts';

export interface RegisterKind {
  readonly id: string;
  readonly title: Bilingual;
}

/** The form of a register, and what of it counts only once a second person has confirmed it. */
export interface RegisterForm extends RegisterKind {
  readonly schema: FormSchema;
  readonly confirmedByTwo: readonly string[];
  /** Where `state` may go from each state. */
  readonly moves?: Readonly<Record<string, readonly string[]>>;
}

export interface RegisterEntry {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly isWithdrawn: boolean;
  readonly body: Readonly<Record<string, unknown>>;
  readonly attachments: readonly { readonly name: string; readonly sha256: string; readonly bytes: number }[];
  /** A change that waits for a second person: who wrote it, and the keys that it changes. */
  readonly pending?: { readonly by: string; readonly keys: readonly string[] };
}

export interface ShownEntry {
  readonly entry: RegisterEntry;
  readonly documents: readonly {
    readonly name: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly state: string;
  }[];
}

/** Changes of an entry, newest first, as the operations log has them. */
export interface EntryHistory {
  readonly changes: readonly EntryChange[];
  readonly next?: number;
}

export interface EntryChange {
  readonly index: number;
  /** RFC 3339, UTC. */
  readonly recordedAt: string;
  readonly actor: string;
  readonly act: string;
  readonly reason?: string;
  readonly before?: RegisterEntry | null;
  readonly after?: RegisterEntry;
}
