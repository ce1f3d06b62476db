import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SHIPPED_RULES } from '../../cloud/rules/shipped-rules.ts';
import { addDays } from '../../cloud/transfer/civil-days.ts';
import { decide } from '../../cloud/transfer/decide.ts';
import { type FactsInput, parseFacts, type TransferFacts } from '../../cloud/transfer/facts.ts';
import { FACT_PATHS } from '../../cloud/transfer/rule.ts';
import { bindRuleBook } from '../../cloud/transfer/rule-book.ts';
import { anyEntry, anyFacts, MADE_UNKNOWN } from '../support/any-transfer-facts.ts';
import { parsed } from '../support/transfer-facts.ts';

const RUNS = { numRuns: 300 } as const;

type Count = Exclude<FactsInput['counts']['persons'], 'unknown'>;

/** Steps that lead over one threshold or several. */
const crossing = fc.oneof(fc.constantFrom(0, 1, 10_000, 90_000, 900_000), fc.nat(1_100_000));

const decided = (facts: TransferFacts) => decide(facts, SHIPPED_RULES);

/** Documents with dates turned round are no facts; the parser says so in its own tests. */
const facts = anyFacts.filter((input) => parseFacts(input).ok);

function grow(count: FactsInput['counts']['persons'], before: number, transfer: number): Count {
  if (count === 'unknown') throw new Error('anyFacts leaves nothing unknown');
  return {
    before: count.before + before,
    transfer: count.transfer + transfer,
    projected: count.projected + before + transfer,
  };
}

describe('more never needs less', () => {
  test('more people, before or in the transfer, never turn a withheld transfer into a permitted one', () => {
    const more = fc.record({ before: crossing, transfer: crossing });
    fc.assert(
      fc.property(
        facts,
        more,
        fc.record({ before: fc.nat(11_000), transfer: fc.nat(11_000) }),
        (small, plain, sensitive) => {
          const { persons, sensitivePersons } = small.counts;
          const isPersonal = small.dataset.personal === 'present';
          const isSensitive = small.dataset.sensitive === 'present';
          const large = {
            ...small,
            counts: {
              ...small.counts,
              persons: grow(persons, plain.before, isPersonal ? plain.transfer : 0),
              sensitivePersons: grow(sensitivePersons, sensitive.before, isSensitive ? sensitive.transfer : 0),
            },
          };
          if (decided(parsed(small)).decision === 'withhold') expect(decided(parsed(large)).decision).toBe('withhold');
        },
      ),
      RUNS,
    );
  });

  test('stricter classes never turn a withheld transfer into a permitted one', () => {
    const stricter = fc.subarray(['personal', 'sensitive', 'geographic', 'coordinates', 'important', 'core'] as const);
    fc.assert(
      fc.property(facts, stricter, (mild, keys) => {
        const strict = structuredClone(mild) as FactsInput & { dataset: Record<string, unknown> };
        for (const key of keys) strict.dataset[key] = 'present';
        if (strict.dataset.sensitive === 'present') strict.dataset.personal = 'present';
        if (strict.dataset.coordinates === 'present') strict.dataset.geographic = 'present';
        if (strict.dataset.personal === 'present' && mild.dataset.personal === 'absent') {
          strict.legalBasis = 'consent';
          strict.counts.persons = grow(mild.counts.persons, 0, 1);
        }
        if (strict.dataset.sensitive === 'present' && mild.dataset.sensitive === 'absent') {
          strict.counts.sensitivePersons = grow(mild.counts.sensitivePersons, 0, 1);
        }
        if (decided(parsed(mild)).decision === 'withhold') expect(decided(parsed(strict)).decision).toBe('withhold');
      }),
      RUNS,
    );
  });

  test('one more document on file never turns a permitted transfer into a withheld one', () => {
    fc.assert(
      fc.property(facts, anyEntry, (before, entry) => {
        const after = parseFacts({ ...before, onFile: [...before.onFile, { ...entry, id: 'D-more' }] });
        if (!after.ok) return;
        if (decided(parsed(before)).decision === 'permit') expect(decided(after.value).decision).toBe('permit');
      }),
      RUNS,
    );
  });
});

describe('what nobody knows withholds', () => {
  test('the list of facts that can be made unknown is whole', () => {
    expect(Object.keys(MADE_UNKNOWN)).toEqual(expect.arrayContaining([...FACT_PATHS]));
  });

  test.each(Object.entries(MADE_UNKNOWN))('%s made unknown never turns withhold into permit', (_, makeUnknown) => {
    fc.assert(
      fc.property(facts, (known) => {
        if (decided(parsed(known)).decision === 'withhold') {
          expect(decided(parsed(makeUnknown(known))).decision).toBe('withhold');
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a permit given while a fact is unknown would have been given whatever the fact is', () => {
    const otherwise: Readonly<Record<string, readonly ((input: FactsInput) => FactsInput)[]>> = {
      'processor.ciio': (['yes', 'no'] as const).map((ciio) => (f) => ({ ...f, processor: { ...f.processor, ciio } })),
      'recipient.registered': (['yes', 'no'] as const).map((registered) => (f) => ({
        ...f,
        recipient: { ...f.recipient, registered },
      })),
      'dataset.important': (['present', 'own-catalogue-only', 'absent'] as const).map((important) => (f) => ({
        ...f,
        dataset: { ...f.dataset, important },
      })),
      'dataset.core': (['present', 'absent'] as const).map((core) => (f) => ({
        ...f,
        dataset: { ...f.dataset, core },
      })),
      'dataset.stateSecret': (['present', 'absent'] as const).map((stateSecret) => (f) => ({
        ...f,
        dataset: { ...f.dataset, stateSecret },
      })),
      'dataset.geographic': (['present', 'absent'] as const).map((geographic) => (f) => ({
        ...f,
        dataset: { ...f.dataset, geographic },
      })),
      'counts.persons': [0, 99_999, 100_000, 1_000_000].map((before) => (f) => ({
        ...f,
        counts: { ...f.counts, persons: { before, transfer: 1, projected: before + 1 } },
      })),
      'counts.sensitivePersons': [0, 1, 10_000].map((before) => (f) => ({
        ...f,
        counts: { ...f.counts, sensitivePersons: { before, transfer: 0, projected: before } },
      })),
    };
    fc.assert(
      fc.property(facts, fc.constantFrom(...Object.keys(otherwise)), (known, path) => {
        const open = MADE_UNKNOWN[path]?.(known);
        if (open === undefined || decided(parsed(open)).decision === 'withhold') return;
        for (const settle of otherwise[path] ?? []) {
          const settled = parseFacts(settle(known));
          if (settled.ok) expect(decided(settled.value).decision).toBe('permit');
        }
      }),
      RUNS,
    );
  });
});

describe('one transfer, one verdict', () => {
  test('the same facts and rules give the same verdict, byte for byte', () => {
    fc.assert(
      fc.property(facts, (input) => {
        expect(JSON.stringify(decided(parsed(structuredClone(input))))).toBe(JSON.stringify(decided(parsed(input))));
      }),
      { numRuns: 60 },
    );
  });

  test('the order of documents, scopes and claims is no matter', () => {
    const shuffled = facts.chain((input) =>
      fc.tuple(
        fc.constant(input),
        fc.shuffledSubarray([...input.onFile], { minLength: input.onFile.length }),
        fc.shuffledSubarray([...input.signOffs], { minLength: input.signOffs.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([input, onFile, signOffs]) => {
        expect(decided(parsed({ ...input, onFile, signOffs }))).toEqual(decided(parsed(input)));
      }),
      RUNS,
    );
  });

  test('the order of rows in the tables is no matter', () => {
    const { tables } = SHIPPED_RULES;
    const shuffle = <T>(rows: readonly T[]) => fc.shuffledSubarray([...rows], { minLength: rows.length });
    const books = fc
      .record({
        rules: shuffle(tables.rules),
        demands: shuffle(tables.demands),
        onFile: shuffle(tables.onFile),
        notes: shuffle(tables.notes),
        facts: shuffle(tables.facts),
        calendars: shuffle(tables.calendars),
        zoneLists: shuffle(tables.zoneLists),
      })
      .map(bindRuleBook);
    fc.assert(
      fc.property(books, fc.array(facts, { minLength: 1, maxLength: 20 }), (book, inputs) => {
        for (const input of inputs) expect(decide(parsed(input), book)).toEqual(decided(parsed(input)));
      }),
      { numRuns: 15 },
    );
  });

  test('a permit stands on every day until the one it names', () => {
    fc.assert(
      fc.property(facts, fc.nat(45), (input, days) => {
        const verdict = decided(parsed(input));
        if (verdict.decision === 'withhold') return;
        const day = addDays(parsed(input).on, days);
        if (day >= verdict.standsUntil) return;
        expect(decided(parsed({ ...input, on: day })).decision).toBe('permit');
      }),
      RUNS,
    );
  });
});

describe('what a verdict always holds', () => {
  test('reasons, and for a withheld transfer everything that is missing', () => {
    fc.assert(
      fc.property(
        facts,
        fc.constantFrom((same: FactsInput) => same, ...Object.values(MADE_UNKNOWN)),
        (input, change) => {
          const verdict = decided(parsed(change(input)));
          expect(verdict.rules.length).toBeGreaterThan(0);
          expect(verdict.missing.length > 0).toBe(verdict.decision === 'withhold');
          const missed = new Set(verdict.missing.flatMap(({ rules }) => rules));
          if (verdict.decision === 'withhold') expect(missed).toEqual(new Set(verdict.rules.map(({ id }) => id)));
        },
      ),
      RUNS,
    );
  });

  test('on a day of the Guidelines some rule always provides for the route', () => {
    fc.assert(
      fc.property(facts, (input) => {
        if (input.on >= '2026-02-03') expect(decided(parsed(input)).route).not.toBe('no-rule-in-force');
      }),
      RUNS,
    );
  });

  test('the generator reaches both decisions and every route, or the properties above would say little', () => {
    const seen = new Set(
      fc
        .sample(facts, 3_000)
        .map((input) => decided(parsed(input)))
        .flatMap((verdict) => [verdict.decision, verdict.decision === 'permit' ? verdict.under : verdict.route]),
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'permit',
        'withhold',
        'exemption-5',
        'free-flow',
        'standard-contract',
        'security-assessment',
        'contract-or-certification',
        'no-rule-in-force',
      ]),
    );
  });
});
