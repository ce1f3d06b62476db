import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';

/** What the gate needs of a log: to write an entry down durably and learn where it stands. */
export interface AppendOnly {
  append(
    entries: readonly {
      readonly kind: string;
      readonly transferId: string;
      readonly actor: string;
      readonly document: unknown;
    }[],
  ): Result<{ readonly firstIndex: number; readonly leafHashes: readonly Uint8Array[] }, Fault>;
}
