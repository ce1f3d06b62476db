import type { Bilingual } from '../../proto/words/fault.ts';
import type { NonEmpty } from '../../proto/words/result.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { OnFileKind } from './facts.ts';
import type { Citation, Concern, Confidence, Demand, FactPath, Grant, Position, RowStatus } from './rule.ts';

/** The decision on one transfer, with its reasons. Neither form can be built without a rule. */
export type Verdict = Permit | Withhold;

/** Which way out of the country the rules leave open; `undetermined` while a fact it hangs on is unknown. */
export type Route = 'security-assessment' | 'contract-or-certification' | Grant | 'no-rule-in-force' | 'undetermined';

/** What was evaluated together with this transfer as one (G26 III(2)). */
export interface JoinedFinding {
  /** The latest of them. */
  readonly transfers: readonly string[];
  readonly parts: number;
  /** Whether the set decided, and not the transfer by itself. */
  readonly decides: boolean;
  readonly text: Bilingual;
  readonly citation: Citation;
  readonly confidence: Confidence;
}

interface Grounds {
  /** The rules that decided: for a permit every rule that was met, else every rule that withholds. */
  readonly rules: NonEmpty<DecidingRule>;
  readonly route: Route;
  /** Open readings and remarks that touch this transfer. */
  readonly notes: readonly Note[];
  /** Present where the facts name transfers that are joined with this one. */
  readonly joined?: JoinedFinding;
  /** SHA-256 of the canonical JSON of the facts, hexadecimal. */
  readonly factsDigest: string;
  /** SHA-256 over the rows in force on the day of the transfer, hexadecimal. */
  readonly rulesDigest: string;
}

export interface Permit extends Grounds {
  readonly decision: 'permit';
  /** The mechanism or exemption that the transfer goes under. */
  readonly under: 'standard-contract' | 'certification' | 'security-assessment' | Grant;
  /** Documents that the permit rests on; when one of them falls, so does the permit. */
  readonly reliedOn: readonly Reliance[];
  /**
   * First day on which the same transfer would have to be decided anew even if nothing else changed: a document lapses,
   * the year of the counts ends, or the rules change. Asia/Shanghai.
   */
  readonly standsUntil: CivilDate;
  readonly missing: readonly [];
}

/** The gravest cause, a ban before all; `missing` has them all. */
export type WithholdCause = 'never-exportable' | 'fact-unknown' | 'demand-unmet' | 'no-rule-in-force';

export interface Withhold extends Grounds {
  readonly decision: 'withhold';
  readonly because: WithholdCause;
  readonly missing: NonEmpty<Missing>;
}

/** A rule as it decided: it held, or it could not be answered. */
export interface DecidingRule {
  readonly id: string;
  readonly concern: Concern;
  readonly outcome: 'holds' | 'unknown';
  readonly demand: Demand;
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
  readonly reason: Bilingual;
}

/** Something that has to be put on file or found out before the transfer can go. */
export interface Missing {
  /** A demand of a rule, or a key of the facts that is unknown. */
  readonly what: Demand | `fact:${FactPath}`;
  readonly title: Bilingual;
  /** Ids of the rules that want it. */
  readonly rules: NonEmpty<string>;
  readonly remedy: Bilingual;
  /** Documents of the right kind that are on file and do not count, and why not. */
  readonly considered: readonly {
    readonly id: string;
    readonly kind: OnFileKind;
    readonly problems: NonEmpty<Bilingual>;
  }[];
}

export interface Reliance {
  readonly demand: Demand;
  readonly kind: OnFileKind;
  readonly id: string;
  /** First day on which it no longer counts. */
  readonly until: CivilDate;
  /** What it states and the cloud knows otherwise; the stricter of the two was taken. */
  readonly remark?: Bilingual;
}

export interface Note {
  readonly id: string;
  /** The reading that this verdict rests on, or the remark. */
  readonly text: Bilingual;
  /** The reading that it does not rest on. */
  readonly otherReading?: Bilingual;
  readonly position?: Position;
  /** Which of the two readings lets less out. */
  readonly stricter?: Position;
  /** Id of the legal sign-off that switched the reading. */
  readonly signOff?: string;
  readonly citation: Citation;
  readonly confidence: Confidence;
}
