import type { AuthorityRow } from '../ports/transfer-register.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import type { Matrix } from './four-eyes.ts';

/** The authority matrix of a profile that stands, without a change that waits for a second person. */
export function matrixOf(profile: RegisterEntry | undefined): Matrix {
  return profile === undefined || profile.isWithdrawn
    ? undefined
    : ((profile.pending?.standing ?? profile.body)['authorities'] as AuthorityRow[]);
}
