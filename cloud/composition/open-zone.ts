import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Zone } from '../../proto/words/data-class.ts';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { fileZoneKeys } from '../adapters/file-zone-keys.ts';
import { sqliteKeyVault } from '../adapters/sqlite-key-vault.ts';
import { sqliteQuarantine } from '../adapters/sqlite-quarantine.ts';
import { sqliteZoneStore } from '../adapters/sqlite-zone-store.ts';
import type { QuarantinedPayload, ZoneReader, ZoneRecord, ZoneWriter } from '../ports/zone-store.ts';
import { vaultFile, zoneFile } from '../store-names.ts';
import { type Custodian, custodianOn, type ZoneFault } from '../zones/custodian.ts';
import { createDataKeys } from '../zones/data-keys.ts';
import { publicKeyDigest } from '../zones/envelope.ts';

export interface ZonePlaces {
  readonly stores: string;
  readonly vaults: string;
  readonly keys: string;
}

/** One zone, open to be read beside the cloud that writes it. */
export interface OpenZone {
  /** Who may read geographic data, where it is that zone. */
  readonly custodian: Custodian | undefined;
  readonly records: () => Iterable<ZoneRecord | QuarantinedPayload>;
  readonly close: () => void;
}

/**
 * Opens one zone for a process that is not the cloud: the account that runs it can read the key of this zone and of no other.
 *
 * Faults: CUSTODIAN_MISSING, CUSTODIAN_LAPSED, ZONE_UNREADABLE.
 */
export function openZone(
  zone: Zone,
  places: ZonePlaces,
  custodian: Custodian | undefined,
  clock: Clock,
): Result<OpenZone, ZoneFault | Fault<'ZONE_UNREADABLE'>> {
  const attested = zone === 'geographic' ? custodianOn(custodian, clock) : ok(undefined);
  if (!attested.ok) return attested;
  try {
    if (zone === 'quarantine') {
      const { file, dataKeys, close } = readingKeys(zone, places, clock);
      const store = sqliteQuarantine(file, { keys: dataKeys, readonly: true });
      return ok({ custodian: undefined, records: store.payloads, close: close(store) });
    }
    const { reader, close } = openReader(zone, places, clock);
    return ok({ custodian: attested.value, records: reader.records, close });
  } catch (cause) {
    return fail(zoneUnreadable(zone, causeText(cause)));
  }
}

/**
 * The records of one zone, to read beside who writes them. Whether they may be read is decided before.
 *
 * @throws Error when a key, the vault or the zone cannot be opened
 */
export function openReader(
  zone: Exclude<Zone, 'quarantine'>,
  places: ZonePlaces,
  clock: Clock,
): { readonly reader: ZoneReader & Pick<ZoneWriter, 'count'>; readonly close: () => void } {
  const { file, dataKeys, close } = readingKeys(zone, places, clock);
  const store = sqliteZoneStore(file, { zone, keys: dataKeys, readonly: true });
  return { reader: store, close: close(store) };
}

function readingKeys(zone: Zone, places: ZonePlaces, clock: Clock) {
  const keys = fileZoneKeys(places.keys, [zone]);
  const owner = { zone, publicKeyDigest: publicKeyDigest(keys.publicKey(zone)) };
  const vault = sqliteKeyVault(join(places.vaults, vaultFile(zone)), owner, true);
  return {
    file: join(places.stores, zoneFile(zone)),
    dataKeys: createDataKeys({ zone, vault, keys, isReadable: true, clock, random: randomBytes }),
    close: (store: { readonly close: () => void }) => () => {
      store.close();
      vault.close();
    },
  };
}

function zoneUnreadable(zone: Zone, cause: string): Fault<'ZONE_UNREADABLE'> {
  return {
    code: 'ZONE_UNREADABLE',
    problem: bilingual(`zone ${zone} cannot be read: ${cause}`, `无法读取分区 ${zone}：${cause}`),
    remedy: bilingual(
      'run it under the account of the role that owns the key of this zone (docs/zones.md)',
      '请使用拥有该分区密钥的角色账户运行（docs/zones.md）',
    ),
    retry: 'after-remedy',
  };
}
