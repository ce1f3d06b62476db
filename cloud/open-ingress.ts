import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { RoleSurroundings } from '../proto/config/role.ts';
import type { Fault } from '../proto/words/fault.ts';
import { ok, type Result } from '../proto/words/result.ts';
import { listenForMqtt, type MqttIngress, type MqttIngressEvents } from './adapters/embedded-mqtt.ts';
import type { CloudConfig } from './config.ts';
import type { Gateway } from './gateway.ts';
import type { TrustKeeper } from './ingest/trust-keeper.ts';
import { mqttSettings } from './open-ingest.ts';
import { openTerminals, type TerminalStatus } from './open-terminals.ts';
import { raiseAlert } from './raise-alert.ts';
import type { OpenCloud } from './upkeep.ts';

/** Every port that vehicles connect to. */
export interface OpenIngress extends MqttIngress {
  /** Absent where no port for terminals is configured. */
  readonly terminals: (() => TerminalStatus) | undefined;
}

/** @param key - the processor's pseudonym key */
export async function openIngress(
  loaded: LoadedConfig<CloudConfig>,
  open: OpenCloud & { readonly gateway: Gateway; readonly trust: TrustKeeper; readonly key: Uint8Array },
  events: MqttIngressEvents,
  around: RoleSurroundings,
): Promise<Result<OpenIngress, Fault>> {
  const listening = await listenForMqtt(mqttSettings(loaded), events);
  if (!listening.ok) return listening;
  const mqtt = listening.value;
  const alert = (document: Readonly<Record<string, unknown>>): void => raiseAlert(open.logs, around, document);
  const isBarred = (device: number): boolean => open.trust.of(device) === 'barred';
  const opened = await openTerminals(loaded, { ...open, isBarred }, { ...around, alert }, open.key);
  if (!opened.ok) {
    await mqtt.close();
    return opened;
  }
  const terminals = opened.value;
  return ok({
    ...mqtt,
    terminals: terminals?.status,
    cutOff: (mayConnect) => {
      mqtt.cutOff(mayConnect);
      terminals?.cutOff(mayConnect);
    },
    close: async () => {
      await mqtt.close();
      await terminals?.close();
    },
  });
}
