import { readFileSync } from 'node:fs';
import type { AskCloud } from '../../cloud/cli/transfer.command.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { renderFault } from '../../proto/words/fault.ts';
import { processSurroundings } from '../role-process.ts';
import { askCloud } from '../up/request.ts';

/** Flag of commands by which a person gives their word (docs/accounts.md). */
export const KEY_FLAG = ['--key <file>', 'your key, by which the authority matrix knows you'] as const;

const USAGE = 2;

/** Runs a command that asks the cloud, signing what it says where a key was given. */
export async function asPerson(
  role: string,
  { key, lang }: { readonly key?: string; readonly lang?: string },
  use: (io: RoleSurroundings & { readonly ask: AskCloud }) => number | Promise<number>,
): Promise<number> {
  const io = processSurroundings(role);
  if (key === undefined) return use({ ...io, ask: askCloud });
  const { readPersonKey, signedAsk } = await import('../../cloud/cli/signed-ask.ts');
  const read = readPersonKey(() => readFileSync(key, 'utf8'));
  if (read.ok) return use({ ...io, ask: signedAsk(askCloud, read.value, io.clock) });
  io.err(renderFault(role, read.fault, lang === 'zh' ? 'zh' : 'en'));
  return USAGE;
}
