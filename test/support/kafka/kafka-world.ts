import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileZoneKeys } from '../../../cloud/adapters/file-zone-keys.ts';
import {
  initialiseRecordLog,
  type OpenRecordLog,
  openClassifier,
  openIntake,
  openRecordLog,
  openTakeIn,
} from '../../../cloud/composition/open-record-log.ts';
import type { CloudStores } from '../../../cloud/composition/open-stores.ts';
import type { KafkaConfig } from '../../../cloud/config/record-log-config.ts';
import type { Receive } from '../../../cloud/ingest/verify-ahead.ts';
import type { GroupMember, LogReader } from '../../../cloud/ports/record-log.ts';
import type { Fault } from '../../../proto/words/fault.ts';
import { NOW } from '../cloud/batches.ts';
import type { TestDevice } from '../cloud/devices.ts';

export interface KafkaWorld {
  readonly log: OpenRecordLog;
  readonly faults: string[];
  readonly send: (device: TestDevice, payload: Uint8Array) => Promise<Fault | undefined>;
  /** The same, for who says what is known of the signature. */
  readonly receive: Receive;
  readonly join: () => Promise<GroupMember>;
  readonly takeIn: (stores: CloudStores) => Promise<LogReader>;
  readonly close: () => Promise<void>;
}

const around = (faults: string[]) => ({
  clock: { now: () => NOW },
  fault: ({ code }: Fault) => void faults.push(code),
});

export function testKafkaConfig(address: string, change: Partial<KafkaConfig> = {}): KafkaConfig {
  return {
    kind: 'kafka',
    brokers: [address],
    security: { kind: 'insecure-plaintext' },
    prefix: 'test',
    keys: 'transit',
    partitions: 3,
    replication: 1,
    zones: {},
    domesticRanges: [],
    ...change,
  };
}

export function unwrapped<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: unknown },
): T {
  if (!result.ok) throw new Error(JSON.stringify(result.fault));
  return result.value;
}

/** Ingress, workers and take-in of one installation, in this process. @param directory - that of the stores, whose keys it uses */
export async function kafkaWorld(
  directory: string,
  config: KafkaConfig,
  register: Pick<CloudStores['register'], 'find'>,
): Promise<KafkaWorld> {
  const faults: string[] = [];
  mkdirSync(directory, { recursive: true });
  const log = unwrapped(openRecordLog(config, (relative) => join(directory, relative)));
  unwrapped(await initialiseRecordLog(log));
  const surroundings = around(faults);
  const intake = unwrapped(await openIntake(log, { ...surroundings, onDurable: () => undefined }));
  const zoneKeys = fileZoneKeys(join(directory, 'keys'), []);
  const opened: { readonly stop: () => Promise<void> }[] = [];
  return {
    log,
    faults,
    receive: intake.receive,
    send: (device, payload) => new Promise((resolve) => intake.receive(device.registered, payload, resolve)),
    join: async () => {
      const member = unwrapped(await openClassifier(log, { register, zoneKeys, sessionMs: 6_000 }, surroundings));
      opened.push(member);
      return member;
    },
    takeIn: async (stores) => {
      const reader = await openTakeIn(
        log,
        { stores, onRefused: () => undefined, onForged: (topic) => faults.push(`forged ${topic}`) },
        (cause) => faults.push(String(cause)),
      );
      opened.push(reader);
      return reader;
    },
    close: async () => {
      for (const one of opened) await one.stop();
      await intake.close();
    },
  };
}

const SETTLED_MS_MAX = 60_000;
const LOOK_EVERY_MS = 50;

/** Waits until the books have so many frames, admitted or refused. */
export async function settled(stores: CloudStores, frames: number): Promise<void> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const { framesAdmitted, framesQuarantined } = stores.ledger.totals();
    const inZones = Object.values(stores.zones).reduce((sum, zone) => sum + zone.count(), 0);
    if (framesAdmitted + framesQuarantined >= frames && inZones >= framesAdmitted) return;
    if (waited > SETTLED_MS_MAX)
      throw new Error(`${framesAdmitted} admitted, ${framesQuarantined} refused, ${inZones} in zones, of ${frames}`);
    await after(LOOK_EVERY_MS);
  }
}
