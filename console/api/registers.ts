import type { Bilingual } from '../../proto/words/fault.ts';

export interface RegisterKind {
  readonly id: string;
  readonly title: Bilingual;
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
