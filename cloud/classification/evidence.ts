import type { Instant } from '../../proto/words/time.ts';
import type { Finding, Measure, SpanMeasure } from './item.ts';
import type { Outcome, Reached } from './outcome.ts';

/** Instants a span begins and ends on. */
export interface Span {
  readonly from: Instant;
  readonly until: Instant;
}

/** What is known of the data of one item. */
export interface Evidence {
  readonly figure: (item: string, measure: Exclude<Measure, SpanMeasure>) => Reached;
  readonly span: (item: string, measure: SpanMeasure) => Span | 'unknown';
  /** `hit`: it is so. */
  readonly finding: (item: string, finding: Finding) => Outcome;
}
