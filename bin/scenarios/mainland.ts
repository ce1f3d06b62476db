import type { KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeBackupKey } from '../../cloud/adapters/backup-key.ts';
import { makeZoneKeys } from '../../cloud/adapters/file-zone-keys.ts';
import { type CloudStores, openStores } from '../../cloud/composition/open-stores.ts';
import { createGateway, type GatewayParts } from '../../cloud/gateway.ts';
import type { RejectionCode } from '../../cloud/ingest/rejections.ts';
import { createSensorRates } from '../../cloud/ingest/sensor-rates.ts';
import type { GroupAcknowledgement } from '../../cloud/ingest/sort-out.ts';
import { createTrustKeeper } from '../../cloud/ingest/trust-keeper.ts';
import type { RegisteredDevice } from '../../cloud/ports/device-register.ts';
import type { LawBook } from '../../cloud/rules/law-book.ts';
import { SHIPPED_LAW } from '../../cloud/rules/shipped-rules.ts';
import { deviceIdOfDer } from '../../proto/codec/device-id.ts';
import { ZONES } from '../../proto/words/data-class.ts';
import { assert } from '../../proto/words/result.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { Vin } from '../../proto/words/vin.ts';
import type { World } from './world.ts';

/** The cloud's way in, in this process: the real gateway over real stores, without a broker. */
export interface Mainland {
  readonly stores: CloudStores;
  /** Registers a device; its certificate stands for the key. */
  readonly enrol: (vin: Vin, publicKey: KeyObject) => RegisteredDevice;
  /** Takes a payload in as from a connection of this device; gives what became of it once it is durable. */
  readonly receive: (device: RegisteredDevice, payload: Uint8Array) => Received;
  /** Many at once: registered in one commit, and what each of them sends admitted in groups. */
  readonly receiveAll: (arrivals: readonly Arrival[]) => void;
  /** Why payloads were refused, in the order of their coming. */
  readonly rejections: readonly RejectionCode[];
  readonly close: () => void;
}

export interface Arrival {
  readonly vin: Vin;
  readonly publicKey: KeyObject;
  readonly payload: Uint8Array;
}

export interface Received {
  readonly isDurable: boolean;
  readonly acknowledgements: readonly GroupAcknowledgement[];
}

/** @param policies - every SignedPolicyBundle that vehicles of the scenario were given */
export function openMainland(world: World, policies: readonly Uint8Array[], law: LawBook = SHIPPED_LAW): Mainland {
  const directory = join(world.directory, 'stores');
  mkdirSync(directory, { recursive: true });
  const stores = openStores(directory, keysIn(join(world.directory, 'keys'), world), { law });
  for (const policy of policies) stores.policies.keep(policy, world.clock.now());
  return mainlandOver(world, stores);
}

/** The same over stores that somebody else opened, and closes. */
export function mainlandOver(world: World, stores: CloudStores): Mainland {
  const acknowledgements: GroupAcknowledgement[] = [];
  const rejections: RejectionCode[] = [];
  const gateway = createGateway({
    ...{ stores: tallied(world, stores), clock: world.clock, trust: createTrustKeeper(stores.register, world.clock) },
    ...againstOf(world, stores),
    ...(world.isOff('age') && { times: { ageMaxMs: Number.POSITIVE_INFINITY, spanMaxMs: Number.POSITIVE_INFINITY } }),
    onDurable: (acknowledgement) => acknowledgements.push(acknowledgement),
    onAlert: (_device, code) => {
      rejections.push(code);
      world.add('alerts', 1);
    },
    onFault: ({ code }) => world.tell(`the store answered ${code}`, `存储返回 ${code}`),
  });
  const registered = (id: DeviceId): RegisteredDevice => {
    const device = stores.register.find(id);
    assert(device !== undefined, 'a device that was registered is found');
    return device;
  };
  return {
    stores,
    rejections,
    enrol: (vin, publicKey) => {
      world.note(vin);
      const enrolment = enrolmentOf({ vin, publicKey });
      stores.register.add([enrolment]);
      return registered(enrolment.device);
    },
    receiveAll: (arrivals) => {
      const enrolments = arrivals.map((arrival) => ({ ...enrolmentOf(arrival), payload: arrival.payload }));
      for (const { vin } of arrivals) world.note(vin);
      stores.register.add(enrolments);
      for (const { device, payload } of enrolments) gateway.receive(registered(device), payload, () => undefined);
      gateway.flush();
      acknowledgements.length = 0;
    },
    receive: (device, payload) => {
      let isDurable = false;
      gateway.receive(device, payload, (fault) => {
        isDurable = fault === undefined;
      });
      gateway.flush();
      return { isDurable, acknowledgements: acknowledgements.splice(0) };
    },
    close: () => stores.close(),
  };
}

/**
 * As the register takes it, and the name that it gives the device: from one export, which is what costs. As a JWK it would cost
 * less, and Node 20 waits for itself for ever where its collector ends a key generation in the middle of that.
 */
function enrolmentOf({ vin, publicKey }: Pick<Arrival, 'vin' | 'publicKey'>) {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  const pem = ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
  return { vin, publicKey: pem, device: deviceIdOfDer(der) };
}

/** Keys of every zone; no scenario has state secrets in it, and one process stands for all roles. */
function keysIn(directory: string, { clock }: World): Parameters<typeof openStores>[1] {
  makeZoneKeys(directory);
  makeBackupKey(directory);
  return { directory, vaults: directory, read: ZONES.filter((zone) => zone !== 'geographic'), clock };
}

/** Without `recheck` nothing that vehicles claim is held against the policy they were given. */
function againstOf(world: World, { policies }: CloudStores): Pick<GatewayParts, 'against'> {
  return world.isOff('recheck') ? {} : { against: { policies, rates: createSensorRates(SENSORS_PER_LABEL_MAX) } };
}

/** Without `tally` what is admitted counts nowhere. */
function tallied(world: World, stores: CloudStores): CloudStores {
  if (!world.isOff('tally')) return stores;
  const begin = () => ({ ...stores.aggregates.begin(), take: () => undefined });
  return { ...stores, aggregates: { ...stores.aggregates, begin } };
}

const SENSORS_PER_LABEL_MAX = 8;
