import type { DataClass } from '../../proto/words/data-class.ts';
import { civilDateOf, civilYearOf, type Instant } from '../../proto/words/time.ts';
import { type Classification, classificationDigest } from '../classification/classification.ts';
import type { DatasetContents } from '../datasets/contents.ts';
import type { FactsInput } from './facts.ts';

export interface CountedPersons {
  /** Distinct persons of this year before the transfer, in it, and together. */
  readonly before: number;
  readonly transfer: number;
  readonly projected: number;
}

export interface AssembledFrom {
  readonly at: Instant;
  readonly processor: FactsInput['processor'];
  readonly recipient: { readonly id: string; readonly country: string; readonly isRegistered: boolean };
  readonly purpose: string;
  readonly dataset: { readonly id: string; readonly title: string };
  readonly contents: DatasetContents;
  readonly classification: Classification;
  readonly legalBasis: FactsInput['legalBasis'];
  readonly onFile: FactsInput['onFile'];
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
  const kinds = [...new Set([...from.contents.kinds, ...classification.kinds])];
  // Of imported files only evidence can say; until it does, nothing is absent.
  const settled = (is: boolean) => (from.contents.isUnsettled ? 'unknown' : presence(is));
  return {
    facts: 1,
    on: civilDateOf(from.at),
    manner: 'sent',
    processor: from.processor,
    recipient: {
      id: from.recipient.id,
      country: from.recipient.country,
      registered: from.recipient.isRegistered ? 'yes' : 'no',
    },
    purpose: from.purpose,
    dataset: {
      id: from.dataset.id,
      title: from.dataset.title,
      personal: settled(holds('personal') || holds('sensitive')),
      sensitive: holds('sensitive') ? 'present' : from.contents.isUnsettled ? 'unknown' : classification.sensitive,
      geographic: settled(isGeographic),
      coordinates: settled(kinds.includes('COORD') || kinds.includes('TRACK')),
      // A cell near a place that no fence names may lie on classified ground; only a map review could say.
      classifiedGeographic: isGeographic ? 'unknown' : settled(false),
      important: importance(
        classification,
        holds('important'),
        from.contents.barred.length > 0 || from.contents.isUnsettled,
      ),
      core: settled(false),
      stateSecret: isGeographic ? 'unknown' : settled(false),
      kinds,
      classification: { digest: classificationDigest(classification) },
    },
    legalBasis: from.legalBasis,
    counts: {
      year: civilYearOf(from.at),
      persons: from.persons === 'unknown' ? 'unknown' : { ...from.persons },
      sensitivePersons: from.sensitivePersons === 'unknown' ? 'unknown' : { ...from.sensitivePersons },
    },
    onFile: [...from.onFile],
    claimedExemptions: [],
    signOffs: [...from.signOffs],
  };
}

/** An item that could not be evaluated leaves it unknown, and so does anything that no row lets into a dataset. */
function importance(
  { important }: Classification,
  isImportant: boolean,
  hasBarred: boolean,
): 'present' | 'absent' | 'unknown' {
  if (isImportant) return 'present';
  return hasBarred && important === 'absent' ? 'unknown' : important;
}
