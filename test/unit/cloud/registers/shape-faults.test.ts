import { expect, test } from 'vitest';
import { weighChange } from '../../../../cloud/registers/change.ts';
import { BODIES, entryOf, NEEDED, registersOf } from '../../../support/cloud/registers/entries.ts';

/** What is said of a contract with these keys, in both languages. */
function said(changes: Readonly<Record<string, unknown>>, language: 'en' | 'zh', without: readonly string[] = []) {
  const body = Object.fromEntries(
    Object.entries({ ...BODIES['contract'], ...changes }).filter(([key]) => !without.includes(key)),
  );
  const weighed = weighChange({ act: 'add', kind: 'contract', body }, 'alice', registersOf(...NEEDED));
  return weighed.ok ? [] : weighed.fault.map(({ problem }) => problem[language]);
}

test.each([
  [{ validUntil: '2027-02-30' }, '`validUntil` is not valid: expected an existing day, `YYYY-MM-DD`'],
  [{ number: 7 }, '`number` is not valid: expected string'],
  [{ recipients: 'lab' }, '`recipients` is not valid: expected array'],
  [{ unmodifiedTemplate: false }, '`unmodifiedTemplate` is not valid: expected one of `true`'],
  [{ filing: { state: 'filed', number: 'F-1' } }, '`filing.on` is missing'],
  [
    { filing: { state: 'soon' } },
    '`filing.state` is not valid: expected one of `filed`, `not-filed`, `refused`, `unknown`',
  ],
  [{ color: 'red' }, '`color` is no key of this register'],
])('%j: %s', (changes, problem) => {
  expect(said(changes, 'en')).toEqual([problem]);
});

test('a key that is not there is missing, in Chinese too, and what is wrong is told in Chinese', () => {
  expect(said({}, 'en', ['pipia', 'filing'])).toEqual(['`pipia` is missing', '`filing` is missing']);
  expect(said({}, 'zh', ['pipia'])).toEqual(['缺少 `pipia`']);
  expect(said({ validUntil: 'soon', number: 7, color: 'red' }, 'zh')).toEqual([
    '`number` 无效：类型应为 string',
    '`validUntil` 无效：格式不符（expected an existing day, `YYYY-MM-DD`）',
    '`color` 不是该登记的字段',
  ]);
});

test('of a number that is taken, the entry that has it is named', () => {
  const body = { ...BODIES['contract'], id: 'K-2' };
  const registers = registersOf(...NEEDED.filter(({ kind }) => kind !== 'contract'), entryOf('contract'));
  const weighed = weighChange({ act: 'add', kind: 'contract', body }, 'alice', registers);
  expect(weighed.ok ? [] : weighed.fault.map(({ problem }) => problem.en)).toEqual([
    '`number` is that of `contract/K-1` already',
  ]);
});
