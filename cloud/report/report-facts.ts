import type { Bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { Title } from '../../proto/words/title.ts';

export const REPORT_KINDS = ['assessment', 'contract', 'annual'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** Shanghai days, both included. */
export interface ReportPeriod {
  readonly from: CivilDate;
  readonly until: CivilDate;
}

/** One transfer as register and log have it; nothing of its content. A field that nobody wrote down is undefined. */
export interface ReportedTransfer {
  readonly transferId: string;
  readonly on: CivilDate;
  readonly datasetId: string;
  readonly recipientId: string;
  readonly purpose: string;
  readonly state: string;
  readonly manner?: string | undefined;
  readonly decision?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly sensitive?: string | undefined;
  readonly important?: string | undefined;
  /** Distinct within the transfer. */
  readonly persons: number;
  readonly rows?: number | undefined;
  readonly bytes?: number | undefined;
}

export interface YearCount {
  readonly year: number;
  /** Distinct persons of the year: those of whom sensitive information went out, and the others. */
  readonly plain: number;
  readonly sensitive: number;
}

/** What a report is made of: configuration, registers and logs, as they stand. */
export interface ReportFacts {
  readonly kind: ReportKind;
  readonly period: ReportPeriod;
  readonly madeOn: CivilDate;
  readonly processor: { readonly id: string; readonly name: string; readonly ciio: string };
  readonly legalBasis: string;
  readonly recipients: readonly {
    readonly id: string;
    readonly name: Title;
    readonly country: string;
    readonly endpoint: string;
    readonly purposes: readonly string[];
  }[];
  readonly onFile: readonly {
    readonly kind: string;
    readonly id: string;
    readonly validFrom: string;
    readonly validUntil: string;
    readonly filed?: string | undefined;
  }[];
  readonly datasets: readonly {
    readonly id: string;
    readonly title: Title;
    readonly kind: string;
    readonly classes: readonly string[];
  }[];
  readonly transfers: readonly ReportedTransfer[];
  readonly years: readonly YearCount[];
  readonly log: { readonly entries: number; readonly root: string };
}

/** Part of a report, before it is put into words of one language or a file format. */
export type Block =
  | { readonly block: 'heading'; readonly text: Bilingual }
  | { readonly block: 'text'; readonly text: Bilingual }
  | { readonly block: 'table'; readonly head: readonly Bilingual[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly block: 'missing'; readonly what: Bilingual; readonly remedy: Bilingual };

/** Text that is the same in both languages, such as an id or a figure, or one for each. */
export type Cell = string | Bilingual;

export interface ReportDocument {
  readonly title: Bilingual;
  readonly blocks: readonly Block[];
}
