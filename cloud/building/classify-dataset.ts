import { civilDateOf, civilYearOf, type Instant } from '../../proto/words/time.ts';
import { type Classification, classify, type Readings } from '../classification/classification.ts';
import { exactly, type Outcome } from '../classification/outcome.ts';
import type { RunningAggregates } from '../classification/running-aggregates.ts';
import { outlineSubject } from '../classification/subjects.ts';
import { type ClassificationConfig, statedFigures } from '../config/classification-config.ts';
import type { DatasetContents, Requestable } from '../datasets/contents.ts';
import type { CountedPersons } from '../transfer/assemble-facts.ts';

/** Whether rows of a kind are a series in time under one tag, finer than a day. */
const IS_SERIES: Readonly<Record<Requestable['kind'], Outcome>> = {
  'vehicle-day-statistics': 'no-hit',
  aggregates: 'no-hit',
  tracks: 'hit',
  files: 'unknown',
};

export interface JudgedBy {
  readonly aggregates: RunningAggregates;
  /** Of the year, with this transfer. */
  readonly persons: CountedPersons | 'unknown';
  /** Findings and figures that a person answers for. */
  readonly stated: ClassificationConfig | undefined;
  /** Readings that a legal sign-off has switched. */
  readonly readings?: Readings;
}

/** What a dataset is. It is taken from what the aggregates have counted, so their figures are no less than its own. */
export function classifyDataset(
  { classes, kinds, items, kind }: DatasetContents & { readonly kind: Requestable['kind'] },
  at: Instant,
  { aggregates, persons, stated, readings }: JudgedBy,
): Classification {
  const on = civilDateOf(at);
  const { findings = {}, figures = {} } = stated ?? {};
  const counted = persons === 'unknown' ? {} : { 'persons-of-year': exactly(persons.projected) };
  const question = { year: civilYearOf(at), stated: findings, figures: { ...statedFigures(figures), ...counted } };
  const outline = { classes, kinds, items, reasons: [], isSeries: IS_SERIES[kind] };
  return classify(outlineSubject(outline, aggregates, question), on, aggregates.rules.on(on), readings);
}
