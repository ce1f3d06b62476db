import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { listenForMqtt } from '../../cloud/adapters/embedded-mqtt.ts';
import { connectingDevice, createAuthority, type TestIdentity } from '../support/cloud/certificates.ts';
import { deviceAt, heldIngress } from '../support/cloud/ingress.ts';
import { connectPacket, DISCONNECT, dial, PINGREQ, type RawMqtt, TYPE } from '../support/cloud/raw-mqtt.ts';
import { until } from '../support/cloud/until.ts';

const broker = await heldIngress(3);
const device = deviceAt(broker, 0);
const other = deviceAt(broker, 1);

async function open(identity: TestIdentity = device.identity, session?: Buffer): Promise<RawMqtt> {
  const raw = await dial(broker, identity, session);
  onTestFinished(() => {
    raw.socket.destroy();
  });
  return raw;
}

/** The return code of CONNACK, or that the connection ended without one. */
async function connectBy(raw: RawMqtt, ...packets: readonly Uint8Array[]): Promise<number | 'ended'> {
  raw.write(...packets);
  const connack = await raw.next(TYPE.connack);
  return connack === undefined ? 'ended' : connack.body.readUInt8(1);
}

const answersPing = async (raw: RawMqtt): Promise<boolean> => {
  raw.write(PINGREQ);
  return (await raw.next(TYPE.pingresp)) !== undefined;
};

/** A real client; resolves with it, or with the error it got instead of a connection. */
function client(options: IClientOptions): Promise<MqttClient | Error> {
  const made = mqtt.connect(broker.url, { reconnectPeriod: 0, ca: broker.authority, ...options });
  onTestFinished(() => {
    made.end(true);
  });
  return new Promise((resolve) => {
    made.once('connect', () => resolve(made));
    made.once('error', resolve);
    made.once('close', () => resolve(new Error('closed')));
  });
}

const certified = { cert: device.identity.certificate, key: device.identity.key };
beforeEach(async () => {
  await until(() => broker.ingress.connections() === 0);
  broker.refusals.length = 0;
});

const nobodyLeft = () => until(() => broker.ingress.connections() === 0);

describe('who is let in', () => {
  test('a registered certificate of the device authority', async () => {
    const made = await client({ protocolVersion: 4, ...certified });
    expect(made).toBeInstanceOf(mqtt.MqttClient);
    expect(broker.ingress.connections()).toBe(1);
  });

  test('not without a certificate', async () => {
    const made = await client({ protocolVersion: 4 });
    expect(made).toBeInstanceOf(Error);
    expect(await broker.refusal()).toMatchObject({ reason: 'tls', device: undefined });
  });

  test('not with a certificate of another authority, whatever it says', async () => {
    const foreign = await connectingDevice(await createAuthority('devices'), 1);
    const raw = await open(foreign.identity);
    expect(await connectBy(raw, connectPacket())).toBe('ended');
    expect(await broker.refusal()).toMatchObject({ reason: 'tls', device: undefined });
  });

  test('not with a key that is not registered', async () => {
    const stranger = await connectingDevice(broker.authorityOfDevices, 9);
    const raw = await open(stranger.identity);
    expect(await connectBy(raw, connectPacket())).toBe('ended');
    const told = { reason: 'device-unknown', device: stranger.registered.device, detail: 'certificate' };
    expect(await broker.refusal()).toEqual(told);
  });

  test('not with a certificate that has expired', async () => {
    const late = await broker.authorityOfDevices.issue('tcu 1', 'client', -1);
    const raw = await open(late);
    expect(await connectBy(raw, connectPacket())).toBe('ended');
    expect(await broker.refusal()).toMatchObject({ reason: 'tls', detail: 'CERT_HAS_EXPIRED' });
  });

  test('not below TLS 1.3', async () => {
    const made = await client({ protocolVersion: 4, ...certified, ...({ maxVersion: 'TLSv1.2' } as object) });
    expect(made).toBeInstanceOf(Error);
    expect(await broker.refusal()).toMatchObject({ reason: 'tls' });
  });

  test('by its certificate each time: a TLS session of an earlier connection is not taken up again', async () => {
    const first = await open();
    const sessions: Buffer[] = [];
    first.socket.on('session', (session: Buffer) => sessions.push(session));
    expect(await connectBy(first, connectPacket())).toBe(0);
    // What the server gives a client to resume by has come, if it comes at all, before the answer to a ping.
    expect(await answersPing(first)).toBe(true);
    const again = await open(device.identity, sessions.at(-1) ?? first.socket.getSession());
    expect(again.socket.isSessionReused()).toBe(false);
    expect(await connectBy(again, connectPacket({ clientId: 'again' }))).toBe(0);
    expect(await answersPing(again)).toBe(true);
  });
});

describe('which CONNECT is refused', () => {
  test('MQTT 5, on the wire, as a real client reads it', async () => {
    const made = await client({ protocolVersion: 5, ...certified });
    expect(made).toMatchObject({ message: expect.stringContaining('Connection refused') });
    const told = { reason: 'protocol-version', device: device.registered.device, detail: 'MQTT protocol level 5' };
    expect(await broker.refusal()).toEqual(told);
  });

  test.each([
    ['MQTT 5', { level: 5 }, 'MQTT protocol level 5'],
    ['MQTT 3.1', { level: 3, protocol: 'MQIsdp' }, 'MQTT protocol level 3'],
  ])('%s, with return code 1 and then the end', async (_, options, detail) => {
    const raw = await open();
    expect(await connectBy(raw, connectPacket(options))).toBe(1);
    await raw.closed;
    expect(await broker.refusal()).toMatchObject({ reason: 'protocol-version', detail });
  });

  test('an empty client id with a lasting session, with return code 2', async () => {
    const raw = await open();
    expect(await connectBy(raw, connectPacket({ clientId: '', clean: false }))).toBe(2);
    await raw.closed;
    expect(await broker.refusal()).toMatchObject({ reason: 'client-id', device: device.registered.device });
  });

  test('but an empty client id with a clean session is a client like any other', async () => {
    const raw = await open();
    expect(await connectBy(raw, connectPacket({ clientId: '' }))).toBe(0);
  });

  test('a will, with return code 5', async () => {
    const raw = await open();
    const will = { topic: `tongguan/v1/up/${device.registered.device}`, payload: 'bye' };
    expect(await connectBy(raw, connectPacket({ will }))).toBe(5);
    await raw.closed;
    expect(await broker.refusal()).toMatchObject({ reason: 'will', device: device.registered.device });
    expect(broker.held).toEqual([]);
  });

  test('a second one on the same connection', async () => {
    const raw = await open();
    expect(await connectBy(raw, connectPacket())).toBe(0);
    raw.write(connectPacket());
    await raw.closed;
    await nobodyLeft();
  });
});

describe('who is counted', () => {
  test('two devices of one client id do not push each other off', async () => {
    const [one, two] = [await open(), await open(other.identity)];
    expect(await connectBy(one, connectPacket({ clientId: 'tcu' }))).toBe(0);
    expect(await connectBy(two, connectPacket({ clientId: 'tcu' }))).toBe(0);
    expect([await answersPing(one), await answersPing(two)]).toEqual([true, true]);
  });

  test('nor does the name of another device as client id', async () => {
    const [one, two] = [await open(), await open(other.identity)];
    expect(await connectBy(one, connectPacket({ clientId: device.registered.device }))).toBe(0);
    expect(
      await connectBy(two, connectPacket({ clientId: `${device.registered.device}:${device.registered.device}` })),
    ).toBe(0);
    expect(await answersPing(one)).toBe(true);
  });

  test('one device with one client id twice: the later connection stays', async () => {
    const [one, two] = [await open(), await open()];
    expect(await connectBy(one, connectPacket())).toBe(0);
    expect(await connectBy(two, connectPacket())).toBe(0);
    await one.closed;
    expect(await answersPing(two)).toBe(true);
    await until(() => broker.ingress.connections() === 1);
  });

  test('a device has four connections at most, and gets a place back when one ends', async () => {
    const raws: RawMqtt[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      const raw = await open();
      expect(await connectBy(raw, connectPacket({ clientId: name }))).toBe(0);
      raws.push(raw);
    }
    const fifth = await open();
    expect(await connectBy(fifth, connectPacket({ clientId: 'e' }))).toBe(5);
    expect(await broker.refusal()).toMatchObject({ reason: 'connections', device: device.registered.device });
    raws[0]?.write(DISCONNECT);
    await until(() => broker.ingress.connections() === 3);
    expect(await connectBy(await open(), connectPacket({ clientId: 'e' }))).toBe(0);
  });

  test('connections that break while they connect take no place for ever', async () => {
    await nobodyLeft();
    for (let time = 0; time < 12; time += 1) {
      const raw = await open();
      raw.socket.write(connectPacket({ clientId: `broken ${time}` }));
      if (time % 2 === 0) raw.socket.end();
      else raw.socket.destroySoon();
      await raw.closed;
    }
    await nobodyLeft();
    expect(await connectBy(await open(), connectPacket())).toBe(0);
  });

  test('nor do takeovers that race', async () => {
    await nobodyLeft();
    for (let round = 0; round < 6; round += 1) {
      const raws = await Promise.all([open(), open(), open()]);
      for (const raw of raws) raw.write(connectPacket({ clientId: 'same' }));
      for (const raw of raws) raw.socket.end();
      await Promise.all(raws.map((raw) => raw.closed));
    }
    await nobodyLeft();
    expect(await connectBy(await open(), connectPacket())).toBe(0);
  });
});

describe('listening', () => {
  test('a port in use is a fault with its remedy', async () => {
    const second = await listenForMqtt({ ...broker.settings, port: broker.port }, noEvents);
    expect(second).toMatchObject({ ok: false, fault: { code: 'PORT_UNAVAILABLE', retry: 'after-remedy' } });
    if (second.ok) return;
    expect(second.fault.problem.en).toContain(`127.0.0.1:${broker.port}`);
    expect(second.fault.remedy.en).toContain('mqtt.port');
    expect(second.fault.problem.zh).toMatch(/\p{Script=Han}/u);
  });

  test.each([
    ['a certificate that is none', { certificate: 'none' }],
    ['a key that is none', { key: 'none' }],
    ['the key of another certificate', { key: device.identity.key }],
  ])('%s is a fault with its remedy', async (_, change) => {
    const started = await listenForMqtt({ ...broker.settings, ...change }, noEvents);
    expect(started).toMatchObject({ ok: false, fault: { code: 'CERTIFICATE_UNUSABLE', retry: 'after-remedy' } });
    if (started.ok) return;
    expect(started.fault.remedy.en).toContain('mqtt.certificateFile');
    expect(started.fault.problem.zh).toMatch(/\p{Script=Han}/u);
  });

  test('closing ends every connection, also those that have not said CONNECT', async () => {
    const started = await listenForMqtt(broker.settings, { ...noEvents, find: () => device.registered });
    if (!started.ok) throw new Error(started.fault.code);
    const target = { port: started.value.port, authority: broker.authority };
    const [silent, connected] = [await dial(target, device.identity), await dial(target, device.identity)];
    expect(await connectBy(connected, connectPacket())).toBe(0);
    await started.value.close();
    await Promise.all([silent.closed, connected.closed]);
    expect(started.value.connections()).toBe(0);
  });
});

const noEvents = { find: () => undefined, onPayload: () => undefined, onRefused: () => undefined };
