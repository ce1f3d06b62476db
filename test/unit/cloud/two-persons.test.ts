import { expect, test } from 'vitest';
import { twoPersons } from '../../../cloud/two-persons.ts';

test('two accounts are two persons where the matrix or the accounts say so, and nobody else', () => {
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
  const areTwo = twoPersons({
    registers: { list: () => [{ isWithdrawn: false, body: { authorities } }] },
    accounts: { find: (name: string) => (persons.has(name) ? { person: persons.get(name) } : undefined) },
  } as never);
  expect(areTwo('bo', 'cai')).toBe(true);
  expect(areTwo('bo', 'auditor')).toBe(true);
  for (const [one, other] of [
    ['bo', 'bo'],
    ['bo', 'bo-2'],
    ['bo', 'nobody'],
    ['nobody', 'bo'],
    ['cai', 'torn'],
  ] as const)
    expect(areTwo(one, other)).toBe(false);
});
