import { expect, test } from 'vitest';
import type { CaptureEvent } from '../../../../cloud/capture/event.ts';
import { reconstruct } from '../../../../cloud/capture/reconstruct.ts';
import { anyCapture, START } from '../../../support/capture/events.ts';

const at = (laterMs: number) => (START + laterMs) as typeof START;
const none = new Uint8Array();
const KEY = Buffer.from(`CLIENT_TRAFFIC_SECRET_0 ${'ab'.repeat(32)} ${'cd'.repeat(48)}`);
const EVENTS: readonly CaptureEvent[] = [
  { kind: 'open', at: at(0), bytes: none },
  { kind: 'sent', at: at(1), bytes: Buffer.from('odd') },
  { kind: 'key', at: at(2), bytes: KEY },
  { kind: 'end-sent', at: at(3), bytes: none },
];

interface Block {
  readonly type: number;
  readonly body: Buffer;
}

/** Reads blocks by the published format alone. */
function blocksOf(file: Buffer): readonly Block[] {
  const blocks: Block[] = [];
  for (let place = 0; place < file.length; ) {
    const length = file.readUInt32LE(place + 4);
    expect(length % 4).toBe(0);
    expect(file.readUInt32LE(place + length - 4)).toBe(length);
    blocks.push({ type: file.readUInt32LE(place), body: file.subarray(place + 8, place + length - 4) });
    place += length;
  }
  return blocks;
}

const fileOf = (...captures: readonly (readonly [Parameters<typeof anyCapture>[0], readonly CaptureEvent[]])[]) =>
  Buffer.concat([
    ...reconstruct(captures.map(([changes, events]) => ({ capture: anyCapture(changes), events: () => events }))),
  ]);

/** One's complement sum over a header that holds its own checksum: all ones when it is right (RFC 1071). */
function onesSum(bytes: Buffer): number {
  let sum = 0;
  for (let place = 0; place < bytes.length; place += 2) sum += bytes.readUInt8(place) * 256 + (bytes[place + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

test('section and interface first, then the secrets, then packets in the order of time', () => {
  const blocks = blocksOf(fileOf([{}, EVENTS]));
  expect(blocks.map(({ type }) => type)).toEqual([0x0a0d0d0a, 1, 10, 6, 6, 6, 6, 6]);
  expect(blocks[0]?.body.toString('latin1')).toContain('Reconstructed, not captured on the wire');
  const secrets = blocks[2]?.body ?? Buffer.alloc(0);
  expect(secrets.toString('latin1', 0, 4)).toBe('KSLT');
  expect(secrets.toString('latin1', 8, 8 + secrets.readUInt32LE(4))).toBe(`${KEY}\n`);
  const times = blocks.slice(3).map(({ body }) => body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8));
  expect(times).toEqual([0, 0, 0, 1, 3].map((later) => START + later));
});

test.each([
  ['IPv4', { ownIp: '10.0.0.1', peerIp: '192.0.2.7' }, 0x0800, 34],
  ['IPv4 that a socket shows as IPv6', { ownIp: '::ffff:10.0.0.1', peerIp: '::ffff:192.0.2.7' }, 0x0800, 34],
  ['IPv6', { ownIp: '2001:db8::1', peerIp: '2001:db8:ffff::7' }, 0x86dd, 54],
])('checksums of %s are right', (_, ends, type, tcpAt) => {
  const packets = blocksOf(fileOf([ends, EVENTS])).filter((block) => block.type === 6);
  for (const { body } of packets) {
    const frame = body.subarray(20, 20 + body.readUInt32LE(12));
    expect(frame.readUInt16BE(12)).toBe(type);
    const tcp = frame.subarray(tcpAt);
    const addresses = tcpAt === 34 ? frame.subarray(26, 34) : frame.subarray(22, 54);
    if (tcpAt === 34) expect(onesSum(frame.subarray(14, 34))).toBe(0xffff);
    const tail = Buffer.from([0, 6, tcp.length >> 8, tcp.length & 0xff]);
    expect(onesSum(Buffer.concat([addresses, tail, tcp]))).toBe(0xffff);
  }
});

test('connections that went on at the same time lie one beside the other, and no secret comes late', () => {
  const later = EVENTS.map((event) => ({ ...event, at: (event.at + 1) as typeof START }));
  const blocks = blocksOf(fileOf([{}, EVENTS], [{ connection: 9, startMs: START + 1 }, later]));
  const times = blocks.filter(({ type }) => type === 6).map(({ body }) => body.readUInt32LE(8));
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect(blocks.filter(({ type }) => type === 10)).toHaveLength(2);
});

test('the same events give the same file, to the byte', () => {
  expect(fileOf([{}, EVENTS]).equals(fileOf([{}, EVENTS]))).toBe(true);
});
