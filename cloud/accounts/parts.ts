import type { Clock } from '../../proto/words/time.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { OneTimeCodes, Passwords, SecretBox } from '../ports/credentials.ts';
import type { AuthorityRow } from '../ports/transfer-register.ts';
import type { Principal } from '../registers/kinds/principals.ts';

/** What accounts rest on. */
export interface AccountParts {
  readonly store: AccountStore;
  readonly passwords: Passwords;
  readonly codes: OneTimeCodes;
  readonly box: SecretBox;
  readonly clock: Clock;
  /** Random bytes as lower-case hexadecimal. */
  readonly draw: (bytes: number) => string;
  readonly operations: AppendOnly;
  readonly alert: (document: Readonly<Record<string, unknown>>) => void;
  /** The one entry of an account that stands today, of a person at home. */
  readonly principalOf: (account: string) => Principal | undefined;
  /** Rows of every profile that stands: whose word counts beside another person's. */
  readonly matrix: () => readonly AuthorityRow[];
  /** Whether an account without one can do no more than set one up. */
  readonly secondFactor: 'required' | 'offered';
}
