import fc from 'fast-check';
import type { FactsInput } from '../../cloud/transfer/facts.ts';
import { DOCUMENTS } from './transfer-facts.ts';

type Entry = FactsInput['onFile'][number];
type Count = Exclude<FactsInput['counts']['persons'], 'unknown'>;
type Presence = 'present' | 'absent';

/** Days near the ends of documents and rules, so that both sides of each are met. */
const onDay = fc.constantFrom(
  '2026-02-02',
  '2026-02-03',
  '2026-03-10',
  '2026-03-17',
  '2026-06-30',
  '2026-11-21',
  '2026-12-31',
);
const startDay = fc.constantFrom('2025-12-20', '2026-02-03', '2026-03-02', '2026-11-21', '2026-11-22');
const endDay = fc.constantFrom('2026-03-17', '2026-11-21', '2026-11-22', '2031-01-01');
const earlyDay = fc.constantFrom('2025-12-01', '2026-02-02');

/** Totals near every threshold of the rules, and far from all. */
const total = fc.oneof(
  fc.constantFrom(0, 1, 9_999, 10_000, 99_999, 100_000, 100_001, 999_999, 1_000_000),
  fc.nat(1_200_000),
);

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

const onFile = fc
  .record({ order: fc.subarray(Object.values(DOCUMENTS)), more: fc.array(anyEntry, { maxLength: 5 }) })
  .map(({ order, more }) => [...order, ...more].map((entry, index) => ({ ...entry, id: `D-${index}` })))
  .map((entries) => entries.map(freshStatus));

function freshStatus(entry: Entry): Entry {
  return entry.kind === 'certification' ? { ...entry, status: { ...entry.status, checkedOn: '2026-02-02' } } : entry;
}

const dataset = fc
  .record({
    personal: fc.constantFrom<Presence>('present', 'present', 'absent'),
    sensitive: fc.constantFrom<Presence>('present', 'absent', 'absent'),
    geographic: fc.constantFrom<Presence>('present', 'absent', 'absent'),
    coordinates: fc.constantFrom<Presence>('present', 'absent'),
    important: fc.constantFrom('present' as const, 'own-catalogue-only' as const, 'absent' as const, 'absent' as const),
    core: fc.constantFrom<Presence>('present', ...Array.from({ length: 9 }, () => 'absent' as const)),
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
    manner: fc.constantFrom('sent' as const, 'sent' as const, 'read-from-abroad' as const, 'vehicle-direct' as const),
    ciio: fc.constantFrom('no' as const, 'no' as const, 'no' as const, 'yes' as const),
    registered: fc.constantFrom('yes' as const, 'yes' as const, 'yes' as const, 'no' as const),
    basis: fc.constantFrom('consent' as const, 'contract' as const),
    plain: total,
    sensitive: total,
    onFile,
    claims: fc.subarray([1, 2, 3, 4, 5, 6, 7, 8, 9] as const, { maxLength: 1 }),
    signed: fc.subarray(['D1', 'D2', 'D4', 'D9', 'GEO-7'] as const, { maxLength: 2 }),
  })
  .map(({ ciio, registered, basis, plain, sensitive, claims, signed, ...rest }) => ({
    facts: 1,
    ...rest,
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
