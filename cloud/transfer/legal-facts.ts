import { unreachable } from '../../proto/words/result.ts';
import type { PersonCount, TransferFacts } from './facts.ts';
import type { AmountFact, FactPath, NamedFacts, Position, ReadingId } from './rule.ts';

/** Where each open reading stands for one transfer, and by whose sign-off. */
export type Positions = Readonly<Record<ReadingId, { readonly position: Position; readonly signOff?: string }>>;

/** What the facts say, or the keys under which they say that nobody knows. */
export type Known<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly paths: readonly FactPath[] };

/** A reading stands as taken unless the facts carry a legal sign-off for the other one. */
export function positionsOf(facts: TransferFacts): Positions {
  const of = (reading: ReadingId) => {
    const signed = facts.signOffs.find(
      ({ reading: of, until }) => of === reading && (until === undefined || facts.on < until),
    );
    return signed ? ({ position: 'other', signOff: signed.id } as const) : ({ position: 'taken' } as const);
  };
  return {
    D1: of('D1'),
    D2: of('D2'),
    D4: of('D4'),
    D9: of('D9'),
    'GEO-7': of('GEO-7'),
    'GEO-7.classes': of('GEO-7.classes'),
    C3: of('C3'),
    C4: of('C4'),
    'PIPL-29': of('PIPL-29'),
  };
}

/** Reads a legal fact with named values off the facts, under the readings that stand. */
export function namedFact(fact: keyof NamedFacts, facts: TransferFacts, positions: Positions): Known<string> {
  const { dataset } = facts;
  switch (fact) {
    case 'ciio':
      return orUnknown(facts.processor.ciio, 'processor.ciio');
    case 'recipientRegistered':
      return orUnknown(facts.recipient.registered, 'recipient.registered');
    case 'recipientCountry':
      return known(facts.recipient.country);
    case 'manner':
      return orUnknown(facts.manner, 'manner');
    case 'legalBasis':
      return orUnknown(facts.legalBasis, 'legalBasis');
    case 'importantData':
      return dataset.important === 'own-catalogue-only'
        ? known(positions.D1.position === 'taken' ? 'present' : 'absent')
        : orUnknown(dataset.important, 'dataset.important');
    case 'importantByOwnCatalogueOnly':
      return dataset.important === 'unknown'
        ? unknownBy('dataset.important')
        : known(dataset.important === 'own-catalogue-only' ? 'yes' : 'no');
    default:
      return orUnknown(dataset[fact], `dataset.${fact}`);
  }
}

/**
 * Reads a number of distinct persons off the facts. A count can be no better known than the class it counts: while
 * nobody knows whether the dataset is sensitive, nobody knows how many sensitive persons there are.
 */
export function amount(fact: AmountFact, facts: TransferFacts, positions: Positions): Known<number> {
  const { personal, sensitive } = facts.dataset;
  const persons = () =>
    personal === 'unknown' ? unknownBy('dataset.personal') : projected(facts.counts.persons, 'counts.persons');
  const sensitivePersons = () =>
    sensitive === 'unknown'
      ? unknownBy('dataset.sensitive')
      : projected(facts.counts.sensitivePersons, 'counts.sensitivePersons');
  switch (fact) {
    case 'persons':
      return persons();
    case 'sensitivePersonsOfYear':
      return sensitivePersons();
    case 'sensitivePersons':
      // D2: the year's counter decides, or, by the other reading, each batch by its own kinds.
      return positions.D2.position === 'other' && sensitive === 'absent' ? known(0) : sensitivePersons();
    case 'personsOfEitherKind':
      return sum(persons(), sensitivePersons());
    default:
      return unreachable(fact);
  }
}

/**
 * Persons in the transfer in hand, each kind for itself: an upper bound, since one person can be in both.
 * A dataset without personal information has none.
 */
export function personsInHand(facts: TransferFacts): Known<number> {
  if (facts.dataset.personal === 'absent') return known(0);
  const of = (count: PersonCount, path: FactPath) => (count === 'unknown' ? unknownBy(path) : known(count.transfer));
  return sum(of(facts.counts.persons, 'counts.persons'), of(facts.counts.sensitivePersons, 'counts.sensitivePersons'));
}

function sum(one: Known<number>, other: Known<number>): Known<number> {
  if (one.known && other.known) return known(one.value + other.value);
  return { known: false, paths: [...(one.known ? [] : one.paths), ...(other.known ? [] : other.paths)] };
}

function projected(count: PersonCount, path: FactPath): Known<number> {
  return count === 'unknown' ? unknownBy(path) : known(count.projected);
}

function orUnknown(value: string, path: FactPath): Known<string> {
  return value === 'unknown' ? unknownBy(path) : known(value);
}

function known<T>(value: T): Known<T> {
  return { known: true, value };
}

function unknownBy(path: FactPath): Known<never> {
  return { known: false, paths: [path] };
}
