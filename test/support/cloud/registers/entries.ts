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
    purposes: ['warranty'],
    clauses: { 'audit-right': { reference: 'cl. 6', signedBy: ['exporter', 'recipient'] } },
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
  contract: { ...scoped('K-1'), unmodifiedTemplate: true, pipia: 'P-1', filing: { state: 'not-filed' } },
  certificate: { ...scoped('Z-1'), certifier: 'Certifier', status: { state: 'valid', checkedOn: '2026-11-20' } },
  'map-review': { ...scoped('M-1'), reviewedBy: 'MNR' },
  'external-provision': { ...scoped('E-1'), approvedBy: 'MNR' },
  'recognised-processing': { ...scoped('R-1'), vendor: 'v', product: 'p', productVersion: '1', certificateNumber: '9' },
  'sign-off': { id: 'S-1', reading: 'D1', on: '2026-03-01', by: 'counsel', basis: 'memo 7' },
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
};

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
