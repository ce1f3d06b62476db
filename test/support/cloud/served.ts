import { afterAll } from 'vitest';
import { listenForMqtt, type MqttIngress } from '../../../cloud/adapters/embedded-mqtt.ts';
import type { UpdateEvents } from '../../../cloud/adapters/mqtt-updates.ts';
import type { CloudStores } from '../../../cloud/composition/open-stores.ts';
import { aheadOf, createGateway, type Gateway } from '../../../cloud/gateway.ts';
import type { Stores } from '../../../cloud/ingest/group-commit.ts';
import type { RejectionCode } from '../../../cloud/ingest/rejections.ts';
import type { Fault } from '../../../proto/words/fault.ts';
import type { DeviceId } from '../../../proto/words/topics.ts';
import { NOW } from './batches.ts';
import { type ConnectingDevice, connectingDevice, createAuthority } from './certificates.ts';
import type { Refusal } from './ingress.ts';
import { openStores } from './open-stores.ts';
import type { RawTarget } from './raw-mqtt.ts';

/** Broker, gateway and stores together, as the cloud runs them, with what they told. */
export interface ServedGateway extends RawTarget {
  readonly url: string;
  readonly devices: readonly ConnectingDevice[];
  readonly stores: CloudStores;
  readonly alerts: readonly { readonly device: DeviceId; readonly code: RejectionCode }[];
  readonly faults: readonly Fault[];
  readonly refusals: readonly Refusal[];
  readonly sendPolicy: (bundle: Uint8Array) => void;
  readonly offerUpdates: MqttIngress['offerUpdates'];
  readonly cutOff: MqttIngress['cutOff'];
}

export interface ServedOptions {
  readonly directory: string;
  readonly devices: number;
  /** Puts something between the gateway and its stores. */
  readonly between?: (stores: Stores) => Stores;
  readonly policy?: () => Uint8Array | undefined;
  /** Made over the stores, as the distribution of the cloud is. */
  readonly updates?: (stores: CloudStores) => UpdateEvents;
}

/** Starts it for a test file; it is closed after the last test. */
export async function serveGateway({
  directory,
  devices: count,
  between,
  policy,
  updates,
}: ServedOptions): Promise<ServedGateway> {
  const [servers, authority] = await Promise.all([createAuthority('servers'), createAuthority('devices')]);
  const server = await servers.issue('localhost', 'server');
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  const devices = await Promise.all(numbers.map((number) => connectingDevice(authority, number)));
  const stores = openStores(directory, devices);
  const told = { alerts: [] as ServedGateway['alerts'][number][], faults: [] as Fault[], refusals: [] as Refusal[] };
  let ingress: MqttIngress | undefined;
  const gateway: Gateway = aheadOf(
    createGateway({
      stores: between?.(stores) ?? stores,
      clock: { now: () => NOW },
      onDurable: (acknowledgement) => ingress?.acknowledge(acknowledgement),
      onAlert: (device, code) => told.alerts.push({ device, code }),
      onFault: (fault) => told.faults.push(fault),
    }),
  );
  const { certificate, key } = server;
  const listening = await listenForMqtt(
    { host: '127.0.0.1', port: 0, certificate, key, deviceAuthority: authority.certificate },
    {
      find: stores.register.find,
      onPayload: gateway.receive,
      ...(policy && { policy }),
      ...(updates && { updates: updates(stores) }),
      onRefused: (reason, device, detail) => told.refusals.push({ reason, device, detail }),
    },
  );
  if (!listening.ok) throw new Error(listening.fault.problem.en);
  ingress = listening.value;
  afterAll(async () => {
    await listening.value.close();
    gateway.flush();
    stores.close();
  });
  const { port, sendPolicy, offerUpdates, cutOff } = listening.value;
  return {
    port,
    url: `mqtts://127.0.0.1:${port}`,
    authority: servers.certificate,
    devices,
    stores,
    sendPolicy,
    offerUpdates,
    cutOff,
    ...told,
  };
}
