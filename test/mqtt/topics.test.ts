import mqtt from 'mqtt';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ACKNOWLEDGED_RANGES_MAX, decodeAcknowledgement } from '../../proto/codec/control-codec.ts';
import { downlinkTopic, uplinkTopic } from '../../proto/words/topics.ts';
import type { ConnectingDevice } from '../support/cloud/certificates.ts';
import { deviceAt, heldIngress } from '../support/cloud/ingress.ts';
import {
  type ConnectOptions,
  connectPacket,
  DISCONNECT,
  dial,
  PINGREQ,
  publishPacket,
  type RawMqtt,
  type ReceivedPacket,
  subscribePacket,
  TYPE,
  unsubscribePacket,
} from '../support/cloud/raw-mqtt.ts';
import { until } from '../support/cloud/until.ts';

const broker = await heldIngress(2);
const device = deviceAt(broker, 0);
const other = deviceAt(broker, 1);
const ownUplink = uplinkTopic(device.registered.device);
const ownDownlink = downlinkTopic(device.registered.device);

beforeEach(async () => {
  await until(() => broker.ingress.connections() === 0);
  broker.refusals.length = 0;
  broker.held.length = 0;
  broker.letThrough(false);
});

/** A connection with its CONNACK behind it. */
async function connected(by: ConnectingDevice = device, options: ConnectOptions = {}): Promise<RawMqtt> {
  const raw = await dial(broker, by.identity);
  onTestFinished(() => {
    raw.socket.destroy();
  });
  raw.write(connectPacket(options));
  const connack = await raw.next(TYPE.connack);
  expect(connack?.body.readUInt8(1)).toBe(0);
  return raw;
}

/** What was granted for each topic: 0 to 2, or 128 for no. */
async function subscribe(raw: RawMqtt, topics: readonly string[], qos = 0): Promise<readonly number[]> {
  raw.write(subscribePacket(topics, 7, qos));
  const suback = await raw.next(TYPE.suback);
  return [...(suback?.body.subarray(2) ?? [])];
}

/** Everything that was sent before has arrived once this has. */
async function settle(raw: RawMqtt): Promise<void> {
  raw.write(PINGREQ);
  expect(await raw.next(TYPE.pingresp)).toBeDefined();
}

const publishes = (raw: RawMqtt): readonly ReceivedPacket[] => raw.received.filter(({ type }) => type === TYPE.publish);

const acknowledge = (ranges: number, firstSequence = 0): void =>
  broker.ingress.acknowledge({
    device: device.registered,
    epoch: 11,
    ranges: Array.from({ length: ranges }, (_, at) => ({
      firstSequence: firstSequence + at,
      count: 1,
      quarantined: false,
    })),
  });

/** The sequences that an acknowledgement on the wire names. */
function sequencesOf(received: ReceivedPacket | undefined): readonly number[] {
  if (received === undefined) throw new Error('a packet');
  const topicBytes = received.body.readUInt16BE(0);
  expect(received.body.subarray(2, 2 + topicBytes).toString()).toBe(ownDownlink);
  const decoded = decodeAcknowledgement(received.body.subarray(2 + topicBytes));
  if (!decoded.ok) throw new Error(decoded.fault.where);
  expect(decoded.value.epoch).toBe(11);
  return decoded.value.ranges.map((range) => range.firstSequence);
}

describe('a device publishes to its own uplink only', () => {
  test.each([
    ['the uplink of another device', uplinkTopic(other.registered.device)],
    ['its own downlink', ownDownlink],
    ['the downlink of another device', downlinkTopic(other.registered.device)],
    ['a topic below its uplink', `${ownUplink}/x`],
    ['its uplink in capitals', ownUplink.toUpperCase()],
    ['a system topic', '$SYS/broker/x'],
    ['a wildcard', 'tongguan/v1/up/+'],
  ])('not to %s: nothing arrives and the connection ends', async (_, topic) => {
    for (const qos of [0, 1, 2] as const) {
      const raw = await connected(device, { clientId: `q${qos}` });
      raw.write(publishPacket(topic, Buffer.from('x'), qos));
      await raw.closed;
      expect(raw.received).toEqual([]);
    }
    expect(broker.held).toEqual([]);
    if (!topic.includes('+'))
      expect(broker.refusals).toEqual(
        Array(3).fill({ reason: 'topic', device: device.registered.device, detail: 'publish' }),
      );
  });

  test('what it publishes there reaches no subscriber and is not retained', async () => {
    broker.letThrough(true);
    const listener = await connected(other);
    await subscribe(listener, [downlinkTopic(other.registered.device)]);
    const raw = await connected();
    const retained = publishPacket(ownUplink, Buffer.from('x'));
    retained.writeUInt8(retained.readUInt8(0) | 1, 0);
    raw.write(retained);
    expect(await raw.next(TYPE.puback)).toBeDefined();
    await settle(listener);
    expect(publishes(listener)).toEqual([]);
  });
});

describe('a device hears its own downlink only', () => {
  test.each([
    '#',
    '+',
    '+/#',
    'tongguan/#',
    'tongguan/v1/down/+',
    `tongguan/v1/+/${device.registered.device}`,
    '$SYS/#',
    `$share/g/${ownDownlink}`,
    `$share/g/${downlinkTopic(other.registered.device)}`,
    '$share/g/#',
    `$queue/${ownDownlink}`,
    downlinkTopic(other.registered.device),
    ownUplink,
    uplinkTopic(other.registered.device),
    `${ownDownlink}/`,
  ])('`%s` is refused, and the refusal is told', async (topic) => {
    const raw = await connected();
    expect(await subscribe(raw, [topic])).toEqual([128]);
    expect(broker.refusals).toEqual([{ reason: 'topic', device: device.registered.device, detail: 'subscribe' }]);
  });

  test('its own is granted, also beside one that is refused', async () => {
    const raw = await connected();
    expect(await subscribe(raw, ['#', ownDownlink, '$SYS/#'])).toEqual([128, 0, 128]);
  });

  test('a real client is told no as well', async () => {
    const { certificate: cert, key } = device.identity;
    const client = mqtt.connect(broker.url, {
      protocolVersion: 4,
      reconnectPeriod: 0,
      ca: broker.authority,
      cert,
      key,
    });
    onTestFinished(() => {
      client.end(true);
    });
    const granted = await client.subscribeAsync([ownDownlink]);
    expect(granted.map(({ qos }) => qos)).toEqual([0]);
    await expect(client.subscribeAsync(['$share/g/#'])).rejects.toThrow();
  });

  test('a refused topic beside a granted one brings nothing later, however the session is named', async () => {
    broker.letThrough(true);
    const lasting: ConnectOptions = { clientId: 'lasting', clean: false };
    const before = await connected(device, lasting);
    expect(await subscribe(before, [ownDownlink, '#'], 1)).toEqual([1, 128]);
    before.write(DISCONNECT);
    await before.closed;
    await until(() => broker.ingress.connections() === 0);
    const sender = await connected(other);
    for (const id of [1, 2, 3])
      sender.write(publishPacket(uplinkTopic(other.registered.device), Buffer.from('secret'), 1, id));
    for (const _ of [1, 2, 3]) expect(await sender.next(TYPE.puback)).toBeDefined();
    const after = await connected(device, lasting);
    await settle(after);
    expect(publishes(after)).toEqual([]);
  });

  test('no session lasts: CONNACK says so, and nothing is heard before it is asked for again', async () => {
    const lasting: ConnectOptions = { clientId: 'lasting', clean: false };
    const before = await connected(device, lasting);
    await subscribe(before, [ownDownlink]);
    before.socket.destroy();
    await until(() => broker.ingress.connections() === 0);
    const raw = await dial(broker, device.identity);
    onTestFinished(() => {
      raw.socket.destroy();
    });
    raw.write(connectPacket(lasting));
    expect([...((await raw.next(TYPE.connack))?.body ?? [])]).toEqual([0, 0]);
    acknowledge(1);
    await settle(raw);
    expect(publishes(raw)).toEqual([]);
    await subscribe(raw, [ownDownlink]);
    acknowledge(1);
    expect(sequencesOf(await raw.next(TYPE.publish))).toEqual([0]);
  });
});

describe('acknowledgements', () => {
  test('go to each connection of the device that listens, and to no other', async () => {
    const [one, two, deaf, stranger] = [
      await connected(device, { clientId: 'one' }),
      await connected(device, { clientId: 'two' }),
      await connected(device, { clientId: 'deaf' }),
      await connected(other),
    ];
    for (const raw of [one, two]) await subscribe(raw, [ownDownlink]);
    await subscribe(stranger, [downlinkTopic(other.registered.device)]);
    acknowledge(2, 40);
    expect(sequencesOf(await one.next(TYPE.publish))).toEqual([40, 41]);
    expect(sequencesOf(await two.next(TYPE.publish))).toEqual([40, 41]);
    for (const raw of [deaf, stranger]) {
      await settle(raw);
      expect(publishes(raw)).toEqual([]);
    }
  });

  test('of more ranges than one message holds come in several, and none is left out', async () => {
    const raw = await connected();
    await subscribe(raw, [ownDownlink]);
    const count = ACKNOWLEDGED_RANGES_MAX * 2 + 5;
    acknowledge(count);
    const heard: number[] = [];
    while (heard.length < count) heard.push(...sequencesOf(await raw.next(TYPE.publish)));
    expect(heard).toEqual(Array.from({ length: count }, (_, at) => at));
  });

  test('stop when the device does not want them any more', async () => {
    const raw = await connected();
    await subscribe(raw, [ownDownlink]);
    raw.write(unsubscribePacket([ownDownlink]));
    expect(await raw.next(TYPE.unsuback)).toBeDefined();
    acknowledge(1);
    await settle(raw);
    expect(publishes(raw)).toEqual([]);
  });
});
