import { createServer, type TLSSocket } from 'node:tls';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import { ACKNOWLEDGED_RANGES_MAX, encodeAcknowledgement } from '../../proto/codec/control-codec.ts';
import { deviceIdOf } from '../../proto/codec/device-id.ts';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type DeviceId, downlinkTopic, PAYLOAD_BYTES_MAX, uplinkTopic } from '../../proto/words/topics.ts';
import type { GroupAcknowledgement } from '../ingest/group-commit.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import { createMqttSessions, type MqttSessions } from './mqtt-sessions.ts';
import { guardPackets } from './packet-guard.ts';

export interface MqttIngressSettings {
  readonly host: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  /** PEM of the authority that signs device certificates. */
  readonly deviceAuthority: string;
}

export interface MqttIngressEvents {
  readonly find: (device: DeviceId) => RegisteredDevice | undefined;
  readonly onPayload: (device: RegisteredDevice, payload: Uint8Array, done: (fault?: Fault) => void) => void;
  readonly onRefused: (reason: RefusalReason, device: DeviceId | undefined, detail: string) => void;
}

export type RefusalReason =
  | 'tls'
  | 'device-unknown'
  | 'protocol-version'
  | 'client-id'
  | 'will'
  | 'topic'
  | 'packet-too-large'
  | 'connections';

export interface MqttIngress {
  readonly port: number;
  readonly connections: () => number;
  /** Tells a device what is durable; only connections that subscribed to its downlink get it. */
  readonly acknowledge: (acknowledgement: GroupAcknowledgement) => void;
  readonly close: () => Promise<void>;
}

/** A topic and a packet id come on top of the payload. */
const PACKET_BYTES_MAX = PAYLOAD_BYTES_MAX + 256;
const CONNECTIONS_MAX = 20_000;
const CONNECTIONS_PER_DEVICE_MAX = 4;
const HANDSHAKE_MS_MAX = 10_000;

/**
 * MQTT 3.1.1 over TLS 1.3 with client certificates, embedded; the cloud's only importer of aedes.
 * PUBACK is written when `onPayload` is done, which is when the payload is durable.
 */
export async function listenForMqtt(
  settings: MqttIngressSettings,
  events: MqttIngressEvents,
): Promise<Result<MqttIngress, Fault>> {
  const sessions = createMqttSessions();
  const broker = await Aedes.createBroker({
    preConnect: (client, packet, done) => admitConnection(client, packet, done, sessions, events),
    ...topicRules(sessions, events),
  });
  broker.on('clientDisconnect', sessions.close);
  // Both end a connection that the events have told of already, or that just broke.
  broker.on('clientError', noop);
  broker.on('connectionError', sessions.close);

  const server = createServer(tlsOptions(settings));
  server.maxConnections = CONNECTIONS_MAX;
  server.on('tlsClientError', (cause) => events.onRefused('tls', undefined, causeText(cause)));
  server.on('secureConnection', (socket) => accept(socket, broker, events));
  const listening = await listen(server, settings);
  if (!listening.ok) return listening;
  return ok({
    port: listening.value,
    connections: sessions.connections,
    acknowledge: (acknowledgement) => acknowledge(sessions, acknowledgement),
    close: () =>
      new Promise((resolve) => {
        server.close();
        broker.close(() => resolve());
      }),
  });
}

type ConnectDone = (cause: Error | null, success: boolean) => void;

function admitConnection(
  client: Client,
  packet: ConnectPacket,
  done: ConnectDone,
  sessions: MqttSessions,
  events: MqttIngressEvents,
): void {
  const device = devices.get(client.conn as TLSSocket);
  const refusal = device === undefined ? 'device-unknown' : refusalOf(packet, sessions.connectionsOf(device.device));
  if (device === undefined || refusal !== undefined) {
    events.onRefused(refusal ?? 'device-unknown', device?.device, `MQTT protocol level ${packet.protocolVersion}`);
    // Level 5 gets its refusal on the wire from the broker itself.
    if (refusal === 'protocol-version') done(null, true);
    else refuse(client, refusal === 'client-id' ? IDENTIFIER_REJECTED : NOT_AUTHORIZED, done);
    return;
  }
  // The name a client gives itself counts for nothing: two devices can never push each other off.
  packet.clientId = `${device.device}:${packet.clientId}`;
  sessions.open(client, device);
  done(null, true);
}

/** A device may publish to its own uplink and hear its own downlink, and nothing else. */
function topicRules(
  sessions: MqttSessions,
  events: MqttIngressEvents,
): Pick<AedesOptions, 'authorizePublish' | 'authorizeSubscribe'> {
  return {
    authorizePublish: (client, packet, done) => {
      const device = client === null ? undefined : sessions.deviceOf(client);
      if (device === undefined || packet.topic !== uplinkTopic(device.device)) {
        events.onRefused('topic', device?.device, 'publish');
        return done(new Error('topic not allowed'));
      }
      packet.retain = false;
      events.onPayload(device, packet.payload as Buffer, (fault) =>
        done(fault === undefined ? null : new Error(fault.code)),
      );
    },
    authorizeSubscribe: (client, subscription, done) => {
      const device = sessions.deviceOf(client);
      if (device === undefined || subscription.topic !== downlinkTopic(device.device)) {
        events.onRefused('topic', device?.device, 'subscribe');
        return done(null, null);
      }
      sessions.listen(client);
      done(null, subscription);
    },
  };
}

function acknowledge(sessions: MqttSessions, { device, epoch, ranges }: GroupAcknowledgement): void {
  const clients = sessions.listeners(device.device);
  if (clients.size === 0) return;
  const payload = Buffer.from(encodeAcknowledgement({ epoch, ranges: ranges.slice(0, ACKNOWLEDGED_RANGES_MAX) }));
  const topic = downlinkTopic(device.device);
  // What is left out past the limit is acknowledged when the vehicle sends it again.
  for (const client of clients)
    client.publish({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false }, noop);
}

const noop = (): void => undefined;

const devices = new WeakMap<TLSSocket, RegisteredDevice>();

/** The certificate names the device; a key that the register does not know ends the connection. */
function accept(socket: TLSSocket, broker: Aedes, events: MqttIngressEvents): void {
  socket.on('error', noop);
  const certificate = socket.getPeerX509Certificate();
  const id = certificate === undefined ? undefined : deviceIdOf(certificate.publicKey);
  const device = id === undefined ? undefined : events.find(id);
  if (device === undefined) {
    events.onRefused('device-unknown', id, 'certificate');
    socket.destroy();
    return;
  }
  devices.set(socket, device);
  guardPackets(socket, PACKET_BYTES_MAX, () => {
    events.onRefused('packet-too-large', device.device, `over ${PACKET_BYTES_MAX} bytes`);
    socket.destroy();
  });
  broker.handle(socket);
}

interface ConnectPacket {
  readonly protocolVersion?: number;
  clientId: string;
  readonly clean?: boolean;
  readonly will?: unknown;
}

function refusalOf(packet: ConnectPacket, connections: number): RefusalReason | undefined {
  if (packet.protocolVersion === 5) return 'protocol-version';
  // MQTT-3.1.3-8: an empty client id with a lasting session has to be refused; the library would invent one.
  if (packet.clientId === '' && packet.clean === false) return 'client-id';
  // A will would be published by the broker in the device's name, and not by the device.
  if (packet.will !== undefined && packet.will !== null) return 'will';
  return connections >= CONNECTIONS_PER_DEVICE_MAX ? 'connections' : undefined;
}

/** Return codes of MQTT 3.1.1 section 3.2.2.3. */
const IDENTIFIER_REJECTED = 2;
const NOT_AUTHORIZED = 5;

/** The library closes without a word when `preConnect` refuses, so the CONNACK is written here. */
function refuse(client: Client, returnCode: number, done: ConnectDone): void {
  client.conn.write(Buffer.from([0x20, 0x02, 0x00, returnCode]), () => done(new Error('refused'), false));
}

function tlsOptions(settings: MqttIngressSettings) {
  return {
    cert: settings.certificate,
    key: settings.key,
    ca: settings.deviceAuthority,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    handshakeTimeout: HANDSHAKE_MS_MAX,
  } as const;
}

function listen(
  server: ReturnType<typeof createServer>,
  { host, port }: MqttIngressSettings,
): Promise<Result<number, Fault>> {
  return new Promise((resolve) => {
    server.once('error', (cause) => resolve(fail(notListening(host, port, causeText(cause)))));
    server.listen(port, host, () => {
      const address = server.address();
      resolve(ok(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

function notListening(host: string, port: number, cause: string): Fault<'PORT_UNAVAILABLE'> {
  return {
    code: 'PORT_UNAVAILABLE',
    problem: bilingual(
      `cannot listen for vehicles on \`${host}:${port}\`: ${cause}`,
      `无法在 \`${host}:${port}\` 监听车辆连接：${cause}`,
    ),
    remedy: bilingual(
      'stop the program that holds the port, or set another `mqtt.port`',
      '请停止占用该端口的程序，或修改 `mqtt.port`',
    ),
    retry: 'after-remedy',
  };
}
