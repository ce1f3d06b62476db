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
  /** Persons who answer for new credentials, while more are wanted. */
  readonly hands?: readonly { readonly account: string; readonly person: string }[];
}

/** An account that waits for somebody to answer for it, as one of the authority matrix sees it. */
export interface WaitingAccount {
  readonly name: string;
  readonly person: string;
  readonly hands: readonly { readonly account: string; readonly person: string }[];
  readonly mayAnswer: boolean;
}

/** What making or resetting an account gives: the link is good once, and told once. */
export interface InvitedAccount {
  readonly account: ShownAccount;
  readonly link: string;
}
