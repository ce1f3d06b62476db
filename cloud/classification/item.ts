import type { Bilingual } from '../../proto/words/fault.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';
import type { LawReadingId } from '../rules/law-row.ts';
import type { Citation, Confidence, DatedRow, Position, RowStatus } from '../transfer/rule.ts';

/**
 * What is measured on one record, on a dataset and on running aggregates. Distinct vehicles and distinct persons; days of
 * flow are Asia/Shanghai days of one prefecture-level area; pixels are the lesser side of a box in the picture as taken.
 */
export const MEASURES = [
  'vehicles',
  'flow-days',
  'km',
  'hours',
  'pictures',
  'clips',
  'face-px',
  'plate-px',
  'persons-of-year',
  'keyed-vehicles',
  'certified-vehicles',
  'platform-vehicles',
  'complete-junctions',
  'junction-span-s',
] as const;

export type Measure = (typeof MEASURES)[number];

/**
 * What is true, false or unknown of a dataset; a fence set, a detector, the data itself or a person establishes it. Some are
 * asked only under the reading that is not the default: `sensitive-area-related` (D6.site), `fused-with-both` (D6.fused),
 * `face-recognisable` and `plate-readable` (D5), `for-vehicle-cloud-communication` (D6.keys).
 */
export const FINDINGS = [
  'sensitive-area',
  'sensitive-area-related',
  'geo-secret',
  'law-enforcement',
  'prefecture-level-flow',
  'national-project',
  'provincial-award',
  'science-competitiveness',
  'export-technology',
  'fused',
  'fused-with-both',
  'face-recognisable',
  'plate-readable',
  'for-vehicle-cloud-communication',
  'upgrades-vehicles-in-china',
  'remote-control-beyond-nfc',
  'safe-driving-function',
  'controls-vehicle-in-china',
  'online-upgrade',
  'touches-power-chassis-or-driving',
] as const;

export type Finding = (typeof FINDINGS)[number];

/** `junction-span-s` is judged by its ends, not by its length: see `exceedsMonths`. */
export type SpanMeasure = 'junction-span-s';

/**
 * `atLeast` is 以上 and takes its number in; `over` and `overMonths` are 超过 and leave it out. A month is a calendar month of
 * Asia/Shanghai, so a span is tested with the instants it begins and ends on (`exceedsMonths`).
 */
export type ClauseTest =
  | { readonly finding: Finding }
  | { readonly measure: Exclude<Measure, SpanMeasure>; readonly atLeast: number }
  | { readonly measure: Exclude<Measure, SpanMeasure>; readonly over: number }
  | { readonly measure: SpanMeasure; readonly overMonths: number }
  | { readonly all: readonly ClauseTest[] }
  | { readonly any: readonly ClauseTest[] };

/** A row that stands only while an open reading has this position. */
export interface UnderLawReading {
  readonly id: LawReadingId;
  readonly position: Position;
}

/** A clause that several items share, such as FLEET-100K. Of two clauses with one id, the reading says which stands. */
export interface ClauseRow extends DatedRow {
  readonly reading?: UnderLawReading;
  readonly title: Bilingual;
  readonly test: ClauseTest;
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
}

/** One item of important data. It is hit when each clause of `precondition` and one of `anyOf` holds. */
export interface ItemRow extends DatedRow {
  /** As numbered in the text; undefined for an item that is known to exist and was not read: it cannot be evaluated. */
  readonly number?: number;
  readonly reading?: UnderLawReading;
  readonly scenario: Bilingual;
  readonly category: Bilingual;
  readonly title: Bilingual;
  readonly kinds: readonly FieldKind[];
  readonly precondition: readonly string[];
  readonly anyOf: readonly string[];
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
}

/** What came of one clause of one item. `unknown` counts as a hit wherever something would leave. */
export interface ItemFinding {
  readonly item: string;
  readonly clause: string;
  readonly outcome: 'hit' | 'no-hit' | 'unknown';
  /** The figure reached, at least and, where it is not known exactly, at most, and the row's own, where the clause measures. */
  readonly measure?: Measure;
  readonly reached?: number;
  /** Absent where `reached` is exact; null where there is no bound. */
  readonly atMost?: number | null;
  readonly figure?: number;
  /** What the clause asks of the data that is no figure. */
  readonly findings?: readonly Finding[];
}
