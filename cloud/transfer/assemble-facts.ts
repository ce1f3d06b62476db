import type { DataClass } from '../../proto/words/data-class.ts';
import { civilDateOf, civilYearOf, type Instant, toIso } from '../../proto/words/time.ts';
import { type Classification, classificationDigest } from '../classification/classification.ts';
import type { DatasetContents } from '../datasets/contents.ts';
import type { FactsInput } from './facts.ts';
import { ON_FILE_MAX } from './facts-entries.ts';

type OnFileEntry = FactsInput['onFile'][number];

export interface CountedPersons {
  /** Distinct persons of this year before the transfer, in it, and together. */
  readonly before: number;
  readonly transfer: number;
  readonly projected: number;
}

/** What a person has established of imported files; what is left out stays unknown. */
export type Attested = Readonly<
  Partial<
    Record<
      'personal' | 'sensitive' | 'geographic' | 'coordinates' | 'important' | 'core' | 'stateSecret',
      'present' | 'absent' | undefined
    >
  >
>;

export interface AssembledFrom {
  readonly at: Instant;
  readonly processor: FactsInput['processor'];
  readonly recipient: FactsInput['recipient'];
  readonly purpose: string;
  /** `treeSha256`: of the files in hand, as they were built. */
  readonly dataset: {
    readonly id: string;
    readonly title: string;
    readonly treeSha256?: string | undefined;
    /** Of the parcel; undefined where none is built. */
    readonly bytes?: number | undefined;
  };
  readonly attested: Attested;
  readonly claims: FactsInput['claimedExemptions'];
  readonly contents: DatasetContents;
  readonly classification: Classification;
  readonly legalBasis: FactsInput['legalBasis'];
  readonly onFile: FactsInput['onFile'];
  readonly setAside: NonNullable<FactsInput['setAside']>;
  /** Persons in hand whose consent was withdrawn or ended in the vehicle: no form that was signed before covers them. */
  readonly withoutConsent: number | 'unknown';
  readonly signOffs: FactsInput['signOffs'];
  /** `unknown` where a dataset is not built and no record of it lies in a zone yet. */
  readonly persons: CountedPersons | 'unknown';
  readonly sensitivePersons: CountedPersons | 'unknown';
}

/**
 * Puts the facts of one transfer together from the registers and the classification of its data. What neither knows is
 * written as unknown, and never as absent.
 */
export function assembleFacts(from: AssembledFrom): FactsInput {
  const { classification } = from;
  const holds = (one: DataClass): boolean => classification.classes.includes(one) || from.contents.classes.has(one);
  const presence = (isPresent: boolean) => (isPresent ? 'present' : 'absent');
  const isGeographic = holds('geographic');
  const kinds = kindsInHand(from);
  // Of imported files only evidence can say; until it does, nothing is absent. It never takes away what was found.
  const settled = (is: boolean, key: keyof Attested) =>
    is ? 'present' : from.contents.isUnsettled ? (from.attested[key] ?? 'unknown') : presence(is);
  return {
    facts: 1,
    on: civilDateOf(from.at),
    at: toIso(from.at),
    manner: 'sent',
    processor: from.processor,
    recipient: from.recipient,
    purpose: from.purpose,
    dataset: {
      id: from.dataset.id,
      title: from.dataset.title,
      ...(from.dataset.treeSha256 === undefined ? {} : { sha256: from.dataset.treeSha256 }),
      ...(from.dataset.bytes === undefined ? {} : { bytes: from.dataset.bytes }),
      personal: settled(holds('personal') || holds('sensitive'), 'personal'),
      sensitive: from.contents.isUnsettled ? settled(holds('sensitive'), 'sensitive') : sensitivity(from),
      geographic: settled(isGeographic, 'geographic'),
      coordinates: settled(kinds.includes('COORD') || kinds.includes('TRACK'), 'coordinates'),
      // A cell near a place that no fence names may lie on classified ground; only a map review could say.
      classifiedGeographic: isGeographic ? 'unknown' : settled(false, 'geographic'),
      important: importance(from, holds('important')),
      core: settled(false, 'core'),
      stateSecret: isGeographic ? 'unknown' : settled(false, 'stateSecret'),
      kinds,
      classification: { digest: classificationDigest(classification) },
    },
    legalBasis: from.legalBasis,
    counts: {
      year: civilYearOf(from.at),
      persons: from.persons === 'unknown' ? 'unknown' : { ...from.persons },
      sensitivePersons: from.sensitivePersons === 'unknown' ? 'unknown' : { ...from.sensitivePersons },
    },
    onFile: from.onFile.map((entry) => withWithdrawals(entry, from.withoutConsent)),
    ...(from.setAside.length === 0 ? {} : { setAside: from.setAside.slice(0, ON_FILE_MAX) }),
    claimedExemptions: [...from.claims],
    signOffs: [...from.signOffs],
  };
}

function withWithdrawals(entry: OnFileEntry, persons: number | 'unknown'): OnFileEntry {
  if (entry.kind !== 'separate-consent' || persons === 0) return entry;
  const withdrawn = {
    what: 'consent' as const,
    id: persons === 'unknown' ? 'of persons unknown' : `of ${persons} persons`,
  };
  return { ...entry, changed: [...(entry.changed ?? []), withdrawn] };
}

/** Kinds of field that a dataset names, and those that it turned out to be. */
export function kindsInHand({
  contents,
  classification,
}: Pick<AssembledFrom, 'contents' | 'classification'>): FactsInput['dataset']['kinds'] {
  return [...new Set([...contents.kinds, ...classification.kinds])];
}

/**
 * An item that could not be evaluated leaves it unknown, and so does anything that no row lets into a dataset. Of imported
 * files only a person can say that nothing is important, and never against what was found.
 */
function importance(
  { classification: { important }, contents, attested }: AssembledFrom,
  isImportant: boolean,
): 'present' | 'absent' | 'unknown' {
  if (isImportant || important === 'present') return 'present';
  const judged = contents.isUnsettled ? (attested.important ?? 'unknown') : important;
  return contents.barred.length > 0 && judged === 'absent' ? 'unknown' : judged;
}

function sensitivity({ classification, contents }: AssembledFrom): 'present' | 'absent' | 'unknown' {
  return contents.classes.has('sensitive') || classification.classes.includes('sensitive')
    ? 'present'
    : classification.sensitive;
}
