import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileZoneKeys, makeZoneKeys } from '../../../cloud/adapters/file-zone-keys.ts';
import { sqliteKeyVault } from '../../../cloud/adapters/sqlite-key-vault.ts';
import { sqliteQuarantine } from '../../../cloud/adapters/sqlite-quarantine.ts';
import { sqliteZoneStore } from '../../../cloud/adapters/sqlite-zone-store.ts';
import type { KeyVault } from '../../../cloud/ports/key-vault.ts';
import type { QuarantinedPayload, ZoneRecord, ZoneStore } from '../../../cloud/ports/zone-store.ts';
import { vaultFile, zoneFile } from '../../../cloud/store-names.ts';
import { createDataKeys, type DataKeys } from '../../../cloud/zones/data-keys.ts';
import { publicKeyDigest } from '../../../cloud/zones/envelope.ts';
import type { Zone } from '../../../proto/words/data-class.ts';
import type { Clock } from '../../../proto/words/time.ts';
import { NOW } from './batches.ts';

export interface TestKeys {
  readonly keys: DataKeys;
  readonly vault: KeyVault;
}

/** Data keys of one zone as `openStores` lays them out, with its key below the directory, made when it is not there. */
export function testKeys(
  directory: string,
  zone: Zone,
  clock: Clock = { now: () => NOW },
  isReadable = true,
): TestKeys {
  const place = join(directory, 'keys');
  makeZoneKeys(place);
  const keys = fileZoneKeys(place, isReadable ? [zone] : []);
  const digest = publicKeyDigest(keys.publicKey(zone));
  const vault = sqliteKeyVault(join(place, vaultFile(zone)), { zone, publicKeyDigest: digest });
  return { vault, keys: createDataKeys({ zone, vault, keys, isReadable, clock, random: randomBytes }) };
}

export interface TestZone extends ZoneStore {
  readonly vault: KeyVault;
}

/** One zone to write and to read. Closing it closes its vault. */
export function testZone(directory: string, zone: Exclude<Zone, 'quarantine'>, clock?: Clock): TestZone {
  const { keys, vault } = testKeys(directory, zone, clock);
  const store = sqliteZoneStore(join(directory, zoneFile(zone)), { zone, keys });
  return { ...store, vault, close: () => closeBoth(store, vault) };
}

/** Whatever a zone's file holds, by connections of its own. */
export function openZone(
  directory: string,
  zone: Zone,
): {
  readonly records: () => Iterable<ZoneRecord>;
  readonly payloads: () => Iterable<QuarantinedPayload>;
  readonly close: () => void;
} {
  if (zone !== 'quarantine') return { ...testZone(directory, zone), payloads: () => [] };
  const { keys, vault } = testKeys(directory, zone);
  const store = sqliteQuarantine(join(directory, zoneFile(zone)), { keys });
  return { records: () => [], payloads: store.payloads, close: () => closeBoth(store, vault) };
}

function closeBoth(...both: readonly { readonly close: () => void }[]): void {
  for (const one of both) one.close();
}
