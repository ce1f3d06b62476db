import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';

/** What a bundle that is made comes to. */
export interface MadeBundle {
  readonly files: number;
  /** Connections whose sealed captures are in it, where it has any. */
  readonly captures?: number;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A bundle that was asked for, beside what it was asked for by. Moments are RFC 3339. */
export type KeptBundle = {
  readonly id: string;
  /** Account. */
  readonly by: string;
  readonly askedAt: string;
} & (
  | { readonly state: 'under-way'; readonly step: string; readonly share: number }
  | ({ readonly state: 'ready'; readonly keptUntil: string } & MadeBundle)
  | { readonly state: 'failed'; readonly keptUntil: string; readonly fault: Fault }
);

/** Where bundles of one kind are asked for, by an `A`, and lie for a while. */
export interface BundleShelf<A extends object> {
  /** Faults: BUNDLE_BUSY, BUNDLE_FULL, BUNDLE_UNLOGGED. */
  readonly begin: (asked: A, by: string) => Result<A & KeptBundle, Fault>;
  /** In the order they were asked for. */
  readonly list: () => readonly (A & KeptBundle)[];
  /** Faults: BUNDLE_UNKNOWN. */
  readonly find: (id: string) => Result<A & KeptBundle, Fault>;
  /** The file and the name it is handed out under. Faults: BUNDLE_UNKNOWN, BUNDLE_NOT_READY. */
  readonly take: (id: string) => Result<{ readonly path: string; readonly name: string }, Fault>;
  /** Ends it if it is under way. Faults: BUNDLE_UNKNOWN. */
  readonly remove: (id: string) => Result<void, Fault>;
}
