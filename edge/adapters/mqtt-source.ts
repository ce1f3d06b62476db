import { connect as connectPlain, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import mqtt, { type MqttClient } from 'mqtt';
import { causeText } from '../../proto/words/fault.ts';
import type { FrameSource, FrameSourceEvents } from '../ports/frame-source.ts';
import { guardLengths } from '../sources/mqtt-lengths.ts';
import { LINE_BYTES_MAX, parseRawFrame } from '../sources/parse-raw-frame.ts';
import { connectionFault } from '../sources/source-fault.ts';

export interface MqttSource {
  /** `mqtt://` on this machine, or `mqtts://`. */
  readonly url: string;
  readonly topics: readonly string[];
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** PEM. */
  readonly authority?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

const RECONNECT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_S = 30;

/**
 * Subscribes to a broker on the vehicle, MQTT 3.1.1, quality 1, with a session that the broker keeps: what it accepted while
 * the agent was away comes afterwards. Each message is one line of docs/raw-frames.md; the topic says nothing.
 *
 * A retained message is a repetition by the broker and is counted, not taken. One that is longer than a line may be costs
 * the connection, and with it what the broker had kept. A broker that goes away is told once, and connected to again every
 * 2 seconds.
 */
export function subscribeToBroker(settings: MqttSource, events: FrameSourceEvents): FrameSource {
  let isTold = false;
  let lastCause: unknown = 'closed by the broker';
  const tell = (cause: unknown): void => {
    if (!isTold) events.onFault(connectionFault('mqtt', cause));
    isTold = true;
  };
  const client = connect(settings, () => {
    events.onMalformed();
    lastCause = `a message has more than ${LINE_BYTES_MAX} bytes; what the broker had kept is given up`;
    // The broker would hand the same message over again, for ever: it has to forget what it kept.
    client.options.clean = true;
  });
  client.on('connect', () => {
    client.options.clean = false;
    client.subscribe([...settings.topics], { qos: 1 }, (cause, granted = []) => {
      if (cause) return tell(cause);
      const [refused] = granted.filter(({ qos }) => qos > 2);
      if (refused === undefined) isTold = false;
      else tell('a topic was refused');
    });
  });
  client.on('message', (_topic, payload, { retain }) => {
    if (retain) return events.onRemoved('source-repeated', 1);
    const frame = payload.length > LINE_BYTES_MAX ? undefined : parseRawFrame(payload.toString('utf8'));
    if (frame === undefined) events.onMalformed();
    else events.onFrame(frame);
  });
  client.on('error', (cause) => {
    lastCause = causeText(cause);
  });
  let isClosed = false;
  client.on('close', () => {
    if (!isClosed) tell(lastCause);
  });
  return {
    close: () => {
      isClosed = true;
      return new Promise((resolve) => client.end(true, {}, () => resolve()));
    },
  };
}

/** What stands in a packet beside its message: topic and packet identifier. */
const ENVELOPE_BYTES_MAX = 65_539;

/** Puts a guard between the broker and the library, which would gather a message of 256 MB before anybody is asked. */
function guardedStream(settings: MqttSource, onTooLong: () => void): Duplex {
  const { protocol, hostname, port } = new URL(settings.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const { authority: ca, certificate: cert, key } = settings;
  const secure = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  const stream =
    protocol === 'mqtts:'
      ? connectTls({ host, port: Number(port), ...(isIP(host) === 0 && { servername: host }), ...secure })
      : connectPlain({ host, port: Number(port) });
  const guard = guardLengths(LINE_BYTES_MAX + ENVELOPE_BYTES_MAX);
  stream.on('data', (chunk: Buffer) => {
    if (guard.push(chunk)) return;
    onTooLong();
    stream.destroy();
  });
  return stream;
}

function connect(settings: MqttSource, onTooLong: () => void): MqttClient {
  const { clientId, username, password } = settings;
  return new mqtt.MqttClient(() => guardedStream(settings, onTooLong), {
    protocolVersion: 4,
    clientId,
    clean: false,
    resubscribe: false,
    reconnectPeriod: RECONNECT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepalive: KEEP_ALIVE_S,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  });
}
