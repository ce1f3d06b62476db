import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sqliteParts } from '../../cloud/adapters/sqlite-parts.ts';
import type { FieldKind } from '../../cloud/rules/field-kinds.table.ts';
import { SHIPPED_RULES } from '../../cloud/rules/shipped-rules.ts';
import { decide } from '../../cloud/transfer/decide.ts';
import { parseFacts } from '../../cloud/transfer/facts.ts';
import {
  isFusion,
  joinedFacts,
  type Part,
  type PartFlags,
  partsJoined,
  unionOf,
} from '../../cloud/transfer/join-parts.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';

const groupOf = (recipient: string) => (recipient.startsWith('lab') ? 'labs' : recipient);
const ABSENT: PartFlags = {
  personal: 'absent',
  sensitive: 'absent',
  geographic: 'absent',
  coordinates: 'absent',
  classifiedGeographic: 'absent',
  important: 'absent',
  core: 'absent',
  stateSecret: 'absent',
};
const part = (transferId: string, over: Partial<Part> = {}): Part => ({
  transferId,
  datasetId: 'one',
  recipientId: 'lab-1',
  purpose: 'warranty',
  flags: { ...ABSENT, personal: 'present' },
  kinds: ['CAN'],
  items: [],
  ...over,
});
const alone = (one: Part) => ({ part: one, transferIds: [one.transferId] });
const digest = (number: number) =>
  new Uint8Array(Uint32Array.from([Math.imul(number, 2_654_435_761), number, 1, 1]).buffer);

const scope = {
  validFrom: '2026-01-01',
  validUntil: '2028-01-01',
  recipients: ['lab-1', 'lab-2'],
  datasets: ['one', 'two'],
  purposes: ['warranty'],
};
const PAPERS = [
  { kind: 'notice', id: 'n', ...scope },
  { kind: 'pipia', id: 'p', ...scope },
  { kind: 'separate-consent', id: 'c', ...scope },
  { kind: 'standard-contract', id: 'k', ...scope, filing: { state: 'filed', on: '2026-01-05', number: '1' } },
];
const assessment = (personsMax: number) => ({
  kind: 'security-assessment',
  id: 'a',
  ...scope,
  appliedOn: '2025-12-01',
  scale: { personsMax, personsBefore: 0 },
});
/** The books of one exporter: transfers are asked for one after the other, and what is permitted is kept. */
function exporter(papers: readonly object[]) {
  const store = sqliteParts(join(scratchDirectory(), 'parts.sqlite'));
  const went: { readonly part: Part; readonly persons: readonly number[] }[] = [];
  const count = (persons: readonly number[], isSensitive: boolean) => {
    const before = new Set(
      went.filter((one) => !isSensitive || one.part.flags.sensitive === 'present').flatMap((one) => one.persons),
    );
    const projected = new Set([...before, ...persons]).size;
    return { before: before.size, transfer: persons.length, projected };
  };
  const ask = (own: Part, persons: readonly number[], isJoined = true) => {
    const held = { persons: persons.map(digest), isSensitive: own.flags.sensitive === 'present' };
    const found = store.look(own, held, { year: 2026, groupOf, stateOf: () => 'permitted' });
    const others = partsJoined(own, found.groups, groupOf);
    const joined = isJoined ? joinedFacts(own, others, 'absent', found) : undefined;
    const facts = parseFacts({
      facts: 1,
      on: '2026-11-25',
      manner: 'sent',
      processor: { id: 'maker', name: 'Maker', ciio: 'no' },
      recipient: { id: own.recipientId, country: 'DE', registered: 'yes' },
      purpose: own.purpose,
      dataset: { id: own.datasetId, title: 'One', ...own.flags, kinds: [...own.kinds] },
      legalBasis: 'contract',
      counts: {
        year: 2026,
        persons: count(persons, false),
        sensitivePersons: count(held.isSensitive ? persons : [], true),
      },
      onFile: papers,
      claimedExemptions: [],
      ...(joined === undefined ? {} : { joined }),
      signOffs: [],
    });
    if (!facts.ok) throw new Error(JSON.stringify(facts.fault[0]?.problem));
    const verdict = decide(facts.value, SHIPPED_RULES);
    if (verdict.decision === 'permit') {
      store.record(2026, own, held);
      went.push({ part: own, persons });
    }
    return verdict;
  };
  return { ask, went, store };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

describe('what is split is evaluated as one', () => {
  test('days that pass the scale of an assessment only together', () => {
    const sensitive = { flags: { ...ABSENT, personal: 'present' as const, sensitive: 'present' as const } };
    const big = exporter([...PAPERS.slice(0, 3), assessment(50)]);
    // Sensitive persons are in both counts, so a scale of 50 takes 25 of them.
    expect(big.ask(part('t0', sensitive), range(0, 26)).decision).toBe('withhold');
    const days = exporter([...PAPERS.slice(0, 3), assessment(50)]);
    expect(days.ask(part('t1', sensitive), range(0, 20)).decision).toBe('permit');
    const second = days.ask(part('t2', { ...sensitive, recipientId: 'lab-2', datasetId: 'two' }), range(20, 26));
    expect(second).toMatchObject({ decision: 'withhold', joined: { transfers: ['t1'], decides: true } });
    expect(days.ask(part('t3', sensitive), range(0, 5)).decision).toBe('permit');
  });

  test.each([
    ['another purpose', { purpose: 'other' }],
    ['a recipient of another group', { recipientId: 'stranger' }],
    ['no kind in common and no persons', { flags: ABSENT, kinds: ['BOM' as FieldKind] }],
  ])('not with %s', (_, over) => {
    expect(partsJoined(part('t1'), [alone(part('t2', over))], groupOf)).toEqual([]);
  });

  test.each([
    ['another day and dataset', { datasetId: 'two' }],
    ['another recipient of the group', { recipientId: 'lab-2' }],
    ['other kinds of the same vehicles', { kinds: ['DTC' as FieldKind] }],
    ['a kind in common, without persons', { flags: ABSENT }],
  ])('with %s', (_, over) => {
    expect(partsJoined(part('t1'), [alone(part('t2', over))], groupOf)).toHaveLength(1);
  });

  test('what is joined to a joined part is joined', () => {
    const bridge = part('t2', { flags: ABSENT, kinds: ['CAN', 'BOM'] });
    const far = part('t3', { flags: ABSENT, kinds: ['BOM'] });
    expect(partsJoined(part('t1', { flags: ABSENT }), [alone(far), alone(bridge)], groupOf)).toHaveLength(2);
  });

  test('positions of two parts make a track, pictures beside persons are sensitive, imagery and radar fuse', () => {
    const position = {
      flags: { ...ABSENT, geographic: 'present' as const, coordinates: 'present' as const },
      kinds: ['COORD' as FieldKind],
    };
    expect(unionOf([part('a', position), part('b', position)], 'absent')).toMatchObject({
      rises: ['TRACK'],
      dataset: { kinds: ['COORD', 'TRACK'] },
    });
    const picture = part('a', { flags: { ...ABSENT, geographic: 'present' }, kinds: ['CAM-EXT'] });
    expect(unionOf([picture, part('b')], 'absent')).toMatchObject({
      rises: ['sensitive'],
      dataset: { sensitive: 'present' },
    });
    const radar = part('b', { flags: { ...ABSENT, geographic: 'present' }, kinds: ['RADAR-OBJ'] });
    expect([isFusion([picture, radar]), isFusion([picture, picture])]).toEqual([true, false]);
    expect(unionOf([picture, radar], 'present').rises).toEqual(['important']);
    expect(unionOf([part('a')], 'absent').rises).toEqual([]);
  });

  test('a join that makes important data withholds what was free by itself', () => {
    const free = (name: string, kinds: readonly FieldKind[]) => part(name, { flags: ABSENT, kinds });
    const facts = joinedFacts(free('t2', ['BOM']), [alone(free('t1', ['BOM']))], 'present', {
      persons: 0,
      sensitivePersons: 0,
    });
    expect(facts).toMatchObject({ rises: ['important'], dataset: { important: 'present' } });
  });
});

/** Rows of a request: persons by columns, where a column is plain or sensitive. */
const split = fc.array(
  fc.record({
    persons: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 8 }),
    isSensitive: fc.boolean(),
    recipientId: fc.constantFrom('lab-1', 'lab-2'),
    datasetId: fc.constantFrom('one', 'two'),
    kind: fc.constantFrom<FieldKind>('CAN', 'DTC', 'CHARGE'),
  }),
  { minLength: 1, maxLength: 6 },
);

const partOf = (one: { isSensitive: boolean; recipientId: string; datasetId: string; kind: FieldKind }, name: string) =>
  part(name, {
    recipientId: one.recipientId,
    datasetId: one.datasetId,
    kinds: [one.kind],
    flags: { ...ABSENT, personal: 'present', sensitive: one.isSensitive ? 'present' : 'absent' },
  });

describe('however a request is split', () => {
  const papers = fc.constantFrom([...PAPERS.slice(0, 3), assessment(10)], PAPERS, PAPERS.slice(0, 3), [
    ...PAPERS.slice(0, 3),
    assessment(18),
  ]);

  test('the parts that went would have gone as one', () => {
    fc.assert(
      fc.property(split, papers, (parts, onFile) => {
        const { ask, went } = exporter(onFile);
        for (const [at, one] of parts.entries()) ask(partOf(one, `t${at}`), one.persons);
        if (went.length === 0) return;
        const whole = unionOf(
          went.map((one) => one.part),
          'absent',
        ).dataset;
        const persons = [...new Set(went.flatMap((one) => one.persons))];
        const sensitive = new Set(
          went.filter((one) => one.part.flags.sensitive === 'present').flatMap((one) => one.persons),
        ).size;
        const facts = parseFacts({
          facts: 1,
          on: '2026-11-25',
          manner: 'sent',
          processor: { id: 'maker', name: 'Maker', ciio: 'no' },
          recipient: { id: 'lab-1', country: 'DE', registered: 'yes' },
          purpose: 'warranty',
          dataset: { id: 'one', title: 'One', ...whole },
          legalBasis: 'contract',
          counts: {
            year: 2026,
            persons: { before: 0, transfer: persons.length, projected: persons.length },
            sensitivePersons: { before: 0, transfer: sensitive, projected: sensitive },
          },
          onFile,
          claimedExemptions: [],
          signOffs: [],
        });
        expect(facts.ok && decide(facts.value, SHIPPED_RULES).decision).toBe('permit');
      }),
      { numRuns: 40 },
    );
  });

  test('the set and its figures do not depend on the order', () => {
    fc.assert(
      fc.property(split, fc.nat(1_000), (parts, turn) => {
        const named = parts.map((one, at) => ({ own: partOf(one, `t${at}`), persons: one.persons }));
        const factsIn = (order: typeof named) => {
          const { store } = exporter([]);
          const last = part('last');
          for (const { own, persons } of order)
            store.record(2026, own, { persons: persons.map(digest), isSensitive: own.flags.sensitive === 'present' });
          const found = store.look(
            last,
            { persons: [digest(3)], isSensitive: false },
            { year: 2026, groupOf, stateOf: () => 'permitted' },
          );
          return joinedFacts(last, partsJoined(last, found.groups, groupOf), 'absent', found);
        };
        const at = turn % named.length;
        expect(factsIn([...named.slice(at), ...named.slice(0, at)].toReversed())).toEqual(factsIn(named));
      }),
      { numRuns: 15 },
    );
  });

  test('a joined set never clears what the transfer by itself does not', () => {
    fc.assert(
      fc.property(split, papers, (parts, onFile) => {
        const { ask } = exporter(onFile);
        const alone = exporter(onFile);
        for (const [at, one] of parts.entries()) {
          const own = alone.ask(partOf(one, `t${at}`), one.persons, false);
          if (own.decision === 'withhold') return;
          if (ask(partOf(one, `t${at}`), one.persons).decision === 'withhold') return;
        }
      }),
      { numRuns: 10 },
    );
  });
});
