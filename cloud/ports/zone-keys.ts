import type { KeyObject } from 'node:crypto';
import type { Zone } from '../../proto/words/data-class.ts';

/**
 * The zones' key-encryption keys: an X25519 pair each. Files today; a PKCS#11 token or a key management service has the
 * same two calls, and its private half need not leave it.
 */
export interface ZoneKeys {
  /** Whoever has it can write the zone and not read it. */
  publicKey(zone: Zone): KeyObject;
  /** X25519 of the zone's private half with another's public one; undefined where this process may not read the zone. */
  agree(zone: Zone, theirs: KeyObject): Uint8Array | undefined;
}
