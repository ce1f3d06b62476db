import { join } from 'node:path';
import type { Zone } from '../../proto/words/data-class.ts';
import { assert } from '../../proto/words/result.ts';
import { serializeDatabase } from '../adapters/copy-database.ts';

/** A vault is sealed in memory, so that its copy lies nowhere unsealed. */
export const VAULT_BYTES_MAX = 1_073_741_824;

/** The key vault of a zone as its file would be, at one moment. */
export function vaultBytes(vaults: string, zone: Zone): Uint8Array {
  const bytes = serializeDatabase(join(vaults, `vault-${zone}.sqlite`));
  assert(bytes.length <= VAULT_BYTES_MAX, 'a key vault is small enough to be sealed in memory');
  return bytes;
}
