import type { Role } from './answers.ts';

/** An account as administrators see it: no hash, no seed. */
export interface ShownAccount {
  readonly name: string;
  readonly person: string;
  readonly roles: readonly Role[];
  readonly state: 'active' | 'invited' | 'disabled';
  readonly secondFactor: boolean;
  readonly recoveryCodes: number;
  /** `sub` at the identity provider. */
  readonly subject?: string;
}

/** What making or resetting an account gives: the link is good once, and told once. */
export interface InvitedAccount {
  readonly account: ShownAccount;
  readonly link: string;
}
