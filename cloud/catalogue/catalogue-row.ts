import type { DataClass, Zone } from '../../proto/words/data-class.ts';
import type { Bilingual } from '../../proto/words/fault.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';

/** How one signal or kind is to be treated, and why. */
export interface Treatment {
  readonly classes: readonly DataClass[];
  readonly fieldKind: FieldKind;
  /** Ids of the items of important data (cloud/rules/) that have to be tested on it; none is judged here. */
  readonly items: readonly string[];
  readonly zone: Exclude<Zone, 'quarantine'>;
  /** Whether a dataset may hold it at all; whether it may go is for `decide`. */
  readonly exportable: boolean;
  /** `forbidden`: an honest agent never sends it, so its arrival is a lie. */
  readonly edge: 'allowed' | 'forbidden';
  /** Id of a row of retention (cloud/rules/). */
  readonly retention: string;
  readonly reason: Bilingual;
  readonly cite: string;
}

/** What the product knows of one signal or of one kind of content that is no signal. */
export interface CatalogueRow extends Treatment {
  /** A VSS path, or the id of a kind, which begins with a small letter and so is never a path. */
  readonly path: string;
  /** Id of the rule that decided. */
  readonly rule: string;
  /** What a reading may be; undefined for a kind. */
  readonly value?: ReadingForm;
  /** Bounds of a number in the unit VSS gives the path; one that is absent is not known. */
  readonly min?: number;
  readonly max?: number;
}

export type ReadingForm = 'flag' | 'number' | 'text';
