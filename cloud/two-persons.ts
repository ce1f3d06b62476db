import type { CloudStores } from './open-stores.ts';
import { standingAuthorities } from './registers/authority.ts';

/**
 * Whether two accounts are surely two persons, by the authority matrix and the accounts of the console. An account that neither names, or of
 * which they name different persons, could be anybody's.
 */
export function twoPersons({
  registers,
  accounts,
}: Pick<CloudStores, 'registers' | 'accounts'>): (one: string, other: string) => boolean {
  const personOf = (account: string): string | undefined => {
    const rows = standingAuthorities(registers.list('processor')).filter((row) => row.account === account);
    const named = [...rows, accounts.find(account)].flatMap((one) => (one === undefined ? [] : [one.person]));
    // Two spellings of one name are no second person.
    const [person, another] = new Set(named.map((one) => one.toLowerCase()));
    return another === undefined ? person : undefined;
  };
  return (one, other) => {
    const [a, b] = [personOf(one), personOf(other)];
    return a !== undefined && b !== undefined && a !== b;
  };
}
