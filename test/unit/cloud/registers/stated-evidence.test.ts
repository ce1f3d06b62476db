import { describe, expect, test } from 'vitest';
import { entryOfFiles } from '../../../../cloud/registers/entry-of-files.ts';
import { exemptionEvidence } from '../../../../cloud/registers/exemption-evidence.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { parseFacts } from '../../../../cloud/transfer/facts.ts';
import { type CivilDate, civilDateOf, type Instant } from '../../../../proto/words/time.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';

type Shelf = ReturnType<typeof scratchRegisters>;

const TREE = '1b'.repeat(32);
const MATRIX = [{ account: 'carol', person: 'p-3', may: ['approve'], since: '2026-01-01' }];

interface Case {
  readonly at?: string;
  readonly kinds?: FactsInput['dataset']['kinds'];
  readonly persons?: number | 'unknown';
  readonly sha256?: string;
  readonly matrix?: typeof MATRIX;
  readonly personal?: 'present' | 'absent';
}

/** The exemption that a transfer goes under by what the registers hold; a CIIO, so that only an exemption lets it go. */
function outcomeOf(exemption: 1 | 2 | 3 | 4, shelf: Shelf, one: Case = {}): string {
  const at = Date.parse(one.at ?? '2026-11-25T10:00:00+08:00') as Instant;
  const on: CivilDate = civilDateOf(at);
  const isFiles = exemption === 1;
  const kinds = one.kinds ?? (exemption === 1 || exemption === 3 ? ['DOC'] : ['VIN']);
  const persons = one.persons ?? 50;
  const dataset = { id: 'battery', purposes: ['warranty'], kinds, ...(isFiles ? { entry: 'transit/X-1' } : {}) };
  const evidence = exemptionEvidence(
    { on, at, recipient: 'battery-lab', processor: 'example-motor', persons, dataset },
    { registers: shelf.registers, documents: shelf.documents, matrix: one.matrix ?? MATRIX },
  );
  const personal = one.personal ?? (isFiles ? 'absent' : 'present');
  const scope = {
    validFrom: '2026-01-01',
    validUntil: '2027-01-01',
    recipients: ['battery-lab'],
    datasets: ['battery'],
    purposes: ['warranty'],
  };
  const counted = personal === 'absent' ? 0 : 50;
  const facts = parseFacts({
    facts: 1,
    on,
    at: new Date(at).toISOString(),
    manner: 'sent',
    processor: { id: 'example-motor', name: 'Example Motor', ciio: 'yes' },
    recipient: { id: 'battery-lab', country: 'DE', registered: 'yes' },
    purpose: 'warranty',
    dataset: {
      id: 'battery',
      title: 'B',
      personal,
      ...{ sensitive: 'absent', geographic: 'absent', coordinates: 'absent', classifiedGeographic: 'absent' },
      ...{ important: 'absent', core: 'absent', stateSecret: 'absent' },
      ...(isFiles ? { sha256: one.sha256 ?? TREE } : {}),
      kinds,
    },
    legalBasis: personal === 'absent' ? 'not-applicable' : 'contract',
    counts: {
      year: Number(on.slice(0, 4)),
      persons: { before: 0, transfer: counted, projected: counted },
      sensitivePersons: { before: 0, transfer: 0, projected: 0 },
    },
    onFile: [{ kind: 'notice', id: 'n', ...scope }, { kind: 'pipia', id: 'p', ...scope }, ...evidence],
    claimedExemptions: [exemption],
    signOffs: [],
  });
  if (!facts.ok) throw new Error(JSON.stringify(facts.fault.map(({ problem }) => problem.en)));
  const verdict = decide(facts.value, SHIPPED_RULES);
  return verdict.decision === 'permit' ? verdict.under : 'withhold';
}

const shelved = (kind: string, changes: object = {}): Shelf => {
  const shelf = scratchRegisters();
  shelf.add('notice', { validFrom: '2026-01-01' });
  expect(shelf.add(kind, changes)).toBe('fine');
  return shelf;
};
const spoiled = (kind: string, id: string, spoil: (shelf: Shelf) => void): Shelf => {
  const shelf = shelved(kind);
  spoil(shelf);
  expect(shelf.registers.findAny(kind, id)).toBeDefined();
  return shelf;
};
const changedDocument = (kind: string, id: string) =>
  spoiled(kind, id, ({ attach, states }) => {
    attach(kind, id, TREE);
    states.set(TREE, 'changed');
  });

describe('exemption 1, foreign data in transit', () => {
  test.each([
    ['as it was registered', shelved('transit'), {}, 'exemption-1'],
    ['with something of the mainland in it', shelved('transit', { domesticSources: 'yes' }), {}, 'withhold'],
    ['of which nobody knows what is in it', shelved('transit', { domesticSources: 'unknown' }), {}, 'withhold'],
    ['another tree', shelved('transit'), { sha256: '1c'.repeat(32) }, 'withhold'],
    ['received after it goes out', shelved('transit', { receivedAt: '2026-11-25T10:00:01+08:00' }), {}, 'withhold'],
    ['to somebody else', shelved('transit', { recipients: ['other'] }), {}, 'withhold'],
    ['ended', shelved('transit', { validUntil: '2026-11-25' }), {}, 'withhold'],
    ['withdrawn', spoiled('transit', 'X-1', ({ withdraw }) => withdraw('transit', 'X-1')), {}, 'withhold'],
    ['with a document that changed', changedDocument('transit', 'X-1'), {}, 'withhold'],
  ] as const)('%s', (_, shelf, one, expected) => {
    expect(outcomeOf(1, shelf, one)).toBe(expected);
  });

  test('imports can only be that tree, and nothing of the mainland is in transit', () => {
    const { registers, add } = shelved('transit');
    const entry = registers.find('transit', 'X-1');
    expect(entry && entryOfFiles(entry)).toMatchObject({ id: 'transit/X-1', filedTreeSha256: TREE });
    expect(entry && entryOfFiles({ ...entry, isWithdrawn: true })).toBeUndefined();
    expect(add('transit', { id: 'X-2', origin: 'CN' })).toBe('REGISTER_OBJECTION');
  });
});

describe('exemption 2, contracts of individuals', () => {
  const kind = 'individual-contract';
  test.each([
    ['that need every field', shelved(kind), {}, 'exemption-2'],
    ['with a field that no clause needs', shelved(kind), { kinds: ['VIN', 'CAN'] }, 'withhold'],
    ['with as many persons as are parties', shelved(kind, { individuals: 50 }), {}, 'exemption-2'],
    ['with more persons than are parties', shelved(kind, { individuals: 49 }), {}, 'withhold'],
    ['of which nobody counted the persons', shelved(kind), { persons: 'unknown' }, 'withhold'],
    [
      'of which the notice was withdrawn',
      spoiled(kind, 'C-1', ({ withdraw }) => withdraw('notice', 'N-1')),
      {},
      'withhold',
    ],
    [
      'of which the notice ended',
      spoiled(kind, 'C-1', ({ replace }) => replace('notice', { validFrom: '2026-01-01', validUntil: '2026-11-25' })),
      {},
      'withhold',
    ],
    ['for another purpose', shelved(kind, { purposes: ['marketing'] }), {}, 'withhold'],
    ['for another dataset', shelved(kind, { datasets: ['other'] }), {}, 'withhold'],
    ['ended', shelved(kind, { validUntil: '2026-11-25' }), {}, 'withhold'],
    [
      'without personal information',
      shelved(kind, { necessity: [{ kind: 'CAN', clause: '3' }] }),
      { personal: 'absent', kinds: ['CAN'] },
      'withhold',
    ],
  ] as const)('%s', (_, shelf, one, expected) => {
    const outcome = outcomeOf(2, shelf, one as Case);
    expect(outcome).toBe(expected);
  });

  test('name a notice that is on file, and each kind once', () => {
    const { add } = scratchRegisters();
    expect(add(kind)).toBe('REGISTER_OBJECTION');
    const shelf = shelved(kind);
    const necessity = [
      { kind: 'VIN', clause: 'a' },
      { kind: 'VIN', clause: 'b' },
    ];
    expect(shelf.replace(kind, { necessity })).toBe('REGISTER_OBJECTION');
  });
});

describe('exemption 3, human resources', () => {
  const kind = 'labour-basis';
  const signed = { number: 'CC-1', signedOn: '2025-06-01', validUntil: '2028-06-01' };
  test.each([
    ['rules and a collective contract', shelved(kind), {}, 'exemption-3'],
    ['without a collective contract', shelved(kind, { collectiveContract: undefined }), {}, 'withhold'],
    ['without rules', shelved(kind, { rules: undefined }), {}, 'withhold'],
    [
      'rules that are not lawful',
      shelved(kind, { rules: { number: 'r', adoptedOn: '2025-05-01', lawful: 'no' } }),
      {},
      'withhold',
    ],
    [
      'rules that nobody looked over',
      shelved(kind, { rules: { number: 'r', adoptedOn: '2025-05-01', lawful: 'unknown' } }),
      {},
      'withhold',
    ],
    [
      'rules to come',
      shelved(kind, { rules: { number: 'r', adoptedOn: '2026-11-26', lawful: 'yes' } }),
      {},
      'withhold',
    ],
    [
      'a contract that ends today',
      shelved(kind, { collectiveContract: { ...signed, validUntil: '2026-11-25' } }),
      {},
      'withhold',
    ],
    [
      'a contract that ends tomorrow',
      shelved(kind, { collectiveContract: { ...signed, validUntil: '2026-11-26' } }),
      {},
      'exemption-3',
    ],
    [
      'a contract signed tomorrow',
      shelved(kind, { collectiveContract: { ...signed, signedOn: '2026-11-26' } }),
      {},
      'withhold',
    ],
    ['persons beyond the employees', shelved(kind, { employees: 49 }), {}, 'withhold'],
    ['a field that no rule needs', shelved(kind), { kinds: ['DOC', 'BOM'] }, 'withhold'],
  ] as const)('%s', (_, shelf, one, expected) => {
    expect(outcomeOf(3, shelf, one as Case)).toBe(expected);
  });
});

describe('exemption 4, emergencies', () => {
  const kind = 'urgent-need';
  test.each([
    ['while it runs', shelved(kind), {}, 'exemption-4'],
    ['at its first instant', shelved(kind), { at: '2026-11-24T08:00:00+08:00' }, 'exemption-4'],
    ['before it began', shelved(kind), { at: '2026-11-24T07:59:59+08:00' }, 'withhold'],
    ['at its last second', shelved(kind), { at: '2026-11-27T07:59:59+08:00' }, 'exemption-4'],
    ['once it is over', shelved(kind), { at: '2026-11-27T08:00:00+08:00' }, 'withhold'],
    [
      'on the last of seven days',
      shelved(kind, { endsAt: '2026-12-01T08:00:00+08:00' }),
      { at: '2026-12-01T07:00:00+08:00' },
      'exemption-4',
    ],
    ['approved by somebody who may not', shelved(kind, { approvedBy: 'dave' }), {}, 'withhold'],
    [
      'approved by somebody who may from tomorrow',
      shelved(kind),
      { matrix: [{ ...MATRIX[0], since: '2026-11-26' }] },
      'withhold',
    ],
    ['with a field that nobody needs', shelved(kind), { kinds: ['VIN', 'DTC'] }, 'withhold'],
    ['withdrawn', spoiled(kind, 'U-1', ({ withdraw }) => withdraw(kind, 'U-1')), {}, 'withhold'],
    ['with a document that changed', changedDocument(kind, 'U-1'), {}, 'withhold'],
  ] as const)('%s', (_, shelf, one, expected) => {
    expect(outcomeOf(4, shelf, one as Case)).toBe(expected);
  });

  test('run for seven days and no second more', () => {
    const { add } = scratchRegisters();
    expect(add(kind, { endsAt: '2026-12-01T08:00:01+08:00' })).toBe('REGISTER_OBJECTION');
    expect(add(kind, { endsAt: '2026-12-01T08:00:00+08:00' })).toBe('fine');
  });
});
