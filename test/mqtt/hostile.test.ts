import { setImmediate as turn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { downlinkTopic, uplinkTopic } from '../../proto/words/topics.ts';
import type { ConnectingDevice } from '../support/cloud/certificates.ts';
import { chanceFrom } from '../support/cloud/chance.ts';
import { deviceAt, heldIngress } from '../support/cloud/ingress.ts';
import {
  connectPacket,
  dial,
  lengthBytes,
  PINGREQ,
  publishPacket,
  type RawMqtt,
  subscribePacket,
  TYPE,
} from '../support/cloud/raw-mqtt.ts';
import { until } from '../support/cloud/until.ts';

const broker = await heldIngress(3);
const device = deviceAt(broker, 0);
const other = deviceAt(broker, 1);
const uplink = uplinkTopic(device.registered.device);

const MIB = 1_048_576;

beforeEach(async () => {
  await until(() => broker.ingress.connections() === 0);
  broker.refusals.length = 0;
  broker.letThrough(true);
});

async function open(by: ConnectingDevice = device): Promise<RawMqtt> {
  const raw = await dial(broker, by.identity);
  onTestFinished(() => {
    raw.socket.destroy();
  });
  return raw;
}

async function connected(by: ConnectingDevice = device, clientId = 'raw'): Promise<RawMqtt> {
  const raw = await open(by);
  raw.write(connectPacket({ clientId }));
  expect((await raw.next(TYPE.connack))?.body.readUInt8(1)).toBe(0);
  return raw;
}

async function expectServed(by: ConnectingDevice, id: number): Promise<void> {
  const raw = await connected(by, `served ${id}`);
  raw.write(publishPacket(uplinkTopic(by.registered.device), Buffer.from('frame'), 1, id));
  expect((await raw.next(TYPE.puback))?.body.readUInt16BE(0)).toBe(id);
}

/** Memory of this process outside the heap, where socket buffers lie. */
const outsideHeap = (): number => process.memoryUsage().external;

const TURNS_MAX = 2_000;

/** Whether the other side takes more: false when it does not for many turns of the loop, or has hung up. */
async function drains(raw: RawMqtt): Promise<boolean> {
  let isDrained = false;
  raw.socket.once('drain', () => {
    isDrained = true;
  });
  for (let turns = 0; turns < TURNS_MAX && !isDrained && !raw.isClosed(); turns += 1) await turn();
  return isDrained;
}

/** Sends a packet that announces 200 MB, and then as much of it as the other side takes. */
async function announce(raw: RawMqtt, head: number): Promise<number> {
  raw.write(Buffer.from([head]), lengthBytes(200_000_000));
  const chunk = Buffer.alloc(65_536, 0x30);
  let most = 0;
  for (let sent = 0; sent < 40 * MIB && !raw.isClosed(); sent += chunk.length) {
    if (!raw.socket.write(chunk) && !(await drains(raw))) break;
    most = Math.max(most, outsideHeap());
  }
  await raw.closed;
  return most;
}

describe('a packet that announces 200 MB', () => {
  test.each([
    ['PUBLISH', 0x32, connected],
    ['CONNECT, before anything else,', 0x10, open],
  ])('in a %s is cut off at its header, and memory does not grow', async (_, head, begin) => {
    const raw = await begin();
    const before = outsideHeap();
    const most = await announce(raw, head);
    expect(await broker.refusal()).toMatchObject({ reason: 'packet-too-large', device: device.registered.device });
    expect(most - before).toBeLessThan(8 * MIB);
    await expectServed(other, 1);
  });

  test('the limit is not in the way of the largest payload', async () => {
    const raw = await connected();
    raw.write(publishPacket(uplink, Buffer.alloc(66_560), 1, 3));
    expect((await raw.next(TYPE.puback))?.body.readUInt16BE(0)).toBe(3);
    raw.write(publishPacket(uplink, Buffer.alloc(67_000), 1, 4));
    await raw.closed;
    expect(raw.received).toEqual([]);
  });
});

describe('a connection that talks nonsense', () => {
  test('ends, whatever it says, and takes nobody with it', async () => {
    const chance = chanceFrom(20_261_121);
    const bystander = await connected(other);
    for (let time = 0; time < 40; time += 1) {
      const raw = time % 2 === 0 ? await open() : await connected(device, `noise ${time}`);
      const noise = Buffer.from(Uint8Array.from({ length: 1 + chance.below(300) }, () => chance.below(256)));
      raw.write(noise);
      raw.socket.end();
      await raw.closed;
    }
    bystander.write(PINGREQ);
    expect(await bystander.next(TYPE.pingresp)).toBeDefined();
    await expectServed(device, 9);
  });

  test('such as HTTP, or nothing at all over TCP, is told or dropped', async () => {
    const plain = connectTls({ host: '127.0.0.1', port: broker.port, rejectUnauthorized: false });
    plain.on('error', () => undefined);
    await new Promise((resolve) => plain.once('close', resolve));
    expect(await broker.refusal()).toMatchObject({ reason: 'tls' });
    const raw = await open();
    raw.write(Buffer.from('GET / HTTP/1.1\r\nHost: tongguan\r\n\r\n'));
    await raw.closed;
    await expectServed(device, 10);
  });
});

describe('a subscriber that stops reading', () => {
  const ranges = Array.from({ length: 1_024 }, (_, at) => ({
    firstSequence: 2 ** 40 + at,
    count: 9,
    quarantined: false,
  }));
  const acknowledge = (to: ConnectingDevice): void =>
    broker.ingress.acknowledge({ device: to.registered, epoch: 2 ** 40, ranges });

  test('does not stop the others, is cut off once a bounded backlog waits for it, and that is told', async () => {
    const [frozen, reader, stranger] = [
      await connected(device, 'frozen'),
      await connected(device, 'reader'),
      await connected(other),
    ];
    for (const raw of [frozen, reader]) {
      raw.write(subscribePacket([downlinkTopic(device.registered.device)]));
      await raw.next(TYPE.suback);
    }
    frozen.socket.pause();
    const before = outsideHeap();
    let heard = 0;
    // 2 000 messages of some 15 kB are 30 MB, which no socket buffer holds.
    for (let sent = 0; sent < 2_000 && broker.refusals.length === 0; sent += 1) {
      acknowledge(device);
      await reader.next(TYPE.publish);
      heard += 1;
    }
    expect(broker.refusals).toEqual([
      { reason: 'not-reading', device: device.registered.device, detail: 'over 1048576 bytes wait for it' },
    ]);
    expect(outsideHeap() - before).toBeLessThan(16 * MIB);
    acknowledge(device);
    expect(await reader.next(TYPE.publish)).toBeDefined();
    expect(heard).toBeGreaterThan(0);
    stranger.write(publishPacket(uplinkTopic(other.registered.device), Buffer.from('frame'), 1, 6));
    expect(await stranger.next(TYPE.puback)).toBeDefined();
    await until(() => broker.ingress.connections() === 2);
    frozen.socket.resume();
    await frozen.closed;
  });
});
