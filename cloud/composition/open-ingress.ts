import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import { listenForMqtt, type MqttIngress, type MqttIngressEvents } from '../adapters/embedded-mqtt.ts';
import { attachToBroker, type ExternalMqttSettings } from '../adapters/external-mqtt.ts';
import type { FillableDeviceRegister } from '../adapters/sqlite-device-register.ts';
import type { CloudConfig } from '../config/config.ts';
import type { ExternalIngress } from '../config/ingress-config.ts';
import type { Gateway } from '../gateway.ts';
import type { TrustKeeper } from '../ingest/trust-keeper.ts';
import type { TerminalProtocol } from '../ports/terminal-register.ts';
import { raiseAlert } from '../raise-alert.ts';
import { mqttSettings } from './open-ingest.ts';
import { openJtTerminals } from './open-jt-terminals.ts';
import { type OpenTerminals, openTerminals, type TerminalStatus } from './open-terminals.ts';
import type { OpenCloud } from './upkeep.ts';

/** Every port that vehicles connect to. */
export interface OpenIngress extends MqttIngress {
  /** Absent where no port for terminals is configured. */
  readonly terminals: (() => TerminalStatuses) | undefined;
}

/** Of a process that vehicles do not connect to. */
export const NO_INGRESS: OpenIngress = {
  port: 0,
  connections: () => 0,
  acknowledge: () => undefined,
  sendPolicy: () => undefined,
  offerUpdates: () => undefined,
  cutOff: () => undefined,
  terminals: undefined,
  close: async () => undefined,
};

/** By protocol; one without a port is absent. */
export type TerminalStatuses = Readonly<Partial<Record<TerminalProtocol, TerminalStatus>>>;

/** @param key - the processor's pseudonym key */
export async function openIngress(
  loaded: LoadedConfig<CloudConfig>,
  open: OpenCloud & { readonly gateway: Gateway; readonly trust: TrustKeeper; readonly key: Uint8Array },
  events: MqttIngressEvents,
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
): Promise<Result<OpenIngress, Fault>> {
  const listening = await openMqtt(loaded, open.stores.register, events);
  if (!listening.ok) return listening;
  const mqtt = listening.value;
  const alert = (document: Readonly<Record<string, unknown>>): void => raiseAlert(open.logs, around, document);
  const isBarred = (device: number): boolean => open.trust.of(device) === 'barred';
  const ports: Partial<Record<TerminalProtocol, OpenTerminals>> = {};
  const close = async (): Promise<void> => {
    await mqtt.close();
    for (const terminals of Object.values(ports)) await terminals.close();
  };
  const opening = { ...open, isBarred };
  for (const [protocol, openPort] of [
    ['gb32960', openTerminals],
    ['jt808', openJtTerminals],
  ] as const) {
    const opened = await openPort(loaded, opening, { ...around, alert }, open.key);
    if (!opened.ok) {
      await close();
      return opened;
    }
    if (opened.value !== undefined) ports[protocol] = opened.value;
  }
  return ok({
    ...mqtt,
    terminals: Object.keys(ports).length === 0 ? undefined : () => statusesOf(ports),
    cutOff: (mayConnect) => {
      mqtt.cutOff(mayConnect);
      for (const terminals of Object.values(ports)) terminals.cutOff(mayConnect);
    },
    close,
  });
}

/** The embedded broker, or connections to one of somebody else's. */
export function openMqtt(
  loaded: LoadedConfig<CloudConfig>,
  register: Pick<FillableDeviceRegister, 'page'>,
  events: MqttIngressEvents,
): Promise<Result<MqttIngress, Fault>> {
  const { ingress } = loaded.config;
  if (ingress.kind === 'embedded') return listenForMqtt(mqttSettings(loaded), events);
  return attachToBroker(brokerSettings(ingress, loaded.path), { ...events, devices: () => devicesOf(register) });
}

/** Devices looked up at a time. */
const DEVICES_AT_ONCE = 1_000;

function* devicesOf({ page }: Pick<FillableDeviceRegister, 'page'>): Generator<DeviceId> {
  for (let some = page(0, DEVICES_AT_ONCE); some.length > 0; some = page(some.at(-1)?.number ?? 0, DEVICES_AT_ONCE))
    for (const { device, revoked } of some) if (!revoked) yield device;
}

/** @throws the system's error when a certificate or password cannot be read */
function brokerSettings(config: ExternalIngress, path: (relative: string) => string): ExternalMqttSettings {
  const { url, protocol, share, worker, connections, caFile, certificateFile, keyFile, username, passwordFile } =
    config;
  const read = (file: string): string => readFileSync(path(file), 'utf8');
  return {
    ...{ url, protocol, share, worker, connections },
    tls: {
      ...(caFile !== undefined && { ca: read(caFile) }),
      ...(certificateFile !== undefined && { cert: read(certificateFile) }),
      ...(keyFile !== undefined && { key: read(keyFile) }),
    },
    ...(username !== undefined && { username }),
    ...(passwordFile !== undefined && { password: read(passwordFile).trim() }),
  };
}

const statusesOf = ({
  gb32960,
  jt808,
}: Readonly<Partial<Record<TerminalProtocol, OpenTerminals>>>): TerminalStatuses => ({
  ...(gb32960 && { gb32960: gb32960.status() }),
  ...(jt808 && { jt808: jt808.status() }),
});
