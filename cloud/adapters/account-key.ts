import { createPublicKey, diffieHellman } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretBox } from '../ports/credentials.ts';
import { openSealed, sealTo } from '../zones/envelope.ts';
import { readPrivate, writeKeyPair } from './file-zone-keys.ts';

const PRIVATE = 'accounts.key';
const PUBLIC = 'accounts.pub';

/**
 * Seals seeds of one-time codes to a pair of their own among the keys of the zones, which no backup holds. It is made where there
 * is none.
 *
 * @throws Error when the private half can be read by others or cannot be made
 */
export function accountKey(directory: string): SecretBox {
  const file = join(directory, PRIVATE);
  if (!existsSync(file)) writeKeyPair(file, join(directory, PUBLIC));
  const privateKey = readPrivate(file, 'accounts');
  const publicKey = createPublicKey(privateKey);
  const context = (of: string) => `tongguan.v1.account-seed\0${of}`;
  return {
    seal: (of, secret) => sealTo(publicKey, context(of), secret),
    open: (of, sealed) =>
      openSealed((theirs) => diffieHellman({ privateKey, publicKey: theirs }), publicKey, context(of), sealed),
  };
}
