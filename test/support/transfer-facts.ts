import { type FactsInput, parseFacts, type TransferFacts } from '../../cloud/transfer/facts.ts';

type Entry = FactsInput['onFile'][number];

export const RECIPIENT = 'acme-de';
export const DATASET = 'battery-statistics';
export const PURPOSE = 'warranty-analysis';

const scope = { recipients: [RECIPIENT], datasets: [DATASET], purposes: [PURPOSE] };
const year = { validFrom: '2026-01-01', validUntil: '2029-01-01' };

/** One document of each kind, all in order for the facts below. */
export const DOCUMENTS = {
  notice: { kind: 'notice', id: 'N-1', ...year, ...scope },
  'separate-consent': { kind: 'separate-consent', id: 'C-1', ...year, ...scope },
  pipia: { kind: 'pipia', id: 'P-1', ...year, ...scope },
  'standard-contract': {
    kind: 'standard-contract',
    id: 'SC-1',
    ...year,
    ...scope,
    filing: { state: 'filed', on: '2026-01-08', number: '沪合同备案2026-001' },
  },
  certification: {
    kind: 'certification',
    id: 'CERT-1',
    ...year,
    ...scope,
    status: { state: 'valid', checkedOn: '2026-11-20' },
  },
  'security-assessment': {
    kind: 'security-assessment',
    id: 'SA-1',
    ...year,
    ...scope,
    appliedOn: '2026-01-01',
    scale: { personsMax: 3_000_000, personsBefore: 0 },
  },
  'map-review': { kind: 'map-review', id: 'GS-1', ...year, ...scope },
  'external-provision-approval': { kind: 'external-provision-approval', id: 'EP-1', ...year, ...scope },
  'state-recognised-processing': { kind: 'state-recognised-processing', id: 'SRP-1', ...year, ...scope },
} satisfies Record<string, Entry>;

export const PERSONAL_DOCUMENTS: readonly Entry[] = [DOCUMENTS.notice, DOCUMENTS['separate-consent'], DOCUMENTS.pipia];

/** A transfer that clears under exemption (5): ordinary personal information of 42,500 persons so far this year. */
export function factsInput(changes: Partial<FactsInput> = {}): FactsInput {
  return {
    facts: 1,
    on: '2026-11-21',
    manner: 'sent',
    processor: { id: 'maker-cn', name: '示例汽车有限公司', ciio: 'no' },
    recipient: { id: RECIPIENT, country: 'DE', registered: 'yes' },
    purpose: PURPOSE,
    dataset: {
      id: DATASET,
      title: 'battery statistics by vehicle',
      personal: 'present',
      sensitive: 'absent',
      geographic: 'absent',
      coordinates: 'absent',
      classifiedGeographic: 'absent',
      important: 'absent',
      core: 'absent',
      stateSecret: 'absent',
      kinds: ['CHARGE', 'CAN'],
    },
    legalBasis: 'consent',
    counts: {
      year: 2026,
      persons: { before: 40_000, transfer: 5_000, projected: 42_500 },
      sensitivePersons: { before: 0, transfer: 0, projected: 0 },
    },
    onFile: [...PERSONAL_DOCUMENTS],
    claimedExemptions: [],
    signOffs: [],
    ...changes,
  };
}

/** Facts as `decide` takes them; throws on a fault, since a test that builds faulty facts by accident shows nothing. */
export function transferFacts(changes: Partial<FactsInput> = {}): TransferFacts {
  return parsed(factsInput(changes));
}

export function parsed(input: unknown): TransferFacts {
  const facts = parseFacts(input);
  if (!facts.ok) throw new Error(JSON.stringify(facts.fault.map((fault) => fault.problem.en)));
  return facts.value;
}
