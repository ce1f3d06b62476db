import type { TransferFacts } from './facts.ts';
import { amount, type Known, namedFact, type Positions } from './legal-facts.ts';
import type { AmountTest, FactPath, Test, UnderReading } from './rule.ts';

/** A condition that cannot be answered is neither met nor unmet, and says which facts are wanting. */
export type Weight =
  | { readonly outcome: 'holds' }
  | { readonly outcome: 'fails' }
  | { readonly outcome: 'unknown'; readonly paths: readonly FactPath[] };

/**
 * Weighs tests joined by "and". One that fails settles the matter whatever is unknown; else one that is unknown leaves
 * it open. Making a fact unknown can therefore never make a rule fail, nor make one hold.
 */
export function weigh(tests: readonly Test[], facts: TransferFacts, positions: Positions): Weight {
  const weights = tests.map((test) => weighOne(test, facts, positions));
  if (weights.some((weight) => weight.outcome === 'fails')) return FAILS;
  const paths = weights.flatMap((weight) => (weight.outcome === 'unknown' ? weight.paths : []));
  return paths.length > 0 ? { outcome: 'unknown', paths: [...new Set(paths)] } : HOLDS;
}

/** Is a row in force under the readings that stand for this transfer? */
export function standsUnder(reading: UnderReading | undefined, positions: Positions): boolean {
  return reading === undefined || positions[reading.id].position === reading.position;
}

function weighOne(test: Test, facts: TransferFacts, positions: Positions): Weight {
  switch (test.fact) {
    case 'persons':
    case 'sensitivePersons':
    case 'sensitivePersonsOfYear':
    case 'personsOfEitherKind':
      return judge(amount(test.fact, facts, positions), (persons) => isWithin(persons, test));
    case 'claimedExemption':
      return ('in' in test ? test.in : [test.is]).some((one) => facts.claimedExemptions.includes(one)) ? HOLDS : FAILS;
    case 'onFile':
      return facts.onFile.some((entry) => entry.kind === test.is) ? HOLDS : FAILS;
    default:
      return judge(namedFact(test.fact, facts, positions), (value) =>
        'in' in test ? test.in.some((allowed) => allowed === value) : test.is === value,
      );
  }
}

function judge<T>(fact: Known<T>, holds: (value: T) => boolean): Weight {
  if (!fact.known) return { outcome: 'unknown', paths: fact.paths };
  return holds(fact.value) ? HOLDS : FAILS;
}

function isWithin(persons: number, { atLeast, below, over }: AmountTest): boolean {
  return (
    (atLeast === undefined || persons >= atLeast) &&
    (below === undefined || persons < below) &&
    (over === undefined || persons > over)
  );
}

const HOLDS: Weight = { outcome: 'holds' };
const FAILS: Weight = { outcome: 'fails' };
