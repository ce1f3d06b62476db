import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { RoleSurroundings } from '../proto/config/role.ts';
import type { Fault } from '../proto/words/fault.ts';
import { ok, type Result } from '../proto/words/result.ts';
import { listenForMqtt, type MqttIngress, type MqttIngressEvents } from './adapters/embedded-mqtt.ts';
import type { CloudConfig } from './config.ts';
import type { Gateway } from './gateway.ts';
import type { TrustKeeper } from './ingest/trust-keeper.ts';
import { mqttSettings } from './open-ingest.ts';
import { openJtTerminals } from './open-jt-terminals.ts';
import { type OpenTerminals, openTerminals, type TerminalStatus } from './open-terminals.ts';
import type { TerminalProtocol } from './ports/terminal-register.ts';
import { raiseAlert } from './raise-alert.ts';
import type { OpenCloud } from './upkeep.ts';

/** Every port that vehicles connect to. */
export interface OpenIngress extends MqttIngress {
  /** Absent where no port for terminals is configured. */
  readonly terminals: (() => TerminalStatuses) | undefined;
}

/** By protocol; one without a port is absent. */
export type TerminalStatuses = Readonly<Partial<Record<TerminalProtocol, TerminalStatus>>>;

/** @param key - the processor's pseudonym key */
export async function openIngress(
  loaded: LoadedConfig<CloudConfig>,
  open: OpenCloud & { readonly gateway: Gateway; readonly trust: TrustKeeper; readonly key: Uint8Array },
  events: MqttIngressEvents,
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
): Promise<Result<OpenIngress, Fault>> {
  const listening = await listenForMqtt(mqttSettings(loaded), events);
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

const statusesOf = ({
  gb32960,
  jt808,
}: Readonly<Partial<Record<TerminalProtocol, OpenTerminals>>>): TerminalStatuses => ({
  ...(gb32960 && { gb32960: gb32960.status() }),
  ...(jt808 && { jt808: jt808.status() }),
});
