import { describe, expect, test } from 'vitest';
import { entryOfFiles } from '../../../../cloud/registers/entry-of-files.ts';
import { attestedOf, type EvidenceFor, exemptionEvidence } from '../../../../cloud/registers/exemption-evidence.ts';
import { groupCounts } from '../../../../cloud/registers/group-counts.ts';
import type { RegisterEntry } from '../../../../cloud/registers/kind.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import { parseFacts } from '../../../../cloud/transfer/facts.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';

const TREE = 'a1'.repeat(32);
const receipt = { number: 'R-1', at: '2026-11-24T09:00:00+08:00', authority: 'MIIT' };
const entry = (kind: string, body: object): RegisterEntry => ({
  kind,
  id: 'E-1',
  version: 1,
  isWithdrawn: false,
  attachments: [],
  body: { id: 'E-1', ...body },
});
const contents = { personal: 'absent', sensitive: 'absent', important: 'absent', geographic: 'absent' };
const VULNERABILITY = entry('vulnerability', {
  platform: 'nvdb',
  receipt,
  reportedDatasets: [TREE],
  fixingRecipients: ['lab'],
  contents,
});
const INCIDENT = entry('incident', {
  knownAt: receipt.at,
  level: 'larger',
  reports: [
    { to: 'miit', receipt },
    { to: 'sector-regulator', receipt },
  ],
  reportedDatasets: [TREE],
  handlingRecipients: ['lab'],
});
const campaign = { purpose: 'defect', defectOrRecallNumber: 'D-1', packageSha256: 'b2'.repeat(32) };
const FILING = entry('source-filing', {
  campaign: 'E-1',
  defectOrRecallNumber: 'D-1',
  packageSha256: campaign.packageSha256,
  sourceTreeSha256: TREE,
  filedSha256: TREE,
  filed: receipt,
  state: 'filed',
  recipients: ['lab'],
});

function readsOf(entries: readonly RegisterEntry[], state: 'whole' | 'changed' = 'whole') {
  return {
    registers: {
      find: (kind: string, id: string) => entries.find((one) => one.kind === kind && one.id === id),
      list: (kind: string) => entries.filter((one) => one.kind === kind),
    },
    documents: { state: () => state },
  };
}

function verdictOf(
  exemption: number,
  entries: readonly RegisterEntry[],
  over: { kinds?: string[]; sha256?: string } = {},
) {
  const on = '2026-11-25' as CivilDate;
  const covering = entries[0];
  const kinds = over.kinds ?? ['DOC'];
  const of: EvidenceFor = {
    on,
    recipient: 'lab',
    processor: 'maker',
    dataset: { id: 'files', purposes: ['fix'], entry: `${covering?.kind}/E-1`, kinds },
  };
  const facts = parseFacts({
    facts: 1,
    on,
    at: '2026-11-25T10:00:00+08:00',
    manner: 'sent',
    processor: { id: 'maker', name: 'Maker', ciio: 'no' },
    recipient: { id: 'lab', country: 'DE', registered: 'yes' },
    purpose: 'fix',
    dataset: {
      id: 'files',
      title: 'Files',
      personal: 'absent',
      sensitive: 'absent',
      geographic: 'absent',
      coordinates: 'absent',
      classifiedGeographic: 'absent',
      important: 'absent',
      core: 'absent',
      stateSecret: 'absent',
      sha256: over.sha256 ?? TREE,
      kinds,
    },
    legalBasis: 'not-applicable',
    counts: { year: 2026, persons: 'unknown', sensitivePersons: 'unknown' },
    onFile: exemptionEvidence(of, readsOf(entries)),
    claimedExemptions: [exemption],
    signOffs: [],
  });
  if (!facts.ok) throw new Error(JSON.stringify(facts.fault));
  const verdict = decide(facts.value, SHIPPED_RULES);
  return verdict.decision === 'permit' ? verdict.under : verdict.decision;
}

const changed = (one: RegisterEntry, body: object): RegisterEntry => ({ ...one, body: { ...one.body, ...body } });
const OTA = entry('ota-campaign', campaign);
const zone = entry('ftz-list', { zone: 'Z', version: '1', kind: 'negative', scenarios: [] });

describe('evidence from the registers', () => {
  test.each([
    ['a reported vulnerability', 7, [VULNERABILITY], {}, 'exemption-7'],
    ['one without a receipt', 7, [changed(VULNERABILITY, { receipt: undefined })], {}, 'withhold'],
    ['files that were not reported', 7, [changed(VULNERABILITY, { reportedDatasets: [] })], {}, 'withhold'],
    ['a recipient that mends nothing', 7, [changed(VULNERABILITY, { fixingRecipients: [] })], {}, 'withhold'],
    ['an incident with both receipts', 8, [INCIDENT], {}, 'exemption-8'],
    ['one with one of them', 8, [changed(INCIDENT, { reports: [{ to: 'miit', receipt }] })], {}, 'withhold'],
    ['one that nobody graded', 8, [changed(INCIDENT, { level: 'ungraded' })], {}, 'withhold'],
    ['source code as it was filed', 9, [FILING, OTA], { kinds: ['SRC'] }, 'exemption-9'],
    ['another tree than was filed', 9, [FILING, OTA], { kinds: ['SRC'], sha256: 'c3'.repeat(32) }, 'withhold'],
    ['a campaign for features', 9, [FILING, changed(OTA, { purpose: 'feature' })], { kinds: ['SRC'] }, 'withhold'],
    [
      'another defect than the campaign',
      9,
      [changed(FILING, { defectOrRecallNumber: 'D-2' }), OTA],
      { kinds: ['SRC'] },
      'withhold',
    ],
    [
      'a filing that was superseded',
      9,
      [changed(FILING, { state: 'superseded' }), OTA],
      { kinds: ['SRC'] },
      'withhold',
    ],
  ] as const)('%s', (_, exemption, entries, over, expected) => {
    expect(verdictOf(exemption, entries, over as object)).toBe(expected);
  });

  test('an entry whose document changed covers nothing', () => {
    const one = { ...VULNERABILITY, attachments: [{ name: 'a', sha256: TREE, bytes: 1 }] };
    expect(attestedOf('vulnerability/E-1', readsOf([one]))).toEqual(contents);
    expect(attestedOf('vulnerability/E-1', readsOf([one], 'changed'))).toEqual({});
  });

  test('the list of a zone is compared with kinds of field, and with nothing else', () => {
    const filing = {
      scenario: 's',
      receipt,
      recipients: ['lab'],
      datasets: ['files'],
      purposes: ['fix'],
      validUntil: '2027-01-01',
    };
    const made = (fields: readonly string[], zoneOf = 'Z') =>
      exemptionEvidence(
        {
          on: '2026-11-25' as CivilDate,
          recipient: 'lab',
          processor: 'E-1',
          dataset: { id: 'files', purposes: [], kinds: ['CAN'] },
        },
        readsOf([
          changed(zone, { scenarios: [{ id: 's', fields }], filings: [filing] }),
          entry('processor', { freeTradeZone: { zone: zoneOf } }),
        ]),
      );
    expect(made(['DTC'])).toMatchObject([{ fields: 'all-outside', registered: 'yes' }]);
    expect(made(['CAN', 'DTC'])).toMatchObject([{ fields: 'some-inside' }]);
    expect(made(['speed'])).toMatchObject([{ fields: 'unknown' }]);
    expect(made(['DTC'], 'Y')).toMatchObject([{ registered: 'no' }]);
  });

  test('an import rests on an entry that was filed, and on its tree', () => {
    expect(entryOfFiles(FILING)).toMatchObject({ id: 'source-filing/E-1', filedTreeSha256: TREE, filingNumber: 'R-1' });
    expect(entryOfFiles(changed(FILING, { state: 'withdrawn' }))).toBeUndefined();
    expect(entryOfFiles(changed(VULNERABILITY, { receipt: undefined }))).toBeUndefined();
  });
});

describe('the counts of a group', () => {
  const told = (member: string, persons: number, year = 2026) => ({
    ...entry('group-count', { member, year, persons, sensitivePersons: 1 }),
    id: `${member}-${persons}`,
  });
  const profile = { ...entry('processor', { group: { members: ['maker', 'sales', 'bank'] } }), id: 'maker' };

  test('are unknown until every member has told its figure of the year', () => {
    expect(groupCounts(readsOf([profile, told('sales', 5)]).registers, 'maker', 2026)).toBe('unknown');
    expect(groupCounts(readsOf([profile, told('sales', 5), told('bank', 7, 2025)]).registers, 'maker', 2026)).toBe(
      'unknown',
    );
  });

  test('take the greatest figure of each member, and never our own again', () => {
    const entries = [profile, told('sales', 5), told('sales', 9), told('bank', 7), told('maker', 100)];
    expect(groupCounts(readsOf(entries).registers, 'maker', 2026)).toEqual({ persons: 16, sensitivePersons: 2 });
    expect(groupCounts(readsOf([]).registers, 'maker', 2026)).toEqual({ persons: 0, sensitivePersons: 0 });
  });
});
