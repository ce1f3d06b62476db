import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { CivilDate } from '../../proto/words/time.ts';

/** A bundle that was asked for. Days are of Asia/Shanghai, both included; moments are RFC 3339. */
export type KeptInspection = {
  readonly id: string;
  readonly from: CivilDate;
  readonly until: CivilDate;
  /** Account. */
  readonly by: string;
  readonly askedAt: string;
} & (
  | { readonly state: 'under-way'; readonly step: string; readonly share: number }
  | {
      readonly state: 'ready';
      readonly keptUntil: string;
      readonly files: number;
      readonly captures: number;
      readonly bytes: number;
      readonly sha256: string;
    }
  | { readonly state: 'failed'; readonly keptUntil: string; readonly fault: Fault }
);

/** Where bundles for inspectors are asked for and lie for a while. */
export interface InspectionShelf {
  /** Faults: INSPECTION_BUSY, INSPECTION_FULL, INSPECTION_UNLOGGED. */
  readonly begin: (
    period: { readonly from: CivilDate; readonly until: CivilDate },
    by: string,
  ) => Result<KeptInspection, Fault>;
  /** In the order they were asked for. */
  readonly list: () => readonly KeptInspection[];
  /** Faults: INSPECTION_UNKNOWN. */
  readonly find: (id: string) => Result<KeptInspection, Fault>;
  /** The file and the name it is handed out under. Faults: INSPECTION_UNKNOWN, INSPECTION_NOT_READY. */
  readonly take: (id: string) => Result<{ readonly path: string; readonly name: string }, Fault>;
  /** Ends it if it is under way. Faults: INSPECTION_UNKNOWN. */
  readonly remove: (id: string) => Result<void, Fault>;
}
