import { describe, expect, test } from 'vitest';
import { onFileEntries } from '../../../../cloud/registers/on-file-entries.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';
import { DOCUMENTS, factsInput, parsed } from '../../../support/transfer-facts.ts';

const SCOPE = { recipients: ['battery-lab'], datasets: ['battery'], purposes: ['warranty'] };
const granted = {
  appliedOn: '2028-12-15',
  state: 'granted',
  until: '2032-03-01',
  growthPercent: { persons: 20, importantBytes: 20 },
  isUnchanged: 'yes',
};

/** Under which mechanism a transfer of important data goes out that rests on the assessments of the registers. */
function outcomeOf(
  shelf: ReturnType<typeof scratchRegisters>,
  { on = '2026-11-25', bytes }: { on?: string; bytes?: number } = {},
) {
  const base = factsInput();
  const counts = { ...base.counts, year: Number(on.slice(0, 4)) };
  const dataset = {
    ...base.dataset,
    id: 'battery',
    important: 'present' as const,
    ...(bytes === undefined ? {} : { bytes }),
  };
  const onFile = [DOCUMENTS.notice, DOCUMENTS.pipia].map((one) => ({ ...one, ...SCOPE, validUntil: '2035-01-01' }));
  const facts = parsed({
    ...base,
    ...{ on, counts, dataset, legalBasis: 'contract', purpose: 'warranty' },
    recipient: { ...base.recipient, id: 'battery-lab' },
    onFile: [...onFile, ...onFileEntries(shelf.registers, shelf.documents)],
  });
  const verdict = decide(facts, SHIPPED_RULES);
  return verdict.decision === 'permit' ? verdict.under : 'withhold';
}

const assessed = (changes: object = {}) => {
  const shelf = scratchRegisters();
  expect(shelf.add('assessment', changes)).toBe('fine');
  return shelf;
};

describe('a security assessment', () => {
  const volume = { bytesMax: 1_000, bytesBefore: 400 };

  test.each([
    ['as many persons as were approved', { scale: { personsMax: 5_000, personsBefore: 0 } }, {}, 'security-assessment'],
    ['one person more', { scale: { personsMax: 5_000, personsBefore: 1 } }, {}, 'withhold'],
    ['as many bytes as were approved', { volume }, { bytes: 600 }, 'security-assessment'],
    ['one byte more', { volume }, { bytes: 601 }, 'withhold'],
    ['bytes that nobody knows', { volume }, {}, 'withhold'],
    ['no volume named', {}, {}, 'security-assessment'],
    ['its last day', {}, { on: '2029-02-28' }, 'security-assessment'],
    ['the day after', {}, { on: '2029-03-01' }, 'withhold'],
    [
      'an extension that was asked for, the day after',
      { extension: { appliedOn: '2028-12-15', state: 'applied' } },
      { on: '2029-03-01' },
      'withhold',
    ],
    [
      'an extension that was refused, the day after',
      { extension: { appliedOn: '2028-12-15', state: 'refused' } },
      { on: '2029-03-01' },
      'withhold',
    ],
    [
      'an extension that was granted, the day after',
      { extension: granted },
      { on: '2029-03-01' },
      'security-assessment',
    ],
    ['the last day of the extension', { extension: granted }, { on: '2032-02-29' }, 'security-assessment'],
    ['the day after that', { extension: granted }, { on: '2032-03-01' }, 'withhold'],
  ])('%s', (_, changes, of, expected) => {
    const validFrom = '2026-03-01';
    expect(outcomeOf(assessed({ validFrom, ...changes }), of)).toBe(expected);
  });

  test.each([
    ['asked for on the day of its end', { appliedOn: '2029-03-01' }],
    ['of more than three years', { until: '2032-03-02' }],
    ['without an end', { until: undefined }],
    ['with persons grown by more than 20 %', { growthPercent: { persons: 20.1, importantBytes: 0 } }],
    ['with important data grown by more than 20 %', { growthPercent: { persons: 0, importantBytes: 21 } }],
    ['of which nobody told the growth', { growthPercent: undefined }],
    ['with other parties', { isUnchanged: 'no' }],
    ['of which nobody knows whether something changed', { isUnchanged: 'unknown' }],
  ])('is not extended %s', (_, changes) => {
    expect(scratchRegisters().add('assessment', { extension: { ...granted, ...changes } })).toBe('REGISTER_OBJECTION');
  });

  test('with a document that changed after it was attached counts no longer', () => {
    const shelf = assessed();
    shelf.attach('assessment', 'A-1', 'ab'.repeat(32));
    expect(outcomeOf(shelf)).toBe('security-assessment');
    shelf.states.set('ab'.repeat(32), 'changed');
    expect(outcomeOf(shelf)).toBe('withhold');
  });
});

test.each([
  ['contract', { id: 'K-2', number: 'no. K-1' }],
  ['contract', { id: 'K-2', number: ' NO.k-1' }],
  ['contract', { id: 'K-2', number: 'ｎｏ. Ｋ-1' }],
  ['contract', { id: 'K-2', number: 'b', filing: { state: 'filed', on: '2026-03-05', number: 'F 1' } }],
  [
    'ftz-list',
    {
      id: 'Z-2',
      filings: [
        {
          ...SCOPE,
          scenario: 's',
          receipt: { number: 'z-1', at: '2026-11-24T09:00:00+08:00', authority: 'A' },
          validUntil: '2027-01-01',
        },
      ],
    },
  ],
  [
    'incident',
    {
      id: 'I-2',
      reports: [{ to: 'miit', receipt: { number: 'M-1', at: '2026-11-24T09:00:00+08:00', authority: 'A' } }],
    },
  ],
])('a number that another %s has is refused, however it is written', (kind, changes) => {
  const { add } = scratchRegisters();
  add('pipia');
  const receipt = { number: 'Z-1', at: '2026-11-24T09:00:00+08:00', authority: 'A' };
  const first = {
    contract: { filing: { state: 'filed', on: '2026-03-05', number: 'F1' } },
    'ftz-list': { filings: [{ ...SCOPE, scenario: 's', receipt, validUntil: '2027-01-01' }] },
    incident: { reports: [{ to: 'miit', receipt: { ...receipt, number: 'm-1' } }] },
  }[kind];
  expect(add(kind, first)).toBe('fine');
  expect(add(kind, changes)).toBe('REGISTER_OBJECTION');
});
