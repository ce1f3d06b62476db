import { describe, expect, test } from 'vitest';
import { matrixOf } from '../../../../cloud/approvals/matrix.ts';
import { createApprovalsOfLog } from '../../../../cloud/audit/approvals-of-log.ts';
import { groupCounts } from '../../../../cloud/registers/group-counts.ts';
import { replayRegisters } from '../../../../cloud/registers/record-change.ts';
import { ciioOf, registeredParties } from '../../../../cloud/registers/standing-parties.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';

const MAKER = { id: 'example-motor', name: 'Example Motor', ciio: 'no' } as const;
const row = (account: string, person: string) => ({ account, person, may: ['approve'], since: '2026-01-01' });
const AUTHORITIES = [row('alice', 'p-1'), row('alice-2', 'P-1'), row('bob', 'p-2')];

function world() {
  const shelf = scratchRegisters();
  expect(shelf.add('processor', { authorities: AUTHORITIES })).toBe('fine');
  expect(shelf.add('recipient')).toBe('fine');
  const parties = (over: object = {}) => {
    const recipient = { id: 'battery-lab', country: 'DE', certificateSha256: Buffer.from('ab'.repeat(32), 'hex') };
    return registeredParties(
      { on: '2026-11-25' as CivilDate, purpose: 'warranty', recipient, ...over },
      shelf.registers,
    );
  };
  return { ...shelf, parties, ciio: () => ciioOf(MAKER, shelf.registers) };
}

describe('a change of the processor or of a recipient', () => {
  test('counts once another person has confirmed it, and until then nobody knows', () => {
    const { replace, confirm, parties, registers } = world();
    expect(parties()).toBe('yes');
    replace('recipient', { certificateSha256: 'cd'.repeat(32) });
    expect(parties()).toBe('unknown');
    for (const by of ['alice', 'alice-2', 'stranger']) {
      expect(confirm('recipient', 'battery-lab', by)).toBe('REGISTER_SAME_PERSON');
    }
    expect(parties()).toBe('unknown');
    expect(confirm('recipient', 'battery-lab', 'bob')).toBe('fine');
    expect(confirm('recipient', 'battery-lab', 'bob')).toBe('REGISTER_SETTLED');
    // It counts now, and the certificate of the configuration is no longer the registered one.
    expect(parties()).toBe('no');
    const recipient = { id: 'battery-lab', country: 'DE', certificateSha256: Buffer.from('cd'.repeat(32), 'hex') };
    expect(parties({ recipient })).toBe('yes');
    expect(registers.find('recipient', 'battery-lab')?.pending).toBeUndefined();
  });

  test('is not waited for where nothing that matters is otherwise, nor once it is taken back', () => {
    const { replace, parties } = world();
    replace('recipient', { clauses: {} });
    expect(parties()).toBe('yes');
    replace('recipient', { country: 'US' });
    replace('recipient');
    expect(parties()).toBe('yes');
  });

  test('a second change cannot be confirmed by whoever wrote the one that stands now', () => {
    const { replace, confirm } = world();
    replace('recipient', { country: 'US' }, 'alice');
    replace('recipient', { country: 'US', name: 'Other' }, 'bob');
    expect(confirm('recipient', 'battery-lab', 'bob')).toBe('REGISTER_SAME_PERSON');
    expect(confirm('recipient', 'battery-lab', 'alice')).toBe('fine');
  });

  test.each([
    ['the legal entity', { name: 'Other Motor' }, 'unknown'],
    ['the answer on CIIO', { ciio: 'yes' }, 'unknown'],
    ['the department', { department: 'Law' }, 'no'],
  ])('%s of the processor', (_, changes, expected) => {
    const { replace, ciio } = world();
    expect(ciio()).toBe('no');
    replace('processor', { authorities: AUTHORITIES, ...changes });
    expect(ciio()).toBe(expected);
  });

  test('the group, the zone and the matrix wait as well', () => {
    const { replace, registers, store, log, confirm } = world();
    const [carol, dave] = [row('carol', 'p-3'), row('dave', 'p-4')];
    replace('processor', { authorities: [carol, dave], group: { id: 'g', parent: 'P', members: [] } });
    expect(groupCounts(registers, 'example-motor', 2026)).toBe('unknown');
    const profile = () => store.find('processor', 'example-motor');
    expect(matrixOf(profile())).toEqual(AUTHORITIES);
    // Persons whom the change itself brings in cannot confirm it.
    expect(confirm('processor', 'example-motor', 'carol')).toBe('REGISTER_SAME_PERSON');
    const approvals = () => {
      const of = createApprovalsOfLog();
      for (const [index, one] of log.entries()) of.take({ index, ...one });
      const document = { authority: carol, manifestSha256: 'm' };
      of.take({
        index: 90,
        kind: 'verdict',
        transferId: 't',
        actor: 'bob',
        document: { issue: 'on-approval', requestedBy: 'bob' },
      });
      of.take({ index: 91, kind: 'approval', transferId: 't', actor: 'carol', document });
      of.take({
        index: 92,
        kind: 'approval',
        transferId: 't',
        actor: 'dave',
        document: { ...document, authority: dave },
      });
      return of.allow({ index: 93, kind: 'permit', transferId: 't', actor: 'cloud', document: {} }, 'm');
    };
    expect(approvals()).toBe(false);
    expect(confirm('processor', 'example-motor', 'bob')).toBe('fine');
    expect(matrixOf(profile())).toEqual([carol, dave]);
    expect(groupCounts(registers, 'example-motor', 2026)).toEqual({ persons: 0, sensitivePersons: 0 });
  });

  test('withdrawn, ended or contradicted, it bears nothing out', () => {
    const { withdraw, parties, ciio, add } = world();
    expect(parties({ purpose: 'other' })).toBe('no');
    expect(
      parties({
        recipient: { id: 'battery-lab', country: 'US', certificateSha256: Buffer.from('ab'.repeat(32), 'hex') },
      }),
    ).toBe('no');
    add('purpose');
    expect(parties()).toBe('yes');
    expect(parties({ on: '2027-12-31' })).toBe('yes');
    expect(parties({ on: '2028-01-01' })).toBe('no');
    withdraw('purpose', 'warranty');
    expect(parties()).toBe('no');
    withdraw('processor', 'example-motor');
    expect(ciio()).toBe('unknown');
    expect(ciioOf({ ...MAKER, id: 'other' }, { findAny: () => undefined })).toBe('no');
    withdraw('recipient', 'battery-lab');
    expect(parties()).toBe('no');
  });

  test('a register made again from the log waits for the same persons', () => {
    const { replace, entriesOfLog, store, confirm } = world();
    replace('recipient', { country: 'US' });
    const again = scratchRegisters();
    replayRegisters(entriesOfLog, again.store);
    expect(again.store.find('recipient', 'battery-lab')).toEqual(store.find('recipient', 'battery-lab'));
    confirm('recipient', 'battery-lab', 'bob');
    replayRegisters(entriesOfLog, again.store);
    expect(again.store.find('recipient', 'battery-lab')).toEqual(store.find('recipient', 'battery-lab'));
  });
});
