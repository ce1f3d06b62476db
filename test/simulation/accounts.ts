import type { OpenLog } from '../../cloud/log/open-log.ts';
import type { AuthorityRow } from '../../cloud/ports/transfer-register.ts';

/** Who sits behind an account, whatever the register says. */
export const TRUTH: Readonly<Record<string, string>> = {
  'zhang-1': 'zhang',
  'zhang-2': 'zhang',
  'li-1': 'li',
  'wang-1': 'wang',
  'zhao-1': 'zhao',
};
export const ACCOUNTS = Object.keys(TRUTH);

export const row = (account: string, person: string): AuthorityRow => ({
  account,
  person,
  may: ['request', 'approve', 'resume'],
  since: '2026-01-01',
});

export const TRUTHFUL: readonly AuthorityRow[] = ACCOUNTS.map((account) => row(account, TRUTH[account] ?? ''));

/** As the registers are: what the log says last stands, whether or not anybody was told. */
export function matrixIn(log: OpenLog): readonly AuthorityRow[] | undefined {
  const last = [...log.entriesOfKind('register', 0)].at(-1)?.leaf.document;
  return last === undefined ? undefined : JSON.parse(Buffer.from(last).toString('utf8')).after.body.authorities;
}
