import mqtt, { type MqttClient } from 'mqtt';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { downlinkTopic, uplinkTopic } from '../../proto/words/topics.ts';
import type { ConnectingDevice } from '../support/cloud/certificates.ts';
import { deviceAt, heldIngress } from '../support/cloud/ingress.ts';
import {
  connectPacket,
  dial,
  PINGREQ,
  publishPacket,
  pubrelPacket,
  type RawMqtt,
  TYPE,
} from '../support/cloud/raw-mqtt.ts';
import { until } from '../support/cloud/until.ts';

const broker = await heldIngress(2);
const device = deviceAt(broker, 0);
const other = deviceAt(broker, 1);
const uplink = uplinkTopic(device.registered.device);

const full: Fault = {
  code: 'STORE_UNAVAILABLE',
  problem: bilingual('full', '满'),
  remedy: bilingual('free space', '释放空间'),
  retry: 'later',
};

beforeEach(async () => {
  await until(() => broker.ingress.connections() === 0);
  broker.held.length = 0;
  broker.letThrough(false);
});

async function connected(by: ConnectingDevice = device): Promise<RawMqtt> {
  const raw = await dial(broker, by.identity);
  onTestFinished(() => {
    raw.socket.destroy();
  });
  raw.write(connectPacket());
  expect((await raw.next(TYPE.connack))?.body.readUInt8(1)).toBe(0);
  return raw;
}

const idOf = (packet: { readonly body: Buffer } | undefined): number | undefined => packet?.body.readUInt16BE(0);

describe('PUBACK', () => {
  test('comes when the payload is durable, and not before', async () => {
    const raw = await connected();
    // In one write, so that the answer to the second shows that the first was dealt with.
    raw.write(publishPacket(uplink, Buffer.from('frame'), 1, 77), PINGREQ);
    const held = await broker.arrival();
    expect(Buffer.from(held.payload).toString()).toBe('frame');
    expect(held.device.number).toBe(1);
    expect(await raw.next(TYPE.pingresp)).toBeDefined();
    expect(raw.received).toEqual([]);
    held.done();
    expect(idOf(await raw.next(TYPE.puback))).toBe(77);
  });

  test('comes for each payload of a group by itself, in any order', async () => {
    const raw = await connected();
    raw.write(...[1, 2, 3].map((id) => publishPacket(uplink, Buffer.from([id]), 1, id)), PINGREQ);
    const held = [await broker.arrival(), await broker.arrival(), await broker.arrival()];
    await raw.next(TYPE.pingresp);
    held[1]?.done();
    expect(idOf(await raw.next(TYPE.puback))).toBe(2);
    expect(raw.received).toEqual([]);
    held[0]?.done();
    held[2]?.done();
    expect([idOf(await raw.next(TYPE.puback)), idOf(await raw.next(TYPE.puback))]).toEqual([1, 3]);
  });

  test('never comes after a store fault: the connection ends, and the vehicle sends again', async () => {
    const raw = await connected();
    raw.write(publishPacket(uplink, Buffer.from('frame'), 1, 5));
    (await broker.arrival()).done(full);
    await raw.closed;
    expect(raw.received).toEqual([]);
    const again = await connected();
    again.write(publishPacket(uplink, Buffer.from('frame'), 1, 5));
    (await broker.arrival()).done();
    expect(idOf(await again.next(TYPE.puback))).toBe(5);
  });

  test('a fault answered to many payloads of one connection ends it once, and no other', async () => {
    const [raw, bystander] = [await connected(), await connected(other)];
    raw.write(...[1, 2, 3, 4].map((id) => publishPacket(uplink, Buffer.from([id]), 1, id)));
    const held = [];
    for (let count = 0; count < 4; count += 1) held.push(await broker.arrival());
    for (const { done } of held) done(full);
    await raw.closed;
    expect(raw.received).toEqual([]);
    bystander.write(PINGREQ);
    expect(await bystander.next(TYPE.pingresp)).toBeDefined();
  });

  test('an answer that comes after the connection ended harms nobody', async () => {
    const raw = await connected();
    raw.write(publishPacket(uplink, Buffer.from('one'), 1, 1), publishPacket(uplink, Buffer.from('two'), 1, 2));
    const [one, two] = [await broker.arrival(), await broker.arrival()];
    raw.socket.destroy();
    await until(() => broker.ingress.connections() === 0);
    one.done();
    two.done(full);
    const again = await connected();
    again.write(PINGREQ);
    expect(await again.next(TYPE.pingresp)).toBeDefined();
  });

  test('a payload that waits does not hold up other devices', async () => {
    const [raw, bystander] = [await connected(), await connected(other)];
    raw.write(publishPacket(uplink, Buffer.from('waits'), 1, 1));
    const waiting = await broker.arrival();
    bystander.write(publishPacket(uplinkTopic(other.registered.device), Buffer.from('goes'), 1, 1));
    (await broker.arrival()).done();
    expect(idOf(await bystander.next(TYPE.puback))).toBe(1);
    waiting.done();
    expect(idOf(await raw.next(TYPE.puback))).toBe(1);
  });
});

describe('every quality of service', () => {
  test('0 arrives and is answered with nothing', async () => {
    const raw = await connected();
    raw.write(publishPacket(uplink, Buffer.from('zero'), 0), PINGREQ);
    const held = await broker.arrival();
    held.done();
    await raw.next(TYPE.pingresp);
    expect(raw.received).toEqual([]);
    expect(Buffer.from(held.payload).toString()).toBe('zero');
  });

  test('2 gets PUBREC when the payload is durable, and PUBCOMP at the end', async () => {
    const raw = await connected();
    raw.write(publishPacket(uplink, Buffer.from('two'), 2, 9), PINGREQ);
    const held = await broker.arrival();
    await raw.next(TYPE.pingresp);
    expect(raw.received).toEqual([]);
    held.done();
    expect(idOf(await raw.next(TYPE.pubrec))).toBe(9);
    raw.write(pubrelPacket(9));
    expect(idOf(await raw.next(TYPE.pubcomp))).toBe(9);
    expect(broker.held).toEqual([]);
  });

  test('2 without an end is cut off before it fills the memory', async () => {
    broker.letThrough(true);
    const raw = await connected();
    const payload = Buffer.alloc(1_000);
    for (let id = 1; id <= 200 && !raw.isClosed(); id += 1) raw.write(publishPacket(uplink, payload, 2, id));
    await raw.closed;
    expect(raw.received.filter(({ type }) => type === TYPE.pubrec).length).toBeLessThan(100);
  });

  test.each([0, 1, 2] as const)('%i as a real client sends it', async (qos) => {
    broker.letThrough(true);
    const client = connectClient(device);
    await client.publishAsync(uplink, 'frame', { qos });
    expect(client.connected).toBe(true);
  });

  test('the empty payload and the largest arrive as they are', async () => {
    const raw = await connected();
    const largest = Buffer.alloc(66_560, 1);
    raw.write(publishPacket(uplink, Buffer.alloc(0), 1, 1));
    const empty = await broker.arrival();
    expect(empty.payload).toBeInstanceOf(Uint8Array);
    expect(empty.payload.length).toBe(0);
    empty.done();
    raw.write(publishPacket(uplink, largest, 1, 2));
    const held = await broker.arrival();
    expect(Buffer.compare(held.payload, largest)).toBe(0);
    held.done();
  });
});

describe('the acknowledgement of the cloud', () => {
  test('reaches a real client on its downlink', async () => {
    broker.letThrough(true);
    const client = connectClient(device);
    await client.subscribeAsync(downlinkTopic(device.registered.device));
    const heard = new Promise<string>((resolve) => client.once('message', resolve));
    broker.ingress.acknowledge({
      device: device.registered,
      epoch: 11,
      ranges: [{ firstSequence: 0, count: 2, quarantined: false }],
    });
    expect(await heard).toBe(downlinkTopic(device.registered.device));
  });
});

function connectClient(by: ConnectingDevice): MqttClient {
  const { certificate: cert, key } = by.identity;
  const client = mqtt.connect(broker.url, { protocolVersion: 4, reconnectPeriod: 0, ca: broker.authority, cert, key });
  onTestFinished(() => {
    client.end(true);
  });
  return client;
}
