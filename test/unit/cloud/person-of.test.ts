import { expect, test } from 'vitest';
import { personOf } from '../../../cloud/person-of.ts';

test('an account is the person whom the matrix and the accounts name, and nobody where they name none, or two', () => {
  const authorities = [
    { account: 'bo', person: 'p-1' },
    { account: 'bo-2', person: 'P-1' },
    { account: 'cai', person: 'p-2' },
    { account: 'torn', person: 'p-3' },
  ];
  const persons = new Map([
    ['auditor', 'p-9'],
    ['torn', 'p-4'],
  ]);
  const who = personOf({
    registers: { list: () => [{ isWithdrawn: false, body: { authorities } }] },
    accounts: { find: (name: string) => (persons.has(name) ? { person: persons.get(name) } : undefined) },
  } as never);
  expect(['bo', 'bo-2', 'cai', 'auditor', 'torn', 'nobody'].map(who)).toEqual([
    ...['p-1', 'p-1', 'p-2', 'p-9'],
    ...[undefined, undefined],
  ]);
});
