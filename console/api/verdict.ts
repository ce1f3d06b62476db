import type { Bilingual } from '../../proto/words/fault.ts';
import type { Citation } from './answers.ts';

/** A verdict as the API and the operations log have it. */
export interface Verdict {
  readonly decision: 'permit' | 'withhold';
  readonly because?: string;
  readonly under?: string;
  readonly route: string;
  readonly rules: readonly DecidingRule[];
  readonly missing: readonly Missing[];
  readonly notes: readonly Note[];
  readonly reliedOn?: readonly Reliance[];
  /** Day, Asia/Shanghai. */
  readonly standsUntil?: string;
  readonly factsDigest: string;
  readonly rulesDigest: string;
}

export interface DecidingRule {
  readonly id: string;
  readonly concern: string;
  readonly outcome: 'holds' | 'unknown';
  readonly citation: Citation;
  readonly reason: Bilingual;
}

export interface Missing {
  readonly what: string;
  readonly title: Bilingual;
  readonly remedy: Bilingual;
  readonly rules: readonly string[];
}

export interface Note {
  readonly id: string;
  readonly text: Bilingual;
  readonly citation: Citation;
}

export interface Reliance {
  readonly kind: string;
  readonly id: string;
  readonly until: string;
}

export interface Preview {
  readonly verdict: Verdict;
  readonly persons: number;
  readonly rows: number;
  readonly bytes: number;
  readonly nearestWays: readonly { readonly way: string; readonly text: Bilingual }[];
}
