import type { Account, Hand } from '../ports/account-store.ts';
import type { Role } from './role.ts';

/** What may be told of an account: no hash, no seed. */
export interface ShownAccount {
  readonly name: string;
  readonly person: string;
  readonly roles: readonly Role[];
  readonly state: 'active' | 'invited' | 'disabled';
  readonly secondFactor: boolean;
  readonly recoveryCodes: number;
  readonly subject?: string;
  /** Persons who answer for its new credentials, while more are wanted. */
  readonly hands?: readonly Hand[];
}

export function shownAccount({ name, person, roles, isDisabled, subject, hands, ...rest }: Account): ShownAccount {
  const isOpen = rest.passwordHash !== undefined || subject !== undefined;
  const state = isDisabled ? 'disabled' : isOpen ? 'active' : 'invited';
  const factor = { secondFactor: rest.seed !== undefined, recoveryCodes: rest.recovery.length };
  return { name, person, roles, state, ...factor, ...(subject !== undefined && { subject }), ...(hands && { hands }) };
}
