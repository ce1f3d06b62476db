import { describe, expect, test } from 'vitest';
import { type FactsInput, parseFacts } from '../../../../cloud/transfer/facts.ts';
import { FAULTS_MAX } from '../../../../cloud/transfer/facts-fault.ts';
import { DOCUMENTS, factsInput } from '../../../support/transfer-facts.ts';

type Change = (facts: FactsInput) => Partial<FactsInput>;

const dataset =
  (change: Partial<FactsInput['dataset']>): Change =>
  (facts) => ({ dataset: { ...facts.dataset, ...change } });
const counts =
  (change: Partial<FactsInput['counts']>): Change =>
  (facts) => ({ counts: { ...facts.counts, ...change } });
const onFile =
  (...entries: FactsInput['onFile']): Change =>
  () => ({ onFile: entries });
const persons = (before: number, transfer: number, projected: number) =>
  counts({ persons: { before, transfer, projected } });
const together =
  (first: Change, ...others: Change[]): Change =>
  (facts) => {
    const changed = { ...facts, ...first(facts) };
    const [next, ...rest] = others;
    return next === undefined ? changed : together(next, ...rest)(changed);
  };

function problemsOf(change: Change): readonly string[] {
  const base = factsInput();
  const parsed = parseFacts({ ...base, ...change(base) });
  return parsed.ok ? [] : parsed.fault.map(({ problem }) => problem.en);
}

const opposed = (one: string, other: string) => [`\`${one}\` and \`${other}\` cannot both be true`];

describe('facts that cannot all be true', () => {
  test.each<[string, Change, readonly string[]]>([
    [
      'fewer persons with this transfer than before it',
      persons(10, 5, 9),
      opposed('counts.persons.projected', 'counts.persons.before'),
    ],
    [
      'fewer persons with this transfer than in it',
      persons(1, 5, 4),
      opposed('counts.persons.projected', 'counts.persons.transfer'),
    ],
    [
      'more persons than before and in it together',
      persons(10, 5, 16),
      opposed('counts.persons.projected', 'counts.persons.before + transfer'),
    ],
    ['the year of the counts is not that of the day', counts({ year: 2025 }), opposed('counts.year', 'on')],
    [
      'no personal information, and persons in the transfer',
      together(dataset({ personal: 'absent' }), persons(0, 1, 1)),
      opposed('dataset.personal: absent', 'counts.persons.transfer'),
    ],
    [
      'nothing sensitive, and sensitive persons in the transfer',
      counts({ sensitivePersons: { before: 0, transfer: 1, projected: 1 } }),
      opposed('dataset.sensitive: absent', 'counts.sensitivePersons.transfer'),
    ],
    [
      'sensitive, and no sensitive person in the transfer',
      dataset({ sensitive: 'present' }),
      opposed('dataset.sensitive: present', 'counts.sensitivePersons.transfer: 0'),
    ],
    [
      'personal, and nobody in the transfer',
      persons(10, 0, 10),
      opposed('dataset.personal: present', 'counts.persons.transfer: 0'),
    ],
    [
      'sensitive and not personal',
      together(
        dataset({ personal: 'absent', sensitive: 'present' }),
        persons(0, 0, 0),
        counts({ sensitivePersons: { before: 0, transfer: 1, projected: 1 } }),
      ),
      opposed('dataset.sensitive: present', 'dataset.personal: absent'),
    ],
    [
      'coordinates and not geographic',
      dataset({ coordinates: 'present' }),
      opposed('dataset.coordinates: present', 'dataset.geographic: absent'),
    ],
    [
      'classified geographic and not geographic',
      dataset({ classifiedGeographic: 'present' }),
      opposed('dataset.classifiedGeographic: present', 'dataset.geographic: absent'),
    ],
    [
      'personal information without a legal basis',
      () => ({ legalBasis: 'not-applicable' }),
      opposed('dataset.personal: present', 'legalBasis: not-applicable'),
    ],
    [
      'a document that ends before it begins',
      onFile({ ...DOCUMENTS.notice, validUntil: '2026-01-01' }),
      opposed('onFile.0.validUntil', 'onFile.0.validFrom'),
    ],
    [
      'a filing in the future',
      onFile({ ...DOCUMENTS['standard-contract'], filing: { state: 'filed', on: '2026-11-22', number: 'F' } }),
      opposed('onFile.0.filing.on', 'on'),
    ],
    [
      'a status read in the future',
      onFile({ ...DOCUMENTS.certification, status: { state: 'valid', checkedOn: '2026-11-22' } }),
      opposed('onFile.0.status.checkedOn', 'on'),
    ],
    [
      'an assessment passed before it was applied for',
      onFile({ ...DOCUMENTS['security-assessment'], appliedOn: '2026-01-02' }),
      opposed('onFile.0.appliedOn', 'onFile.0.validFrom'),
    ],
    [
      'a sign-off in the future',
      () => ({ signOffs: [{ id: 'L-1', reading: 'D2', on: '2026-11-22', by: 'counsel' }] }),
      opposed('signOffs.0.on', 'on'),
    ],
    [
      'two documents of one id',
      onFile(DOCUMENTS.notice, { ...DOCUMENTS.pipia, id: DOCUMENTS.notice.id }),
      ['`onFile` names something twice'],
    ],
    [
      'one exemption claimed twice',
      () => ({ claimedExemptions: [5, 5] }),
      ['`claimedExemptions` names something twice'],
    ],
    ['one kind named twice', dataset({ kinds: ['CAN', 'CAN'] }), ['`dataset.kinds` names something twice']],
    [
      'one recipient named twice',
      onFile({ ...DOCUMENTS.notice, recipients: ['a', 'a'] }),
      ['`onFile.0.recipients` names something twice'],
    ],
  ])('%s', (_, change, problems) => {
    expect(problemsOf(change)).toEqual(problems);
  });

  test('one reading signed off twice', () => {
    const signOffs = ['L-1', 'L-2'].map((id) => ({ id, reading: 'D2' as const, on: '2026-11-01', by: 'counsel' }));
    expect(problemsOf(() => ({ signOffs }))).toEqual(['`signOffs` names something twice']);
  });

  test.each<[FactsInput['dataset']['kinds'][number], readonly string[]]>([
    ['TRACK', ['geographic', 'coordinates', 'sensitive']],
    ['CAM-EXT', ['geographic', 'sensitive']],
    ['ALT', ['geographic']],
    ['CABIN-AV', ['sensitive']],
    ['REGION', ['geographic']],
  ])('%s carries its classes, whatever the facts deny', (kind, classes) => {
    expect(problemsOf(dataset({ kinds: [kind] }))).toEqual(
      classes.flatMap((name) => opposed(`dataset.kinds: ${kind}`, `dataset.${name}: absent`)),
    );
  });

  test('equal numbers on every side of a count are consistent', () => {
    expect(problemsOf(persons(5, 5, 5))).toEqual([]);
    expect(problemsOf(persons(5, 5, 10))).toEqual([]);
  });

  test('what is unknown contradicts nothing', () => {
    const all = dataset({
      personal: 'unknown',
      sensitive: 'unknown',
      geographic: 'unknown',
      coordinates: 'unknown',
      kinds: ['TRACK'],
    });
    expect(problemsOf(together(all, counts({ persons: 'unknown', sensitivePersons: 'unknown' })))).toEqual([]);
  });

  test.each(['CN', 'UK', 'ZZ', 'EU', 'XK'])('%s is no territory abroad', (country) => {
    expect(problemsOf((facts) => ({ recipient: { ...facts.recipient, country } }))).toHaveLength(1);
  });

  test('the mainland is no transfer, which is another mistake than a wrong code', () => {
    const [mainland, mistyped] = ['CN', 'UK'].map((country) =>
      problemsOf((facts) => ({ recipient: { ...facts.recipient, country } })),
    );
    expect(mainland).toEqual(['`recipient.country` is mainland China, so nothing is transferred abroad']);
    expect(mistyped).toEqual(['`recipient.country` is no ISO 3166-1 code']);
  });

  test.each(['HK', 'MO', 'TW', 'DE', 'GB', 'US'])('%s is a territory abroad', (country) => {
    expect(problemsOf((facts) => ({ recipient: { ...facts.recipient, country } }))).toEqual([]);
  });

  test('a VIN is refused wherever it stands, in either case, and not repeated', () => {
    const vin = '1M8GDM9AXKP042788';
    for (const change of [
      dataset({ title: `tracks of ${vin}` }),
      dataset({ title: `tracks of ${vin.toLowerCase()}` }),
      onFile({ ...DOCUMENTS.notice, id: vin }),
    ]) {
      const problems = problemsOf(change);
      expect(problems).toEqual(['a vehicle identification number stands in the facts']);
    }
  });

  test('there are never more faults than somebody can read', () => {
    const entries = Array.from({ length: FAULTS_MAX + 10 }, (_, index) => ({
      ...DOCUMENTS.notice,
      id: `N-${index}`,
      validUntil: '2025-01-01',
    }));
    expect(problemsOf(onFile(...entries))).toHaveLength(FAULTS_MAX);
  });
});
