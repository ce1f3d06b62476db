import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, renderFault } from '../../proto/words/fault.ts';
import { unsealParcel } from '../sealing/unseal-parcel.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface UnsealArgs {
  readonly parcel: string;
  readonly out: string;
  /** The recipient's private key, or the one for inspectors. */
  readonly key: string;
  /** The sender's Ed25519 public key. */
  readonly sender: string;
  readonly json: boolean;
}

/**
 * `tongguan unseal --parcel DIR --key FILE --sender FILE --out DIR [--json]`: opens a sealed parcel, whole or not at all.
 *
 * @returns 0 opened, 1 not genuine or not for this key, 2 a key that cannot be read
 */
export async function unsealCommand(
  { parcel, out, key, sender, json }: UnsealArgs,
  io: Pick<RoleSurroundings, 'out' | 'err'>,
): Promise<ExitStatus> {
  const keys = readKeys(key, sender);
  if ('cause' in keys) {
    const problem = bilingual(`a key cannot be read: ${keys.cause}`, `无法读取密钥：${keys.cause}`);
    const remedy = bilingual('check --key and --sender', '请检查 --key 与 --sender');
    io.err(renderFault('unseal', { code: 'KEY_FILE_UNREADABLE', problem, remedy, retry: 'after-remedy' }));
    return EXIT.usage;
  }
  const opened = await unsealParcel({ parcel, out, ...keys });
  if (!opened.ok) {
    io.err(renderFault('unseal', opened.fault));
    return EXIT.fault;
  }
  const { transferId, recipientId, profile, files, manifestSha256 } = opened.value;
  const told = {
    transferId,
    recipientId,
    profile,
    manifestSha256,
    files: files.map(({ name, bytes }) => ({ name, bytes })),
  };
  io.out(json ? JSON.stringify(told) : `${transferId}: ${files.length} files, ${profile}`);
  return EXIT.done;
}

function readKeys(key: string, sender: string) {
  try {
    return { key: readFileSync(key, 'utf8'), senderKey: createPublicKey(readFileSync(sender)) };
  } catch (cause) {
    return { cause: causeText(cause) };
  }
}
