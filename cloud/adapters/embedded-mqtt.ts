import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import { ACKNOWLEDGED_RANGES_MAX, encodeAcknowledgement } from '../../proto/codec/control-codec.ts';
import { deviceIdOf } from '../../proto/codec/device-id.ts';
import { causeText, type Fault } from '../../proto/words/fault.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import { askTopic, type DeviceId, downlinkTopic, PAYLOAD_BYTES_MAX, uplinkTopic } from '../../proto/words/topics.ts';
import type { GroupAcknowledgement } from '../ingest/sort-out.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import { type ConnectPacket, NOT_AUTHORIZED, RETURN_CODES, refusalOf } from './mqtt-refusals.ts';
import { listen, openTlsServer, type TlsServerSettings, whyUntrusted } from './mqtt-server.ts';
import { createMqttSessions, type MqttSessions } from './mqtt-sessions.ts';
import { answerAsk, offerUpdate, type UpdateEvents } from './mqtt-updates.ts';
import { guardPackets } from './packet-guard.ts';

export interface MqttIngressEvents {
  readonly find: (device: DeviceId) => RegisteredDevice | undefined;
  readonly onPayload: (device: RegisteredDevice, payload: Uint8Array, done: (fault?: Fault) => void) => void;
  /** What a device that begins to listen is told first: a SignedPolicyBundle, or nothing. */
  readonly policy?: () => Uint8Array | undefined;
  readonly updates?: UpdateEvents;
  readonly onRefused: (reason: RefusalReason, device: DeviceId | undefined, detail: string) => void;
}

export type RefusalReason =
  | 'tls'
  | 'device-unknown'
  | 'device-revoked'
  | 'protocol-version'
  | 'client-id'
  | 'will'
  | 'topic'
  | 'signature'
  | 'broker'
  | 'packet-too-large'
  | 'not-reading'
  | 'connections';

export interface MqttIngress {
  readonly port: number;
  readonly connections: () => number;
  /** Tells a device what is durable; only connections that subscribed to its downlink get it. */
  readonly acknowledge: (acknowledgement: GroupAcknowledgement) => void;
  /** Sends a SignedPolicyBundle to every connection that listens. */
  readonly sendPolicy: (bundle: Uint8Array) => void;
  /** Offers every connection that listens what it is not done with. */
  readonly offerUpdates: () => void;
  /** Ends the connections of devices that may no longer connect; `find` refuses them from then on. */
  readonly cutOff: (mayConnect: (device: DeviceId) => boolean) => void;
  readonly close: () => Promise<void>;
}

/** A topic and a packet id come on top of the payload. */
const PACKET_BYTES_MAX = PAYLOAD_BYTES_MAX + 256;
const CONNECTIONS_MAX = 20_000;
/** Downlink bytes that may wait for one connection to read them. */
const DOWNLINK_BYTES_MAX = 1_048_576;
/** QoS 2 payloads the broker keeps for one connection until PUBREL; a vehicle has no use for QoS 2. */
const IN_FLIGHT_QOS2_MAX = 32;

/**
 * MQTT 3.1.1 over TLS 1.3 with client certificates, embedded; the cloud's only importer of aedes.
 * PUBACK is written when `onPayload` is done, which is when the payload is durable.
 */
export async function listenForMqtt(
  settings: TlsServerSettings,
  events: MqttIngressEvents,
): Promise<Result<MqttIngress, Fault>> {
  const opened = openTlsServer(settings, 'mqtt');
  if (!opened.ok) return opened;
  const server = opened.value;
  const sessions = createMqttSessions();
  const broker = await Aedes.createBroker({
    preConnect: (client, packet, done) => admitConnection(client, packet, done, sessions, events),
    maxInflightInbound: IN_FLIGHT_QOS2_MAX,
    ...topicRules(sessions, events),
  });
  // Nothing else can be subscribed to, so whatever is given up is the downlink.
  broker.on('unsubscribe', (_topics, client) => sessions.stopListening(client));
  broker.on('subscribe', (_subscriptions, client) => tellFirst(client, sessions, events));
  const { sockets, admitted } = serve(server, broker, events);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close();
      broker.close(() => {
        // The broker knows only those that have said CONNECT.
        for (const socket of sockets) socket.destroy();
        resolve();
      });
    });
  const listening = await listen(server, settings, 'mqtt.port');
  if (!listening.ok) {
    await close();
    return listening;
  }
  // A failure to accept one connection, for want of file handles or the like, is no reason to stop serving the others.
  server.on('error', (cause) => events.onRefused('connections', undefined, causeText(cause)));
  return ok({
    port: listening.value,
    connections: sessions.connections,
    acknowledge: (acknowledgement) => acknowledge(sessions, acknowledgement, events),
    sendPolicy: (bundle) => {
      for (const [client, device] of sessions.allListeners()) tell(client, device, bundle, events);
    },
    offerUpdates: () => {
      for (const [client, device] of sessions.allListeners())
        offerUpdate(device, events.updates, (bytes) => tell(client, device, bytes, events));
    },
    cutOff: (mayConnect) => cutOffRevoked(admitted, mayConnect, events),
    close,
  });
}

/** What a device hears that begins to listen. */
function tellFirst(client: Client, sessions: MqttSessions, events: MqttIngressEvents): void {
  const device = sessions.deviceOf(client);
  if (device === undefined || !sessions.listeners(device.device).has(client)) return;
  const bundle = events.policy?.();
  if (bundle !== undefined) tell(client, device, bundle, events);
  offerUpdate(device, events.updates, (bytes) => tell(client, device, bytes, events));
}

function cutOffRevoked(
  admitted: Serving['admitted'],
  mayConnect: (device: DeviceId) => boolean,
  events: MqttIngressEvents,
): void {
  for (const [socket, { device }] of admitted) {
    if (mayConnect(device)) continue;
    events.onRefused('device-revoked', device, 'while connected');
    socket.destroy();
  }
}

interface Serving {
  readonly sockets: ReadonlySet<Socket>;
  /** Connections of registered devices, also before they have said CONNECT. */
  readonly admitted: ReadonlyMap<TLSSocket, RegisteredDevice>;
}

/** Lets connections through to the broker; gives those that are open. */
function serve(server: Server, broker: Aedes, events: MqttIngressEvents): Serving {
  const sockets = new Set<Socket>();
  const admitted = new Map<TLSSocket, RegisteredDevice>();
  server.maxConnections = CONNECTIONS_MAX;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('drop', () => events.onRefused('connections', undefined, `over ${CONNECTIONS_MAX} connections`));
  server.on('tlsClientError', (cause, socket) => events.onRefused('tls', undefined, whyUntrusted(socket, cause)));
  server.on('secureConnection', (socket) => {
    socket.once('close', () => admitted.delete(socket));
    const device = accept(socket, broker, events);
    if (device !== undefined && !socket.destroyed) admitted.set(socket, device);
  });
  return { sockets, admitted };
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
    refuse(client, RETURN_CODES[refusal ?? 'device-unknown'] ?? NOT_AUTHORIZED, done);
    return;
  }
  // The name a client gives itself counts for nothing: two devices can never push each other off.
  packet.clientId = `${device.device}:${packet.clientId}`;
  // Sessions do not last here: the broker would keep their subscriptions, those it refused among them, and queue for
  // them what other devices send. MQTT-3.2.2-1: the CONNACK then says that no session is present.
  packet.clean = true;
  sessions.open(client, device);
  // The broker tells of the end of a connection only if it had got as far as its own list; the socket always does.
  client.conn.once('close', () => sessions.close(client));
  done(null, true);
}

/** A device may publish to its own uplink, ask for pieces of its own update, hear its own downlink, and nothing else. */
function topicRules(
  sessions: MqttSessions,
  events: MqttIngressEvents,
): Pick<AedesOptions, 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward'> {
  return {
    authorizePublish: (client, packet, done) => {
      const device = client === null ? undefined : sessions.deviceOf(client);
      if (client !== null && device !== undefined && packet.topic === askTopic(device.device)) {
        answerAsk(device, packet.payload as Buffer, events.updates, (bytes) => tell(client, device, bytes, events));
        return done(null);
      }
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
    // Asked again at the last moment before a packet goes to a device, whoever sent it.
    authorizeForward: (client, packet) => {
      const device = sessions.deviceOf(client);
      return device !== undefined && packet.topic === downlinkTopic(device.device) ? packet : null;
    },
  };
}

function acknowledge(sessions: MqttSessions, told: GroupAcknowledgement, events: MqttIngressEvents): void {
  const clients = sessions.listeners(told.device.device);
  if (clients.size === 0) return;
  for (let from = 0; from < told.ranges.length; from += ACKNOWLEDGED_RANGES_MAX) {
    const ranges = told.ranges.slice(from, from + ACKNOWLEDGED_RANGES_MAX);
    const payload = Buffer.from(encodeAcknowledgement({ epoch: told.epoch, ranges }));
    for (const client of clients) tell(client, told.device, payload, events);
  }
}

/** To one connection, unless too much waits for it already. */
function tell(
  client: Client,
  device: Pick<RegisteredDevice, 'device'>,
  bytes: Uint8Array,
  events: MqttIngressEvents,
): void {
  const topic = downlinkTopic(device.device);
  const payload = Buffer.from(bytes);
  if ((client.conn as TLSSocket).writableLength <= DOWNLINK_BYTES_MAX)
    client.publish({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false }, noop);
  else cutOff(client, device, events);
}

/** What a connection was not told it is told when it comes back and sends again. */
function cutOff(client: Client, { device }: Pick<RegisteredDevice, 'device'>, events: MqttIngressEvents): void {
  if (client.conn.destroyed) return;
  events.onRefused('not-reading', device, `over ${DOWNLINK_BYTES_MAX} bytes wait for it`);
  client.conn.destroy();
}

const noop = (): void => undefined;

const devices = new WeakMap<TLSSocket, RegisteredDevice>();

/** The certificate names the device; a key that the register does not know ends the connection. */
function accept(socket: TLSSocket, broker: Aedes, events: MqttIngressEvents): RegisteredDevice | undefined {
  socket.on('error', noop);
  const certificate = socket.getPeerX509Certificate();
  const id = certificate === undefined ? undefined : deviceIdOf(certificate.publicKey);
  const device = id === undefined ? undefined : events.find(id);
  if (device === undefined) {
    events.onRefused('device-unknown', id, 'certificate');
    socket.destroy();
    return undefined;
  }
  devices.set(socket, device);
  guardPackets(socket, PACKET_BYTES_MAX, () => {
    events.onRefused('packet-too-large', device.device, `over ${PACKET_BYTES_MAX} bytes`);
    socket.destroy();
  });
  broker.handle(socket);
  return device;
}

/** The library closes without a word when `preConnect` refuses, so the CONNACK is written here, in a form every version reads. */
function refuse(client: Client, returnCode: number, done: ConnectDone): void {
  client.conn.write(Buffer.from([0x20, 0x02, 0x00, returnCode]), () => done(new Error('refused'), false));
}
