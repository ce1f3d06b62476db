import type { CloudStores } from './composition/open-stores.ts';
import { standingAuthorities } from './registers/authority.ts';

/** Whose account one is; undefined where nobody knows. */
export type PersonOf = (account: string) => string | undefined;

/** The person behind an account, by the authority matrix and the accounts of the console: nobody whom neither names, or of whom they name different ones. */
export function personOf({ registers, accounts }: Pick<CloudStores, 'registers' | 'accounts'>): PersonOf {
  return (account) => {
    const rows = standingAuthorities(registers.list('processor')).filter((row) => row.account === account);
    const named = [...rows, accounts.find(account)].flatMap((one) => (one === undefined ? [] : [one.person]));
    // Two spellings of one name are no second person.
    const [person, another] = new Set(named.map((one) => one.toLowerCase()));
    return another === undefined ? person : undefined;
  };
}
