import mqtt, { type MqttClient } from 'mqtt';
import { decodeAcknowledgement } from '../../proto/codec/control-codec.ts';
import { isUpdateDownlink } from '../../proto/codec/update-codec.ts';
import { causeText } from '../../proto/words/fault.ts';
import { askTopic, type DeviceId, downlinkTopic, uplinkTopic } from '../../proto/words/topics.ts';
import type { Uplink, UplinkEvents } from '../ports/uplink.ts';

export interface MqttUplinkSettings {
  /** `mqtts://host:port` of a mainland endpoint. */
  readonly url: string;
  readonly device: DeviceId;
  /** PEM of the device's certificate and key, and of the authority that signed the cloud's. */
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  /** In [0, 1): spreads the reconnects of a fleet. */
  readonly chance: () => number;
}

const RECONNECT_MIN_MS = 250;
const RECONNECT_MAX_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_S = 30;

/** MQTT 3.1.1 over TLS 1.3 with the device's certificate; the edge's only importer of mqtt. */
export function connectMqttUplink(settings: MqttUplinkSettings, events: UplinkEvents): Uplink {
  let attempts = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let client: MqttClient;

  const open = (): void => {
    client = connect(settings);
    const own = client;
    own.on('connect', () => {
      attempts = 0;
      own.subscribe(downlinkTopic(settings.device), { qos: 0 }, (cause) => {
        if (cause) own.end(true);
        else events.onConnected();
      });
    });
    own.on('message', (_topic, payload) => {
      // Their first fields differ, so that no bytes are two of them.
      if (isUpdateDownlink(payload)) return events.onUpdate?.(payload);
      const decoded = decodeAcknowledgement(payload);
      if (decoded.ok) events.onAcknowledged(decoded.value);
      else events.onPolicy(payload);
    });
    let lastCause = 'closed by the other side';
    own.on('error', (cause) => {
      lastCause = causeText(cause);
    });
    own.once('close', () => {
      own.end(true);
      events.onDisconnected(lastCause);
      again();
    });
  };

  const again = (): void => {
    if (closed) return;
    const ceiling = Math.min(RECONNECT_MAX_MS, RECONNECT_MIN_MS * 2 ** attempts);
    attempts = Math.min(attempts + 1, 16);
    timer = setTimeout(open, ceiling * (0.5 + settings.chance() / 2));
  };

  open();
  return {
    send: (batch) => {
      client.publish(uplinkTopic(settings.device), batch.bytes as Buffer, { qos: 1 });
    },
    ask: (bytes) => {
      client.publish(askTopic(settings.device), bytes as Buffer, { qos: 0 });
    },
    reconnect: () => {
      client.end(true);
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      return new Promise((resolve) => client.end(true, {}, () => resolve()));
    },
  };
}

function connect(settings: MqttUplinkSettings): MqttClient {
  return mqtt.connect(settings.url, {
    protocolVersion: 4,
    clientId: settings.device,
    clean: true,
    // What is unacknowledged lies in the spool; a second memory of it here would only send it twice.
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepalive: KEEP_ALIVE_S,
    cert: settings.certificate,
    key: settings.key,
    ca: settings.authority,
    rejectUnauthorized: true,
    ...TLS_ONLY,
  });
}

/** Handed through to Node's TLS, which the library's types do not say. */
const TLS_ONLY: object = { minVersion: 'TLSv1.3' };
