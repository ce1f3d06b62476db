import { afterAll } from 'vitest';
import {
  listenForMqtt,
  type MqttIngress,
  type MqttIngressEvents,
  type RefusalReason,
} from '../../../cloud/adapters/embedded-mqtt.ts';
import type { TlsServerSettings } from '../../../cloud/adapters/mqtt-server.ts';
import type { RegisteredDevice } from '../../../cloud/ports/device-register.ts';
import type { Fault } from '../../../proto/words/fault.ts';
import type { DeviceId } from '../../../proto/words/topics.ts';
import { type ConnectingDevice, connectingDevice, createAuthority, type TestAuthority } from './certificates.ts';
import type { RawTarget } from './raw-mqtt.ts';

export interface HeldPayload {
  readonly device: RegisteredDevice;
  readonly payload: Uint8Array;
  readonly done: (fault?: Fault) => void;
}

export interface Refusal {
  readonly reason: RefusalReason;
  readonly device: DeviceId | undefined;
  readonly detail: string;
}

/** A listening broker whose store is the test: payloads are held until the test says they are durable. */
export interface HeldIngress extends RawTarget {
  readonly ingress: MqttIngress;
  readonly url: string;
  readonly settings: TlsServerSettings;
  readonly authorityOfDevices: TestAuthority;
  readonly devices: readonly ConnectingDevice[];
  readonly held: HeldPayload[];
  readonly refusals: Refusal[];
  /** The next payload that arrives, or the first that nobody took yet. */
  readonly arrival: () => Promise<HeldPayload>;
  /** The next refusal from here on, or the first that nobody took yet. */
  readonly refusal: () => Promise<Refusal>;
  /** From here on every payload is durable at once. */
  readonly letThrough: (does: boolean) => void;
}

/** Starts it for a test file; it is closed after the last test. @param count - registered devices, numbers from 1 */
export async function heldIngress(count: number): Promise<HeldIngress> {
  const [servers, authorityOfDevices] = await Promise.all([createAuthority('servers'), createAuthority('devices')]);
  const server = await servers.issue('localhost', 'server');
  const devices = await Promise.all(
    Array.from({ length: count }, (_, at) => connectingDevice(authorityOfDevices, at + 1)),
  );
  const settings: TlsServerSettings = {
    host: '127.0.0.1',
    port: 0,
    certificate: server.certificate,
    key: server.key,
    deviceAuthority: authorityOfDevices.certificate,
  };
  const payloads = queueOf<HeldPayload>();
  const refusals = queueOf<Refusal>();
  let isLettingThrough = false;
  const events: MqttIngressEvents = {
    find: (id) => devices.find(({ registered }) => registered.device === id)?.registered,
    onPayload: (device, payload, done) => {
      if (isLettingThrough) done();
      else payloads.push({ device, payload, done });
    },
    onRefused: (reason, device, detail) => refusals.push({ reason, device, detail }),
  };
  const listening = await listenForMqtt(settings, events);
  if (!listening.ok) throw new Error(listening.fault.problem.en);
  const ingress = listening.value;
  afterAll(() => ingress.close());
  return {
    ingress,
    settings,
    port: ingress.port,
    url: `mqtts://127.0.0.1:${ingress.port}`,
    authority: servers.certificate,
    authorityOfDevices,
    devices,
    held: payloads.items,
    refusals: refusals.items,
    arrival: payloads.next,
    refusal: refusals.next,
    letThrough: (does) => {
      isLettingThrough = does;
    },
  };
}

interface Queue<T> {
  readonly items: T[];
  readonly push: (item: T) => void;
  readonly next: () => Promise<T>;
}

function queueOf<T>(): Queue<T> {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    items,
    push: (item) => {
      const first = waiting.shift();
      if (first === undefined) items.push(item);
      else first(item);
    },
    next: () => {
      const [first] = items.splice(0, 1);
      return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
    },
  };
}

/** The device at a place of the list that `heldIngress` was asked for. */
export function deviceAt({ devices }: Pick<HeldIngress, 'devices'>, at: number): ConnectingDevice {
  const device = devices[at];
  if (device === undefined) throw new Error(`device ${at} was not asked for`);
  return device;
}
