import { type CivilDate, civilDateOf, DAY_MS, type Instant, toIso } from '../../proto/words/time.ts';
import { PROCESSOR, PURPOSE, RECIPIENT_ID, RECIPIENT_NAME, TOUR_DATASETS } from './tour.ts';

/** The account of whoever looks at the tour, and those of fictional colleagues, by the registers of the tour. */
export const VISITOR = 'tour';
export const REQUESTER = 'li.na';
export const APPROVERS = ['zhao.wei', 'chen.jing'] as const;

/** Persons of the tour whose word is signed. */
export const PERSONS = [VISITOR, REQUESTER, ...APPROVERS] as const;

export interface TourEntry {
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Kinds of field of every dataset of the tour, tracks included: what withholds these is not that nobody thought of them. */
const KINDS = ['CHARGE', 'CAN', 'DEVICE-ID', 'TRACK', 'COORD'];

const PACKAGE = 'cd'.repeat(32);
const SOURCE_TREE = 'ef'.repeat(32);

/**
 * Entries of the registers of a fictional maker, in an order in which each finds what it refers to.
 *
 * @param keyOf - what the authority matrix knows a person by
 */
export function tourEntries(
  now: Instant,
  recipientSha256: string,
  keyOf: (account: string) => string,
): readonly TourEntry[] {
  const day = (days: number): CivilDate => civilDateOf((now + days * DAY_MS) as Instant);
  const scope = {
    validFrom: day(-1),
    validUntil: day(364),
    recipients: [RECIPIENT_ID],
    datasets: TOUR_DATASETS.map(({ id }) => id),
    purposes: [PURPOSE],
  };
  return [
    { kind: 'processor', body: processor(day(-30), keyOf) },
    { kind: 'recipient', body: recipient(recipientSha256) },
    {
      kind: 'purpose',
      body: {
        ...{ id: PURPOSE, version: '1', description: 'find out why cells of some packs age early' },
        title: { en: 'Why cells of some packs age early', zh: '查明部分电池包电芯提前老化的原因' },
        ...{ kinds: KINDS, validFrom: day(-30), validUntil: day(700) },
      },
    },
    { kind: 'notice', body: { id: 'notice-1', number: 'privacy notice, version 4', version: '4', ...scope } },
    { kind: 'pipia', body: pipia(scope, day(-20)) },
    // In force, and not filed yet: what is due.
    {
      kind: 'contract',
      body: {
        ...{ id: 'contract-1', number: 'SC-1', ...scope, unmodifiedTemplate: true, pipia: 'pipia-1' },
        filing: { state: 'not-filed' },
      },
    },
    ...tourFilings(day, now),
  ];
}

/** Who keeps geographic data, and an update whose source code is to be filed. */
function tourFilings(day: (days: number) => CivilDate, now: Instant): readonly TourEntry[] {
  return [
    {
      kind: 'custodian',
      body: {
        ...{ id: 'custodian-1', name: 'Example Mapping (fictional)', qualification: 'navigation electronic maps' },
        ...{ grade: 'A', number: 'A-11', validFrom: day(-200), validUntil: day(500), attestedAt: toIso(now) },
      },
    },
    {
      kind: 'ota-campaign',
      body: {
        ...{ id: 'ota-1', title: 'Charging control, defect D-7', purpose: 'defect', defectOrRecallNumber: 'D-7' },
        ...{ ecus: ['battery management'], packageSha256: PACKAGE, releaseOn: day(21), remoteControl: 'none' },
        functions: ['charging'],
      },
    },
    {
      kind: 'source-filing',
      body: {
        ...{ id: 'source-1', campaign: 'ota-1', ecu: 'battery management', packageSha256: PACKAGE },
        ...{ sourceTreeSha256: SOURCE_TREE, defectOrRecallNumber: 'D-7', state: 'draft' },
      },
    },
  ];
}

/** Who may ask and who may approve. Two persons beside the one who asks, and the visitor may be one of them. */
function processor(since: CivilDate, keyOf: (account: string) => string): TourEntry['body'] {
  const row = (account: string, may: readonly string[]) => ({
    ...{ account, person: `p-${account.replace('.', '-')}`, may, since },
  });
  return {
    ...PROCESSOR,
    department: 'Data Security',
    securityOfficer: { name: 'Zhao Wei (fictional)', contact: 'ext. 100' },
    authorities: [
      { ...row(VISITOR, ['request', 'approve', 'resume', 'sign-off']), key: keyOf(VISITOR) },
      { ...row(REQUESTER, ['request']), key: keyOf(REQUESTER) },
      ...APPROVERS.map((account) => ({ ...row(account, ['approve', 'resume']), key: keyOf(account) })),
    ],
  };
}

const recipient = (certificateSha256: string): TourEntry['body'] => ({
  ...{ id: RECIPIENT_ID, name: RECIPIENT_NAME.en, country: 'DE', certificateSha256 },
  ...{ encryption: { profile: 'none' }, purposes: [PURPOSE] },
  clauses: { 'audit-right': { reference: 'cl. 6', signedBy: ['exporter', 'recipient'] } },
});

const pipia = (scope: object, completedOn: CivilDate): TourEntry['body'] => ({
  ...{ id: 'pipia-1', number: 'PIA-1', ...scope, version: '1', completedOn, kinds: KINDS },
  contents: {
    ...{ legalityAndNecessity: 'sec. 1', impactAndRisk: 'sec. 2', measures: 'sec. 3' },
    ...{ recipientCapability: 'sec. 4', breachRiskAndRemedy: 'sec. 5', foreignLaw: 'sec. 6' },
  },
});
