import type { Bilingual } from '../../proto/words/fault.ts';
import type { Citation, Confidence, DatedRow, RowStatus } from '../transfer/rule.ts';

/** How long a term is. `ends`: at the start of the day itself. `months`: to the start of the same day of a later month, or of its last one. `workingDaysBefore`: the n-th working day before a day. */
export type Term =
  | { readonly ends: true }
  | { readonly hours: number }
  | { readonly days: number }
  | { readonly months: number }
  | { readonly workingDays: number }
  | { readonly workingDaysBefore: number };

/** `key` is a place in the body, such as `filing.state`. */
export interface KeyIn {
  readonly key: string;
  readonly in: readonly string[];
}

/** Persons and the like from a figure on; a number that is not there is none. */
export interface KeyAtLeast {
  readonly key: string;
  readonly atLeast: number;
}

export type KeyTest = KeyIn | KeyAtLeast;

/** What ends a term: a key that is there, a key with one of some values, or reports to all of some authorities. */
export type MetBy = { readonly key: string } | KeyIn | { readonly reportTo: readonly string[] };

/** A term of law that runs from an entry of a register. */
export interface DeadlineRow extends DatedRow {
  readonly kind: string;
  /** Key of the day or instant it runs from. */
  readonly runsFrom: string;
  readonly term: Term;
  /** The term opens a time to act in, which ends with the day it is counted back from. */
  readonly opens?: true;
  readonly when?: readonly KeyTest[];
  readonly metBy?: MetBy;
  readonly title: Bilingual;
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
}

/** A report that is due on one day of every year. */
export interface AnnualRow extends DatedRow {
  /** `MM-DD`, the last day on which it is in time. */
  readonly monthDay: string;
  readonly title: Bilingual;
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
}
