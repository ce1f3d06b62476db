import type { Bilingual } from '../../proto/words/fault.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';
import type { HandlingId } from './handlings.table.ts';

/** One kind of content that is no signal. */
export interface KindEntry {
  readonly as: HandlingId;
  readonly kind: FieldKind;
  readonly items: readonly string[];
  readonly cite: string;
  readonly reason: Bilingual;
}
