import type { Bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';
import type { EvidenceKind, Exemption, LegalBasis, Manner, OnFileKind } from './facts.ts';

/**
 * How sure we are of a row, in the words of the project's regulatory fact base. `seed` and `official`: we read the text
 * or a reproduction of it; `law-firm`: a summary by practitioners; `own`: our inference.
 */
export type Confidence = 'seed' | 'official' | 'official-draft-2025' | 'law-firm' | 'own';

/** What a row was made from. `product`: no text settles it, so this product decides and says so. */
export type RowStatus = 'final-2026' | 'official' | 'draft-2025' | 'operator-supplied' | 'product';

/** A row of law. It applies on `from` and no longer on `until`; a row in force is never edited but to close it. */
export interface DatedRow {
  readonly id: string;
  readonly from: CivilDate;
  readonly until?: CivilDate;
}

/** `instrument` is an id of instruments.table.ts; the article is as a lawyer would cite it, in each language. */
export interface Citation {
  readonly instrument: string;
  readonly article: string;
  readonly articleZh: string;
}

/** Concerns in the order in which a verdict reports them. Each must permit. */
export const CONCERNS = [
  'prohibition',
  'recipient',
  'exemption-claim',
  'geography',
  'route',
  'personal-information',
] as const;

export type Concern = (typeof CONCERNS)[number];

/** What a rule asks for before a transfer. demands.table.ts says which documents on file meet each. */
export type Demand =
  | 'never'
  | 'registered-recipient'
  | 'exemption-evidence'
  | EvidenceKind
  | 'geographic-clearance'
  | 'state-recognised-processing'
  | 'rule-in-force'
  | 'security-assessment'
  | 'contract-or-certification'
  | 'nothing'
  | 'notice'
  | 'separate-consent'
  | 'pipia';

/** What a route rule of no strictness lets a transfer go under. */
export type Grant = `exemption-${Exemption}` | 'free-flow';

export type Presence = 'present' | 'absent';

/** Legal facts with named values. Each is read off the facts by legal-facts.ts, and may be unknown. */
export interface NamedFacts {
  readonly ciio: 'yes' | 'no';
  readonly recipientRegistered: 'yes' | 'no';
  readonly recipientCountry: string;
  readonly manner: Manner;
  readonly core: Presence;
  readonly stateSecret: Presence;
  readonly classifiedGeographic: Presence;
  readonly personal: Presence;
  readonly sensitive: Presence;
  readonly geographic: Presence;
  readonly coordinates: Presence;
  readonly importantData: Presence;
  readonly importantByOwnCatalogueOnly: 'yes' | 'no';
  readonly legalBasis: LegalBasis;
}

/** Legal facts that are numbers of distinct persons, all projected: they take in the transfer in hand (CNT-4). */
export type AmountFact = 'persons' | 'sensitivePersons' | 'sensitivePersonsOfYear' | 'personsOfEitherKind';

export type LegalFact = keyof NamedFacts | AmountFact | 'claimedExemption' | 'onFile';

export type NamedTest = {
  [F in keyof NamedFacts]:
    | { readonly fact: F; readonly is: NamedFacts[F] }
    | { readonly fact: F; readonly in: readonly NamedFacts[F][] };
}[keyof NamedFacts];

/** `atLeast` is 以上 and takes its number in; `below` is 不满 and leaves it out; `over` is 超过 and leaves it out. */
export interface AmountTest {
  readonly fact: AmountFact;
  readonly atLeast?: number;
  readonly below?: number;
  readonly over?: number;
}

/** The whole vocabulary of conditions. A rule's tests are joined by "and"; "or" is a second rule. */
export type Test =
  | NamedTest
  | AmountTest
  | { readonly fact: 'claimedExemption'; readonly is: Exemption }
  | { readonly fact: 'claimedExemption'; readonly in: readonly Exemption[] }
  | { readonly fact: 'onFile'; readonly is: OnFileKind };

export const READING_IDS = ['D1', 'D2', 'D4', 'D9', 'GEO-7', 'GEO-7.classes', 'C3', 'C4', 'PIPL-29'] as const;

/** An open reading of the law that can be switched by a recorded legal sign-off. */
export type ReadingId = (typeof READING_IDS)[number];

/** `taken` is what this product reads by default; `other` needs a sign-off among the facts. */
export type Position = 'taken' | 'other';

export interface UnderReading {
  readonly id: ReadingId;
  readonly position: Position;
}

/** One dated rule made from an article: when its tests hold, it demands. */
export interface Rule extends DatedRow {
  readonly concern: Concern;
  readonly when: readonly Test[];
  readonly demands: Demand;
  /** Present exactly when the rule is one of the route and its demand has no strictness. */
  readonly grants?: Grant;
  /** Rules of the route that no longer apply where this one holds and its demand is met: an exemption lifts them. */
  readonly displaces?: readonly string[];
  /** The rule of last resort: it decides where no other rule of its concern applies. */
  readonly otherwise?: true;
  /** The rule stands only while the reading has this position. */
  readonly reading?: UnderReading;
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
  readonly reason: Bilingual;
  readonly remedy: Bilingual;
}

/** A demand by name, and the documents that meet it, best first. */
export interface DemandRow extends DatedRow {
  readonly id: Demand;
  readonly title: Bilingual;
  readonly metBy: readonly OnFileKind[];
  /** Route demands only: a greater number is the stricter demand. */
  readonly strictness?: number;
}

/** What must be true of a document on file, beyond its dates, before it counts. */
export type OnFileCheck =
  | { readonly check: 'covers'; readonly scope: 'recipient' | 'dataset' | 'purpose' }
  | { readonly check: 'term'; readonly yearsMax: number }
  | { readonly check: 'scale' }
  | { readonly check: 'after-geographic-clearance' }
  /** The same, by a clearance that is this transfer's own: for its recipient and its purpose. */
  | { readonly check: 'after-own-geographic-clearance' }
  | { readonly check: 'filed-in-time'; readonly workingDays: number }
  | { readonly check: 'filed-first' }
  | { readonly check: 'status'; readonly ageDaysMax: number }
  /** A key of the evidence has one of these values; `problem` is what to say where it has not. */
  | { readonly check: 'states'; readonly key: string; readonly in: readonly string[]; readonly problem: Bilingual }
  /** The instant under this key lies before the transfer. */
  | { readonly check: 'before-transfer'; readonly key: string }
  /** The hash under this key is that of the content in hand. */
  | { readonly check: 'same-content'; readonly key: string }
  /** The content in hand is among the hashes under this key. */
  | { readonly check: 'among-reported'; readonly key: string }
  | { readonly check: 'personal-only' }
  | { readonly check: 'kinds-only'; readonly kinds: readonly FieldKind[] }
  | { readonly check: 'days'; readonly daysMax: number }
  | { readonly check: 'zone-list' }
  /** Nothing that the document was made for has changed since. */
  | { readonly check: 'unchanged' }
  /** The document names the kinds of field it is about, and these are all of the dataset's. */
  | { readonly check: 'kinds-covered' }
  /** The document names the manners it is about, and this transfer's is one of them. */
  | { readonly check: 'manner-covered' };

/** One condition on one kind of document. A kind has as many rows as it has conditions. */
export interface OnFileRule extends DatedRow {
  readonly kind: OnFileKind;
  readonly requires: OnFileCheck;
  readonly reading?: UnderReading;
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
}

/** A remark for the reader of a verdict, or an open reading with the position it stands in. */
export interface NoteRow extends DatedRow {
  /** Notes appear where these tests hold or cannot be answered. */
  readonly when: readonly Test[];
  /** Set for readings that a sign-off can switch. */
  readonly reading?: ReadingId;
  readonly taken: Bilingual;
  /** Absent for a remark that no reading hangs on. */
  readonly other?: Bilingual;
  /** Which of the two lets less out. */
  readonly stricter?: Position;
  /** What fixed the default where it is not the stricter reading. */
  readonly defaultBecause?: Bilingual;
  readonly citation: Citation;
  readonly confidence: Confidence;
}

/** Keys of the facts file that can be `unknown`. */
export const FACT_PATHS = [
  'manner',
  'legalBasis',
  'processor.ciio',
  'recipient.registered',
  'dataset.personal',
  'dataset.sensitive',
  'dataset.geographic',
  'dataset.coordinates',
  'dataset.classifiedGeographic',
  'dataset.important',
  'dataset.core',
  'dataset.stateSecret',
  'counts.persons',
  'counts.sensitivePersons',
] as const;

export type FactPath = (typeof FACT_PATHS)[number];

/** A key of the facts file by name, and how somebody finds out what to write there. */
export interface FactRow extends DatedRow {
  readonly id: FactPath;
  readonly title: Bilingual;
  readonly remedy: Bilingual;
}

/** Days off and working weekends of one calendar year; a year without a row cannot be counted in. */
export interface CalendarRow extends DatedRow {
  readonly year: number;
  /** Closed ranges, first and last day. */
  readonly holidays: readonly (readonly [CivilDate, CivilDate])[];
  readonly workingWeekendDays: readonly CivilDate[];
  readonly citation: Citation;
}

/** A law, measure, standard or note that rows cite. */
export interface Instrument {
  readonly id: string;
  readonly title: Bilingual;
  readonly number: string;
  /** Absent where it never was (a draft, our own decisions), or where we could not verify the day. */
  readonly inForceSince?: CivilDate;
  /** `commentary`: a guide by practitioners, cited for dates and pitfalls and never for a duty. */
  readonly status: 'in-force' | 'recommended' | 'draft' | 'commentary' | 'product';
  readonly confidence: Confidence;
}
