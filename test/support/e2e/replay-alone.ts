import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../../../bin/up/layout.ts';
import { sqliteLedger } from '../../../cloud/adapters/sqlite-ledger.ts';
import { judgeParts } from '../../../cloud/composition/open-ingest.ts';
import { openZone, type ZonePlaces } from '../../../cloud/composition/open-zone.ts';
import { CloudConfig } from '../../../cloud/config/config.ts';
import { createGateway } from '../../../cloud/gateway.ts';
import { createPictureSample } from '../../../cloud/ingest/picture-sample.ts';
import { createTrustKeeper } from '../../../cloud/ingest/trust-keeper.ts';
import type { Ledger } from '../../../cloud/ports/ledger.ts';
import type { ZoneRecord } from '../../../cloud/ports/zone-store.ts';
import type { RawRecord } from '../../../cloud/record-log/raw-record.ts';
import { DEVICE_REGISTER_FILE, LEDGER_FILE, POLICIES_FILE } from '../../../cloud/store-names.ts';
import { readConfig } from '../../../proto/config/read-config.ts';
import { NOW } from '../cloud/batches.ts';
import { CUSTODIAN } from '../cloud/custodian.ts';
import { openStores } from '../cloud/open-stores.ts';
import { unwrapped } from '../kafka/kafka-world.ts';

/** What an installation came to: zones by the key of each record, and the ledger. */
export interface CameTo {
  /** Of every zone, in order: `zone device/epoch/sequence content`. */
  readonly contents: readonly string[];
  /** Records that lost their sender on the way to the general zone. */
  readonly nameless: number;
  readonly totals: ReturnType<Ledger['totals']>;
  /** Running aggregates of each vehicle. */
  readonly vehicles: readonly object[];
}

const ZONES = ['general', 'personal', 'geographic', 'important'] as const;

/** @param layout - of an installation that has stopped, with its ledger as a file */
export const cameTo = (layout: Layout): CameTo =>
  readOf({ stores: layout.cloud('stores'), vaults: layout.cloud('vaults'), keys: layout.cloud('keys') });

/**
 * What one machine makes of the very payloads, each at the moment it came: stores of files, no record log, no database.
 *
 * @param exported - policies that vehicles were told, as files
 * @param directory - it is made
 */
export function replayAlone(
  layout: Layout,
  exported: string,
  payloads: readonly RawRecord[],
  directory: string,
): CameTo {
  mkdirSync(directory);
  copyFileSync(layout.cloud(join('stores', DEVICE_REGISTER_FILE)), join(directory, DEVICE_REGISTER_FILE));
  copyFileSync(join(exported, POLICIES_FILE), join(directory, POLICIES_FILE));
  const loaded = unwrapped(readConfig(CloudConfig, layout.config('cloud.yaml'), 'cloud', {}));
  const stores = openStores(directory, []);
  let now = NOW;
  const clock = { now: () => now };
  const pictures = createPictureSample({ detectors: [], samplingRate: 0, key: new Uint8Array(32) });
  const gateway = createGateway({
    ...judgeParts(loaded, { stores, pictures, trust: createTrustKeeper(stores.register, clock) }),
    ...{ stores, clock, onDurable: () => undefined, onAlert: () => undefined },
    onFault: ({ problem }) => {
      throw new Error(problem.en);
    },
  });
  for (const { device, receivedAt, payload } of payloads) {
    now = receivedAt;
    const registered = stores.register.find(device);
    if (registered === undefined) throw new Error(`${device} is not in the register`);
    gateway.receive(registered, payload, () => undefined);
    gateway.flush();
  }
  stores.close();
  return readOf({ stores: directory, vaults: join(directory, 'keys'), keys: join(directory, 'keys') });
}

function readOf(places: ZonePlaces): CameTo {
  const records = ZONES.flatMap((zone) => {
    const opened = unwrapped(openZone(zone, places, CUSTODIAN, { now: () => NOW }));
    try {
      return [...(opened.records() as Iterable<ZoneRecord>)].map((record) => ({ zone, ...record }));
    } finally {
      opened.close();
    }
  });
  const named = records.filter(({ key }) => key.deviceNumber > 0);
  const ledger = sqliteLedger(join(places.stores, LEDGER_FILE));
  try {
    const rows = ledger.aggregates.load();
    const vehicles = [...rows.vehicles];
    // The parts of it are read one after the other.
    for (const _ of [...rows.years, ...rows.flows]);
    return {
      contents: named
        .map(({ zone, key, content }) => `${zone} ${key.deviceNumber}/${key.epoch}/${key.sequence} ${textOf(content)}`)
        .sort(),
      nameless: records.length - named.length,
      totals: ledger.totals(),
      vehicles,
    };
  } finally {
    ledger.close();
  }
}

const textOf = (content: object): string => JSON.stringify(content);
