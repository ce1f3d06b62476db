import type { Client } from 'aedes';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';

/** Which connection belongs to which device, and which of them listen for acknowledgements. */
export interface MqttSessions {
  readonly open: (client: Client, device: RegisteredDevice) => void;
  readonly close: (client: Client) => void;
  readonly deviceOf: (client: Client) => RegisteredDevice | undefined;
  readonly listen: (client: Client) => void;
  readonly stopListening: (client: Client) => void;
  readonly listeners: (device: DeviceId) => ReadonlySet<Client>;
  readonly allListeners: () => Iterable<readonly [Client, RegisteredDevice]>;
  readonly connections: () => number;
  readonly connectionsOf: (device: DeviceId) => number;
}

export function createMqttSessions(): MqttSessions {
  const devices = new Map<Client, RegisteredDevice>();
  const counts = new Map<DeviceId, number>();
  const listening = new Map<DeviceId, Set<Client>>();
  const stopListening = (client: Client): void => {
    const device = devices.get(client)?.device;
    if (device === undefined) return;
    const clients = listening.get(device);
    clients?.delete(client);
    if (clients?.size === 0) listening.delete(device);
  };
  return {
    open: (client, device) => {
      devices.set(client, device);
      counts.set(device.device, (counts.get(device.device) ?? 0) + 1);
    },
    close: (client) => {
      const device = devices.get(client)?.device;
      if (device === undefined) return;
      stopListening(client);
      devices.delete(client);
      const left = (counts.get(device) ?? 1) - 1;
      if (left > 0) counts.set(device, left);
      else counts.delete(device);
    },
    deviceOf: (client) => devices.get(client),
    listen: (client) => {
      const device = devices.get(client)?.device;
      if (device === undefined) return;
      const clients = listening.get(device);
      if (clients === undefined) listening.set(device, new Set([client]));
      else clients.add(client);
    },
    stopListening,
    listeners: (device) => listening.get(device) ?? NOBODY,
    allListeners: () =>
      [...listening.values()].flatMap((clients) =>
        [...clients].flatMap((client) => {
          const device = devices.get(client);
          return device === undefined ? [] : [[client, device] as const];
        }),
      ),
    connections: () => devices.size,
    connectionsOf: (device) => counts.get(device) ?? 0,
  };
}

const NOBODY: ReadonlySet<Client> = new Set();
