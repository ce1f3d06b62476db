import fc from 'fast-check';
import type { FactsInput } from '../../cloud/transfer/facts.ts';
import type { ReadingId } from '../../cloud/transfer/rule.ts';
import { DOCUMENTS } from './transfer-facts.ts';

type Entry = FactsInput['onFile'][number];
type Count = Exclude<FactsInput['counts']['persons'], 'unknown'>;
type Presence = 'present' | 'absent';

/** `usual` most of the time, so that a transfer is seldom withheld for two reasons at once. */
function mostly<T>(usual: T, ...seldom: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: seldom.length, arbitrary: fc.constantFrom(usual, ...seldom) },
  );
}

/** Days near the ends of documents and rules, so that both sides of each are met. */
const onDay = mostly('2026-11-21', '2026-02-02', '2026-02-03', '2026-03-10', '2026-03-17', '2026-06-30', '2026-12-31');
const startDay = fc.constantFrom('2025-12-20', '2026-02-03', '2026-03-02', '2026-11-21', '2026-11-22');
const endDay = fc.constantFrom('2026-03-17', '2026-11-21', '2026-11-22', '2026-12-05', '2031-01-01');
const earlyDay = fc.constantFrom('2025-12-01', '2026-02-02');

/** Totals near every threshold of the rules, and far from all. */
const total = fc.oneof(fc.constantFrom(0, 1, 99_998, 99_999, 100_000, 100_001, 999_999, 1_000_000), fc.nat(1_200_000));

/** The same for sensitive persons, of whom there are mostly none. */
const sensitiveTotal = fc.oneof(fc.constant(0), fc.constantFrom(0, 1, 9_999, 10_000), fc.nat(12_000));

const filing = fc.oneof(
  fc.record({ state: fc.constant('filed' as const), on: earlyDay, number: fc.constant('F-1') }),
  fc.record({ state: fc.constantFrom('not-filed' as const, 'refused' as const, 'unknown' as const) }),
);
const status = fc.record({
  state: fc.constantFrom('valid' as const, 'suspended' as const, 'unknown' as const),
  checkedOn: earlyDay,
});
const scale = fc.record({ personsMax: total, personsBefore: fc.constantFrom(0, 9_999) });

/** A document of any kind: in order, or with one or more things about it changed. Ids come from `anyFacts`. */
export const anyEntry: fc.Arbitrary<Entry> = fc
  .record({
    kind: fc.constantFrom(...(Object.keys(DOCUMENTS) as (keyof typeof DOCUMENTS)[])),
    change: fc.record({ validFrom: startDay, validUntil: endDay }, { requiredKeys: [] }),
    elsewhere: fc.constantFrom({}, {}, {}, { recipients: ['another'] }, { datasets: [] }, { purposes: ['another'] }),
    filing: fc.option(filing, { nil: undefined }),
    status: fc.option(status, { nil: undefined }),
    scale: fc.option(scale, { nil: undefined }),
  })
  .map(({ kind, change, elsewhere, ...special }) => {
    const entry = { ...DOCUMENTS[kind], ...change, ...elsewhere } as Entry;
    if (entry.kind === 'standard-contract' && special.filing !== undefined) return { ...entry, filing: special.filing };
    if (entry.kind === 'certification' && special.status !== undefined) return { ...entry, status: special.status };
    if (entry.kind === 'certification') return { ...entry, status: { state: 'valid', checkedOn: '2026-02-02' } };
    if (entry.kind === 'security-assessment' && special.scale !== undefined) return { ...entry, scale: special.scale };
    return entry;
  });

/** A document in order, one that ends soon, or none. */
function held(kind: keyof typeof DOCUMENTS): fc.Arbitrary<readonly Entry[]> {
  const inOrder: Entry = DOCUMENTS[kind];
  return mostly<readonly Entry[]>([inOrder], [{ ...inOrder, validUntil: '2026-12-05' }], []);
}

const { 'standard-contract': contract, certification, 'security-assessment': assessment } = DOCUMENTS;

const mechanisms = fc.constantFrom<readonly Entry[]>(
  [],
  [contract],
  [{ ...contract, filing: { state: 'refused' } }],
  [{ ...contract, validFrom: '2026-11-16', filing: { state: 'not-filed' } }],
  [certification],
  [{ ...certification, status: { state: 'suspended', checkedOn: '2026-02-02' } }],
  [assessment],
  [assessment, contract],
);

const onFile = fc
  .tuple(
    held('notice'),
    held('separate-consent'),
    held('pipia'),
    held('map-review'),
    held('state-recognised-processing'),
    mechanisms,
    fc.array(anyEntry, { maxLength: 2 }),
  )
  .map((lists) => lists.flat().map((entry, index) => ({ ...entry, id: `D-${index}` })));

/** Statuses are read on the day of the transfer; how stale one may be is for the vectors. */
function readOn(day: string): (entry: Entry) => Entry {
  return (entry) =>
    entry.kind === 'certification' ? { ...entry, status: { ...entry.status, checkedOn: day } } : entry;
}

const dataset = fc
  .record({
    personal: mostly<Presence>('present', 'absent', 'absent'),
    sensitive: fc.constantFrom<Presence>('present', 'absent', 'absent'),
    geographic: fc.constantFrom<Presence>('present', 'absent', 'absent'),
    coordinates: fc.constantFrom<Presence>('present', 'absent'),
    important: mostly<'present' | 'own-catalogue-only' | 'absent'>(
      'absent',
      'own-catalogue-only',
      'present',
      'present',
    ),
    core: mostly<Presence>('absent', 'present'),
  })
  .map(({ personal, sensitive, geographic, coordinates, ...rest }) => ({
    id: 'battery-statistics',
    title: 'any dataset',
    personal,
    sensitive: personal === 'present' ? sensitive : 'absent',
    geographic,
    coordinates: geographic === 'present' ? coordinates : 'absent',
    classifiedGeographic: 'absent' as const,
    stateSecret: 'absent' as const,
    kinds: ['STATISTIC' as const],
    ...rest,
  }));

/** Facts of one transfer that do not contradict themselves and leave nothing unknown. */
export const anyFacts: fc.Arbitrary<FactsInput> = fc
  .record({
    on: onDay,
    dataset,
    manner: mostly<'sent' | 'read-from-abroad' | 'vehicle-direct'>('sent', 'read-from-abroad', 'vehicle-direct'),
    ciio: mostly<'yes' | 'no'>('no', 'yes', 'yes'),
    registered: mostly<'yes' | 'no'>('yes', 'no'),
    basis: fc.constantFrom('consent' as const, 'contract' as const),
    plain: total,
    sensitive: sensitiveTotal,
    onFile,
    claims: mostly<readonly (1 | 5 | 7)[]>([], [5], [7], [5, 1]),
    signed: mostly<readonly ReadingId[]>([], ['D1'], ['D2'], ['D4'], ['D9'], ['GEO-7'], ['D2', 'D9']),
  })
  .map(({ ciio, registered, basis, plain, sensitive, claims, signed, ...rest }) => ({
    facts: 1,
    ...rest,
    onFile: rest.onFile.map(readOn(rest.on)),
    processor: { id: 'maker-cn', name: '示例汽车有限公司', ciio },
    recipient: { id: 'acme-de', country: 'DE', registered },
    purpose: 'warranty-analysis',
    legalBasis: rest.dataset.personal === 'present' ? basis : 'not-applicable',
    counts: {
      year: 2026,
      persons: count(plain, rest.dataset.personal === 'present'),
      sensitivePersons: count(sensitive, rest.dataset.sensitive === 'present'),
    },
    claimedExemptions: [...claims],
    signOffs: signed.map((reading) => ({ id: `LEGAL-${reading}`, reading, on: '2026-02-02', by: 'general-counsel' })),
  }));

/** A total of which one person is in the transfer in hand, or none. */
function count(projected: number, inHand: boolean): Count {
  const transfer = inHand ? 1 : 0;
  const all = inHand ? Math.max(projected, 1) : projected;
  return { before: all - transfer, transfer, projected: all };
}

type Change = (facts: FactsInput) => FactsInput;
type DatasetKey =
  | 'personal'
  | 'sensitive'
  | 'geographic'
  | 'coordinates'
  | 'classifiedGeographic'
  | 'important'
  | 'core'
  | 'stateSecret';

const ofDataset = (key: DatasetKey): readonly [string, Change] => [
  `dataset.${key}`,
  (facts) => ({ ...facts, dataset: { ...facts.dataset, [key]: 'unknown' } }),
];

/** Every fact that can be unknown, with the change that makes it so; the states of documents on file are facts too. */
export const MADE_UNKNOWN: Readonly<Record<string, Change>> = Object.fromEntries([
  ['manner', (facts: FactsInput) => ({ ...facts, manner: 'unknown' as const })],
  ['legalBasis', (facts: FactsInput) => ({ ...facts, legalBasis: 'unknown' as const })],
  [
    'processor.ciio',
    (facts: FactsInput) => ({ ...facts, processor: { ...facts.processor, ciio: 'unknown' as const } }),
  ],
  [
    'recipient.registered',
    (facts: FactsInput) => ({ ...facts, recipient: { ...facts.recipient, registered: 'unknown' as const } }),
  ],
  ['counts.persons', (facts: FactsInput) => ({ ...facts, counts: { ...facts.counts, persons: 'unknown' as const } })],
  [
    'counts.sensitivePersons',
    (facts: FactsInput) => ({ ...facts, counts: { ...facts.counts, sensitivePersons: 'unknown' as const } }),
  ],
  ofDataset('personal'),
  ofDataset('sensitive'),
  ofDataset('geographic'),
  ofDataset('coordinates'),
  ofDataset('classifiedGeographic'),
  ofDataset('important'),
  ofDataset('core'),
  ofDataset('stateSecret'),
  ['onFile filing', (facts: FactsInput) => ({ ...facts, onFile: facts.onFile.map(filingUnknown) })],
  ['onFile status', (facts: FactsInput) => ({ ...facts, onFile: facts.onFile.map(statusUnknown) })],
]);

function filingUnknown(entry: Entry): Entry {
  return entry.kind === 'standard-contract' ? { ...entry, filing: { state: 'unknown' } } : entry;
}

function statusUnknown(entry: Entry): Entry {
  return entry.kind === 'certification' ? { ...entry, status: { ...entry.status, state: 'unknown' } } : entry;
}
