import { describe, expect, test } from 'vitest';
import { changedInBy, filedFor } from '../../../../cloud/filed-for.ts';
import { agendaOf } from '../../../../cloud/registers/agenda.ts';
import { changedRules } from '../../../../cloud/registers/changed-rules.ts';
import { ANNUAL_REPORTS } from '../../../../cloud/rules/deadlines.table.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { type CivilDate, type Instant, startOfDay } from '../../../../proto/words/time.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';
import { DOCUMENTS, factsInput, parsed } from '../../../support/transfer-facts.ts';

const ON = '2026-11-25' as CivilDate;
const AT = (startOfDay(ON) + 1) as Instant;

function world() {
  const shelf = scratchRegisters();
  for (const kind of ['purpose', 'recipient', 'pipia']) expect(shelf.add(kind)).toBe('fine');
  const onFile = () => {
    const dataset = { kind: 'aggregates', id: 'battery', title: 'B', purposes: ['warranty'] } as never;
    const recipient = {
      id: 'battery-lab',
      country: 'DE',
      endpoint: '',
      certificateSha256: Buffer.from('ab'.repeat(32), 'hex'),
      purposes: ['warranty'],
    };
    return filedFor(
      { dataset, recipient, purpose: 'warranty', requestedBy: 'alice' },
      {
        at: AT,
        hand: { kinds: ['CAN'], persons: 'unknown' },
        processor: { id: 'maker', name: 'Maker', ciio: 'no' },
        reads: { registers: shelf.registers, documents: shelf.documents },
        own: shelf.registers,
        rules: SHIPPED_RULES,
        over: [],
      },
    ).onFile;
  };
  return { ...shelf, onFile };
}

/** What a verdict says of the impact assessment on file; `permit` where it counts. */
function verdictOf(onFile: FactsInput['onFile'], kinds: FactsInput['dataset']['kinds'] = ['CHARGE', 'CAN']): string {
  const base = factsInput();
  const scope = { recipients: ['battery-lab'], datasets: ['battery'], purposes: ['warranty'] };
  const facts = parsed({
    ...base,
    on: ON,
    legalBasis: 'contract',
    recipient: { ...base.recipient, id: 'battery-lab' },
    purpose: 'warranty',
    dataset: { ...base.dataset, id: 'battery', kinds },
    onFile: [{ ...DOCUMENTS.notice, ...scope }, ...onFile],
  });
  const verdict = decide(facts, SHIPPED_RULES);
  if (verdict.decision === 'permit') return 'permit';
  return verdict.missing
    .flatMap(({ considered }) => considered.flatMap(({ problems }) => problems.map(({ en }) => en)))
    .join('; ');
}

describe('an impact assessment', () => {
  test('counts while nothing it was made about has changed', () => {
    const { onFile } = world();
    expect(onFile()).toMatchObject([{ kind: 'pipia', kinds: ['CHARGE', 'CAN'] }]);
    expect(verdictOf(onFile())).toBe('permit');
  });

  test.each([
    ['the recipient moved', 'recipient', { country: 'US' }, 'recipient `battery-lab`'],
    ['the recipient joined a group', 'recipient', { group: 'big' }, 'recipient `battery-lab`'],
    ['a clause fell away', 'recipient', { clauses: {} }, 'recipient `battery-lab`'],
    ['the purpose was widened', 'purpose', { version: '2', description: 'and to train models' }, 'purpose `warranty`'],
    [
      'the purpose is called otherwise',
      'purpose',
      { title: { zh: '训练模型', en: 'model training' } },
      'purpose `warranty`',
    ],
    ['the purpose needs more', 'purpose', { kinds: ['CHARGE', 'CAN', 'VIN'] }, 'purpose `warranty`'],
  ] as const)('is out of date once %s, and the verdict says so', (_, kind, changes, told) => {
    const { onFile, replace, confirm, add } = world();
    add('processor', { authorities: [person('alice', 'p-1'), person('bob', 'p-2')] });
    expect(replace(kind, changes)).toBe('fine');
    confirm(kind, kind === 'recipient' ? 'battery-lab' : 'warranty', 'bob');
    expect(verdictOf(onFile())).toBe(`changed since it was made: ${told}`);
  });

  test('is not touched by a renewed certificate, one more purpose of the recipient, or a longer purpose', () => {
    const { onFile, replace } = world();
    replace('recipient', { certificateSha256: 'cd'.repeat(32), purposes: ['warranty', 'recall'] });
    replace('purpose', { validUntil: '2029-01-01' });
    expect(verdictOf(onFile())).toBe('permit');
  });

  test('is out of date when what it was made about is withdrawn', () => {
    const { onFile, withdraw } = world();
    withdraw('purpose', 'warranty');
    expect(verdictOf(onFile())).toContain('purpose `warranty`');
  });

  test('does not assess kinds that it does not name', () => {
    const { onFile } = world();
    expect(verdictOf(onFile(), ['CHARGE', 'CAN', 'DTC'])).toBe('does not assess the kinds DTC');
  });

  test('is renewed by a new version, and not by saying the old one again', () => {
    const { onFile, replace } = world();
    replace('purpose', { version: '2' });
    replace('pipia');
    expect(verdictOf(onFile())).toContain('purpose `warranty`');
    replace('pipia', { version: '2' });
    expect(verdictOf(onFile())).toBe('permit');
  });

  test('of before there were stamps is taken at its word', () => {
    const { store, onFile, registers } = world();
    const { body, ...entry } = registers.find('pipia', 'P-1') ?? { body: { id: '' } };
    const { against: _, kinds: __, ...old } = body as Record<string, unknown>;
    store.apply({ ...entry, body: old } as never, 99);
    expect(verdictOf(onFile())).toBe('permit');
  });

  test('is renewed when rules on personal information changed, or one that it names; ours are no law', () => {
    const day = (text: string) => text as CivilDate;
    expect(changedRules(SHIPPED_RULES, day('2021-10-31'), ON, [])).toContain('PIPL-39.notice');
    expect(changedRules(SHIPPED_RULES, day('2026-01-10'), ON, [])).toEqual([]);
    expect(changedRules(SHIPPED_RULES, day('2026-01-10'), ON, ['pipia.kinds', 'no-such-rule'])).toEqual([
      'no-such-rule',
      'pipia.kinds',
    ]);
    const { onFile, add } = world();
    add('pipia', { id: 'P-2', number: 'other', rules: ['no-such-rule'] });
    const second = onFile().filter(({ id }) => id === 'pipia/P-2');
    expect(verdictOf(second)).toBe('changed since it was made: rules `no-such-rule`');
  });

  test('is on the agenda of what is due', () => {
    const { replace, registers } = world();
    const parts = {
      rows: [],
      annual: ANNUAL_REPORTS,
      calendars: [],
      changedIn: changedInBy(registers, SHIPPED_RULES, (id) => (id === 'battery' ? ['CAN', 'DTC'] : undefined)),
    };
    const due = () => agendaOf(registers.list('pipia'), parts, AT).filter(({ rule }) => rule === 'RENEWAL');
    expect(due()).toMatchObject([{ state: 'overdue', title: { en: 'make it anew, since then changed: kinds DTC' } }]);
    replace('purpose', { version: '2' });
    expect(due()).toMatchObject([{ title: { en: 'make it anew, since then changed: purpose warranty, kinds DTC' } }]);
  });
});

function person(account: string, of: string) {
  return { account, person: of, may: ['approve'], since: '2026-01-01' };
}
