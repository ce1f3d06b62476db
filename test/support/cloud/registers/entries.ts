import type { Registers } from '../../../../cloud/registers/change.ts';
import { createEntryIndex } from '../../../../cloud/registers/entry-index.ts';
import type { EntryBody, RegisterEntry } from '../../../../cloud/registers/kind.ts';

/** Bodies that every register takes, by kind; tests change one key at a time. */
export const BODIES: Readonly<Record<string, EntryBody>> = {
  processor: {
    id: 'example-motor',
    name: 'Example Motor',
    ciio: 'no',
    department: 'Data Security',
    securityOfficer: { name: 'A. Officer', contact: 'ext. 100' },
    authorities: [{ account: 'alice', person: 'p-1', may: ['request'], since: '2026-01-01' }],
  },
  recipient: {
    id: 'battery-lab',
    name: 'Battery Lab',
    country: 'DE',
    certificateSha256: 'ab'.repeat(32),
    encryption: {
      profile: 'jwe-aes256gcm',
      jwk: {
        ...{ kty: 'EC', crv: 'P-256', x: '6AA_t7aD66WOWW1hSLYJO3SGVn-8zrwL47T2mLkDRdg' },
        y: '-Dk5iDb6IoxuB0Lg54mf_FsqJ9OXHSzX349eTYG3U7U',
      },
    },
    purposes: ['warranty'],
    clauses: { 'audit-right': { reference: 'cl. 6', signedBy: ['exporter', 'recipient'] } },
  },
  purpose: {
    id: 'warranty',
    version: '1',
    description: 'find why cells age early',
    kinds: ['CHARGE', 'CAN'],
    validFrom: '2026-01-01',
    validUntil: '2028-01-01',
  },
  'important-catalogue': {
    id: 'cat-1',
    number: 'C-1',
    filedOn: '2026-01-05',
    authority: 'MIIT',
    state: 'draft',
    items: [],
  },
  'ftz-list': {
    id: 'zone-1',
    zone: 'Example zone',
    version: '2026',
    kind: 'negative',
    publishedOn: '2026-01-01',
    scenarios: [],
  },
  'group-count': {
    id: 'sales-2026-q3',
    member: 'example-sales',
    year: 2026,
    persons: 1_200,
    sensitivePersons: 0,
    asOf: '2026-09-30',
    source: 'statement of the member',
    exports: [
      {
        ...{ purpose: 'warranty', recipient: 'example-lab', kinds: ['CAN'], personal: 'present', sensitive: 'absent' },
        ...{ geographic: 'absent', coordinates: 'absent', important: 'absent', persons: 1_200, sensitivePersons: 0 },
      },
    ],
  },
  notice: { ...scoped('N-1'), version: '1' },
  'consent-form': { ...scoped('F-1'), version: '1', withdrawalChannel: 'app' },
  pipia: {
    ...scoped('P-1'),
    version: '1',
    completedOn: '2026-01-10',
    kinds: ['CHARGE', 'CAN'],
    contents: {
      legalityAndNecessity: 'sec. 1',
      impactAndRisk: 'sec. 2',
      measures: 'sec. 3',
      recipientCapability: 'sec. 4',
      breachRiskAndRemedy: 'sec. 5',
      foreignLaw: 'sec. 6',
    },
  },
  assessment: {
    ...scoped('A-1'),
    validUntil: '2029-03-01',
    appliedOn: '2025-10-01',
    scale: { personsMax: 5_000, personsBefore: 0 },
  },
  'assessment-application': {
    ...{
      id: 'AA-1',
      number: 'no. AA-1',
      submittedOn: '2026-03-02',
      completeOn: '2026-03-06',
      acceptedOn: '2026-03-13',
    },
    result: { receivedOn: '2026-05-18', outcome: 'not-passed', objection: 'made' },
  },
  contract: { ...scoped('K-1'), unmodifiedTemplate: true, pipia: 'P-1', filing: { state: 'not-filed' } },
  certificate: { ...scoped('Z-1'), certifier: 'Certifier', status: { state: 'valid', checkedOn: '2026-11-20' } },
  'map-review': { ...scoped('M-1'), reviewedBy: 'MNR' },
  'external-provision': { ...scoped('E-1'), approvedBy: 'MNR' },
  'recognised-processing': { ...scoped('R-1'), vendor: 'v', product: 'p', productVersion: '1', certificateNumber: '9' },
  'sign-off': {
    id: 'S-1',
    reading: 'D1',
    on: '2026-03-01',
    until: '2027-03-01',
    by: 'counsel',
    documentSha256: 'dc'.repeat(32),
    basis: 'memo 7',
  },
  custodian: {
    id: 'Q-1',
    name: 'Custodian',
    qualification: 'navigation maps',
    grade: 'A',
    number: '11',
    validFrom: '2026-01-01',
    validUntil: '2027-01-01',
    attestedAt: '2026-01-01T08:00:00+08:00',
  },
  'ota-campaign': {
    id: 'O-1',
    title: 'Brake fix',
    purpose: 'defect',
    defectOrRecallNumber: 'D-7',
    ecus: ['brake'],
    packageSha256: 'cd'.repeat(32),
    releaseOn: '2026-11-30',
    remoteControl: 'none',
    functions: ['braking'],
  },
  'source-filing': {
    id: 'L-1',
    campaign: 'O-1',
    ecu: 'brake',
    packageSha256: 'cd'.repeat(32),
    sourceTreeSha256: 'ef'.repeat(32),
    defectOrRecallNumber: 'D-7',
    state: 'draft',
  },
  incident: {
    id: 'I-1',
    title: 'Leak',
    kind: 'data',
    occurredAt: '2026-11-20T08:00:00+08:00',
    knownAt: '2026-11-20T09:00:00+08:00',
    level: 'larger',
    criticalInfrastructure: 'no',
    persons: 10,
    sensitivePersons: 'unknown',
    systems: ['cloud'],
    impact: 'x',
    measures: 'y',
    reports: [],
    reportedDatasets: [],
  },
  principal: {
    id: 'wang.fang',
    person: 'p-7',
    employer: { name: 'Example Motor', country: 'CN' },
    resident: 'CN',
    reads: ['status', 'transfers', 'registers'],
    validFrom: '2026-01-01',
    validUntil: '2026-12-31',
  },
  vulnerability: {
    id: 'V-1',
    title: 'Overflow',
    identifiers: ['OWN-1'],
    severity: 'high',
    knownAt: '2026-11-20T09:00:00+08:00',
    platform: 'none',
    reportedDatasets: [],
    fixingRecipients: [],
  },
  transit: {
    id: 'X-1',
    origin: 'DE',
    receivedAt: '2026-11-20T09:00:00+08:00',
    inboundManifestSha256: '1a'.repeat(32),
    outboundSha256: '1b'.repeat(32),
    domesticSources: 'no',
    lineage: 'run 12 of the simulation, sec. 3',
    validUntil: '2027-01-01',
    recipients: ['battery-lab'],
  },
  'individual-contract': {
    id: 'C-1',
    contract: 'cross-border rental, form 3',
    performance: 'booking',
    individuals: 1_200,
    notice: 'N-1',
    necessity: [{ kind: 'VIN', clause: 'cl. 4' }],
    ...covered(),
  },
  'labour-basis': {
    id: 'B-1',
    rules: { number: 'HR-1', adoptedOn: '2025-05-01', lawful: 'yes' },
    collectiveContract: { number: 'CC-1', signedOn: '2025-06-01', validUntil: '2028-06-01' },
    employees: 300,
    necessity: [{ kind: 'DOC', clause: 'rule 7' }],
    ...covered(),
  },
  'urgent-need': {
    id: 'U-1',
    incident: 'collision abroad, case 5',
    approvedBy: 'carol',
    protects: 'life',
    necessity: [{ kind: 'VIN', clause: 'rescue sheet' }],
    startedAt: '2026-11-24T08:00:00+08:00',
    endsAt: '2026-11-27T08:00:00+08:00',
    recipients: ['battery-lab'],
    datasets: ['battery'],
    purposes: ['warranty'],
  },
};

function covered() {
  const { number: _number, id: _id, ...rest } = scoped('');
  return rest;
}

function scoped(id: string) {
  return {
    id,
    number: `no. ${id}`,
    validFrom: '2026-03-02',
    validUntil: '2027-03-02',
    recipients: ['battery-lab'],
    datasets: ['battery'],
    purposes: ['warranty'],
  };
}

/** An entry as a register holds it. */
export function entryOf(kind: string, changes: object = {}): RegisterEntry {
  const body = { ...BODIES[kind], ...changes } as EntryBody;
  return { kind, id: body.id, version: 1, isWithdrawn: false, body, attachments: [] };
}

/** Entries that others of `BODIES` refer to. */
export const NEEDED = [entryOf('pipia'), entryOf('ota-campaign'), entryOf('notice')];

/** Registers of these entries, in memory. */
export function registersOf(...entries: readonly RegisterEntry[]): Registers {
  const index = createEntryIndex(entries);
  const find: Registers['find'] = (kind, id) =>
    index.find(kind, id)?.isWithdrawn === true ? undefined : index.find(kind, id);
  return { ...index, findAny: index.find, find };
}
