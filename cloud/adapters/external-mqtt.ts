import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { ACKNOWLEDGED_RANGES_MAX, encodeAcknowledgement } from '../../proto/codec/control-codec.ts';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type DeviceId, deviceOfUplink, downlinkTopic, UPLINK_FILTER } from '../../proto/words/topics.ts';
import type { GroupAcknowledgement } from '../ingest/sort-out.ts';
import type { MqttIngress, MqttIngressEvents } from './embedded-mqtt.ts';

export interface ExternalMqttSettings {
  readonly url: string;
  readonly protocol: '5' | '3.1.1';
  readonly share: string;
  readonly worker: string;
  readonly connections: number;
  readonly tls: Pick<IClientOptions, 'ca' | 'cert' | 'key'>;
  readonly username?: string;
  readonly password?: string;
}

export interface ExternalMqttEvents extends Pick<MqttIngressEvents, 'find' | 'onPayload' | 'onRefused'> {
  /** Every device that may hear a policy. */
  readonly devices: () => Iterable<DeviceId>;
}

const CONNECTED_MS_MAX = 10_000;
const RECONNECT_MS = 1_000;
/** How long the broker keeps what comes for a worker that is away. */
const SESSION_SECONDS = 86_400;
/** How long a connection waits to be made anew where a payload could not be stored. */
const NOT_DURABLE_MS = 1_000;

/**
 * Attaches to a broker of somebody else's: so many connections share one subscription, each with one payload in hand. A
 * payload is acknowledged to the broker when it is durable here, and to the vehicle over its downlink.
 */
export async function attachToBroker(
  settings: ExternalMqttSettings,
  events: ExternalMqttEvents,
): Promise<Result<MqttIngress, Fault>> {
  const clients = Array.from({ length: settings.connections }, (_, at) => openConnection(settings, at, events));
  const close = async (): Promise<void> => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
  };
  try {
    await Promise.all(clients.map((client) => subscribed(client, settings, events)));
  } catch (cause) {
    await close();
    return fail(brokerUnreachable(cause));
  }
  const [teller] = clients;
  let policy: Buffer | undefined;
  const told = new Set<DeviceId>();
  const tellPolicy = (): void => {
    if (policy === undefined) return;
    for (const device of events.devices()) {
      if (told.has(device)) continue;
      told.add(device);
      // Kept by the broker, so that a vehicle hears it whenever it comes.
      teller?.publish(downlinkTopic(device), policy, { qos: 1, retain: true });
    }
  };
  return ok({
    port: 0,
    connections: () => clients.filter(({ connected }) => connected).length,
    acknowledge: (acknowledgement) => acknowledge(teller, acknowledgement),
    sendPolicy: (bundle) => {
      policy = Buffer.from(bundle);
      told.clear();
      tellPolicy();
    },
    // What a vehicle asks goes by connections of its own to the embedded broker; here nobody answers.
    offerUpdates: () => undefined,
    // Connections are the broker's; what a revoked device sends is refused here. Those that are new hear the policy.
    cutOff: tellPolicy,
    close,
  });
}

function openConnection(settings: ExternalMqttSettings, at: number, events: ExternalMqttEvents): MqttClient {
  const isFive = settings.protocol === '5';
  const client = mqtt.connect(settings.url, {
    ...settings.tls,
    ...(settings.username !== undefined && { username: settings.username }),
    ...(settings.password !== undefined && { password: settings.password }),
    clientId: `tongguan-${settings.worker}-${at}`,
    protocolVersion: isFive ? 5 : 4,
    clean: false,
    ...(isFive && { properties: { sessionExpiryInterval: SESSION_SECONDS, receiveMaximum: 1 } }),
    resubscribe: false,
    reconnectPeriod: RECONNECT_MS,
    connectTimeout: CONNECTED_MS_MAX,
    customHandleAcks: (topic, message, _packet, done) => {
      takeIn(topic, message, events, (fault) => {
        if (fault === undefined) done(0);
        // The broker sends it again to whoever connects under this name.
        else setTimeout(() => client.end(true, () => client.reconnect()), NOT_DURABLE_MS);
      });
    },
  });
  client.on('error', (cause) => events.onRefused('broker', undefined, causeText(cause)));
  return client;
}

/** @param taken - without a fault where the broker may forget the payload */
function takeIn(
  topic: string,
  payload: Buffer,
  { find, onPayload, onRefused }: ExternalMqttEvents,
  taken: (fault?: Fault) => void,
): void {
  const id = deviceOfUplink(topic);
  const device = id === undefined ? undefined : find(id);
  if (device === undefined) {
    onRefused('device-unknown', id, 'topic');
    taken();
    return;
  }
  onPayload(device, payload, taken);
}

/** Asked for at each connection: not every broker remembers a shared subscription when it is started again. */
async function subscribe(client: MqttClient, { share, protocol }: ExternalMqttSettings): Promise<void> {
  const [granted] = await client.subscribeAsync(`$share/${share}/${UPLINK_FILTER}`, { qos: 1 });
  if (granted === undefined || granted.qos > 1)
    throw new Error(`the broker does not grant the shared subscription over MQTT ${protocol}`);
}

function subscribed(client: MqttClient, settings: ExternalMqttSettings, events: ExternalMqttEvents): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no connection in time')), CONNECTED_MS_MAX);
    client.on('connect', () => {
      clearTimeout(late);
      subscribe(client, settings).then(resolve, (cause) => {
        events.onRefused('broker', undefined, causeText(cause));
        reject(cause);
      });
    });
  });
}

function acknowledge(client: MqttClient | undefined, { device, epoch, ranges }: GroupAcknowledgement): void {
  for (let from = 0; from < ranges.length; from += ACKNOWLEDGED_RANGES_MAX) {
    const some = ranges.slice(from, from + ACKNOWLEDGED_RANGES_MAX);
    // What a vehicle was not told it is told when it sends again.
    client?.publish(downlinkTopic(device.device), Buffer.from(encodeAcknowledgement({ epoch, ranges: some })), {
      qos: 0,
    });
  }
}

function brokerUnreachable(cause: unknown): Fault<'MQTT_BROKER_UNREACHABLE'> {
  const text = causeText(cause);
  return {
    code: 'MQTT_BROKER_UNREACHABLE',
    problem: bilingual(`the MQTT broker cannot be subscribed to: ${text}`, `无法订阅外部 MQTT 代理：${text}`),
    remedy: bilingual(
      'check `ingress.url`, its certificates and the rights of this account: shared subscription to the uplink, publishing to the downlink (docs/brokers.md)',
      '请检查 `ingress.url`、证书以及该账号权限：共享订阅上行主题、发布下行主题（见 docs/brokers.md）',
    ),
    retry: 'later',
  };
}
