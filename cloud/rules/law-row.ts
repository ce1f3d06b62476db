import type { DataClass } from '../../proto/words/data-class.ts';
import type { Bilingual } from '../../proto/words/fault.ts';
import type { Citation, Confidence, DatedRow, Position, RowStatus } from '../transfer/rule.ts';
import type { FieldKind } from './field-kinds.table.ts';

/** What every row of law that is not weighed by `decide` carries besides its dates. */
export interface SourcedRow extends DatedRow {
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
}

/** Open readings that bear on classification, counting and lists; those of a verdict stand in notes.table.ts. */
export const LAW_READING_IDS = [
  'C7',
  'CNT-1',
  'CNT-8',
  'CNT-10',
  'D5',
  'D6.fused',
  'D6.keys',
  'D6.site',
  'D7',
  'D11.body',
  'D11.v2x',
] as const;

export type LawReadingId = (typeof LAW_READING_IDS)[number];

/**
 * One text, two readings. `taken` stands unless a recorded legal sign-off switches to `other`. Where the stricter reading
 * is not the one taken, the row says what fixed that.
 */
export interface ReadingRow extends SourcedRow {
  readonly title: Bilingual;
  readonly taken: Bilingual;
  /** Absent for a gap or a correction: there is nothing to switch to. */
  readonly other?: Bilingual;
  readonly stricter?: Position | 'neither';
  readonly defaultBecause?: Bilingual;
  /**
   * Who reads the switch: a sign-off among the facts of one transfer, a sign-off in the operator's file, or nobody, because
   * the stricter reading is built into what this product stores.
   */
  readonly switch: 'facts' | 'operator-file' | 'none';
}

/** The class that a kind of field carries before anything else is known of it, with the items it is tested against. */
export interface KindRow extends SourcedRow {
  readonly id: FieldKind;
  readonly title: Bilingual;
  readonly classes: readonly DataClass[];
  /** Ids of important-items.table.ts. */
  readonly items: readonly string[];
  /** What the vehicle does with it unless a policy says otherwise. */
  readonly edge: 'allowed' | 'coarsened' | 'pseudonymised' | 'aggregated' | 'reviewed' | 'stripped' | 'forbidden';
  readonly edgeText: Bilingual;
}

/** A list of a pilot free trade zone: exemption (6) rests on one. */
export interface ZoneListRow extends SourcedRow {
  readonly title: Bilingual;
  /** Who has to be registered there. */
  readonly area: Bilingual;
  readonly list: 'negative' | 'positive';
  /** Does it speak of vehicles? `unread`: we know that it exists. Only `yes` can carry exemption (6). */
  readonly automotive: 'yes' | 'no' | 'unread';
  /** Version that a claim has to name; absent while we have not seen one. */
  readonly version?: string;
  readonly opensToCiio: 'yes' | 'no' | 'unknown';
  readonly facts: Bilingual;
}
