import type { PolicyBundle } from '../../proto/codec/control-codec.ts';
import type { Instant } from '../../proto/words/time.ts';

/** Every bundle that vehicles were told or delivered with, by its digest. */
export interface PolicyArchive {
  /** Durable once it returns; a bundle it holds already is passed over. @param signed - SignedPolicyBundle, verified */
  keep(signed: Uint8Array, at: Instant): void;
  /** Bundles of a name and version; more than one where an operator signed one version twice. */
  find(id: string, version: number): readonly PolicyBundle[];
  /** Another process may have kept some: what was found before, or not, is asked for again. */
  look(): void;
  count(): number;
  close(): void;
}
