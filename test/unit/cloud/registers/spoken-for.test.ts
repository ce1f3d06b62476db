import { describe, expect, test } from 'vitest';
import { filedFor } from '../../../../cloud/filed-for.ts';
import { ON_FILE_KINDS } from '../../../../cloud/registers/on-file-entries.ts';
import { kindsSpokenFor } from '../../../../cloud/registers/spoken-for.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { scratchGate } from '../../../support/cloud/gate.ts';
import { entryOf } from '../../../support/cloud/registers/entries.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';
import { STATISTICS } from '../../../support/datasets/parcels.ts';

const OF = { dataset: 'battery', recipient: 'battery-lab', purpose: 'warranty' };
const withOnly = (kind: string, changes: object = {}) => ({
  list: (asked: string) => (asked === kind ? [entryOf(kind, changes)] : []),
});

describe('registers speak of a kind of document', () => {
  test.each(Object.entries(ON_FILE_KINDS))('where %s names all of the transfer', (register, kind) => {
    expect([...kindsSpokenFor(withOnly(register), OF)]).toEqual([kind]);
    expect([...kindsSpokenFor(withOnly(register, { datasets: ['other'] }), OF)]).toEqual([]);
    const isOfDataset = kind === 'map-review' || kind === 'state-recognised-processing';
    for (const other of [{ recipients: ['other'] }, { purposes: [] }])
      expect([...kindsSpokenFor(withOnly(register, other), OF)]).toEqual(isOfDataset ? [kind] : []);
  });

  test('of evidence by the entry or the filing that names it, and of files by the register they came in under', () => {
    for (const [register, exemption] of [
      ['individual-contract', 2],
      ['labour-basis', 3],
      ['urgent-need', 4],
    ] as const)
      expect([...kindsSpokenFor(withOnly(register), OF)]).toEqual([`exemption-${exemption}-evidence`]);
    const scope = { recipients: [OF.recipient], datasets: [OF.dataset], purposes: [OF.purpose] };
    expect([...kindsSpokenFor(withOnly('ftz-list', { filings: [scope] }), OF)]).toEqual(['exemption-6-evidence']);
    expect([...kindsSpokenFor(withOnly('ftz-list'), OF)]).toEqual([]);
    const files = { ...OF, entry: 'source-filing/L-1' };
    expect([...kindsSpokenFor({ list: () => [] }, files)]).toEqual(['exemption-9-evidence']);
  });
});

test('a notice that was withdrawn from its register is not made good by one of cloud.yaml', async () => {
  const shelf = scratchRegisters();
  const reads = { registers: shelf.registers, documents: shelf.documents };
  const gate = scratchGate({
    filed: (request, at, hand) =>
      filedFor(request, {
        ...{ at, hand, reads, own: shelf.registers, rules: SHIPPED_RULES, over: [] },
        processor: { id: 'maker', name: 'Maker', ciio: 'no' },
      }),
  });
  const scope = { recipients: ['lab'], datasets: ['one'], purposes: ['warranty'], validFrom: '2026-01-01' };
  const state = async () => {
    const asked = await gate.ask(STATISTICS);
    return asked.ok ? asked.value.state : asked.fault.code;
  };
  expect(await state()).toBe('permitted');
  expect(shelf.add('notice', { id: 'notice-1', ...scope })).toBe('fine');
  expect(await state()).toBe('permitted');
  shelf.withdraw('notice', 'notice-1');
  expect(await state()).toBe('withheld');
});
