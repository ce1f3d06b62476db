import type { Bilingual } from '../../proto/words/fault.ts';
import type { Instant } from '../../proto/words/time.ts';

/**
 * What an alert says outside of the cloud: which, how grave, since when and why. No subject and no figures: whom it is about is
 * looked up under its id by who may.
 */
export interface OutgoingAlert {
  readonly id: string;
  readonly code: string;
  readonly severity: 'high' | 'medium' | 'low';
  readonly state: 'open' | 'acknowledged' | 'closed';
  readonly at: Instant;
  readonly cite: string;
  readonly reason: Bilingual;
}

/** One way to tell somebody. It never throws and never waits: what cannot be told is counted. */
export interface AlertSink {
  readonly send: (alert: OutgoingAlert) => void;
  readonly status: () => { readonly sent: number; readonly dropped: number; readonly waiting: number };
  readonly close: () => void;
}
