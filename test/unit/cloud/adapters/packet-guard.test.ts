import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { guardPackets, packetScanner } from '../../../../cloud/adapters/packet-guard.ts';

/** An MQTT packet of type 3 with a body of so many bytes, its length as MQTT 3.1.1 section 2.2.3 writes it. */
function packet(bytes: number): Buffer {
  return Buffer.concat([Buffer.from([0x30]), lengthOf(bytes), Buffer.alloc(bytes, 0xff)]);
}

function lengthOf(bytes: number): Buffer {
  const digits: number[] = [];
  for (let left = bytes; digits.length === 0 || left > 0; left = Math.floor(left / 128))
    digits.push((left % 128) | (left >= 128 ? 0x80 : 0));
  return Buffer.from(digits);
}

describe('packetScanner', () => {
  test.each([0, 1, 127, 128, 16_383, 16_384])(
    'lets a packet of exactly the limit of %i pass, and not one more',
    (max) => {
      expect(packetScanner(max)(packet(max))).toBe(true);
      expect(packetScanner(max)(packet(max + 1))).toBe(false);
    },
  );

  test('says no at the byte that makes the packet too large, before any of its body', () => {
    const scan = packetScanner(100_000);
    const [header, ...length] = [0x30, ...lengthOf(200_000_000)];
    expect(scan(Buffer.from([header ?? 0]))).toBe(true);
    const answers = length.map((byte) => scan(Buffer.from([byte])));
    expect(answers.indexOf(false)).toBeLessThanOrEqual(length.length - 1);
    expect(answers).toContain(false);
  });

  test('a length of more than four bytes is refused even if it counts to nothing', () => {
    expect(packetScanner(10)(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x00]))).toBe(false);
    expect(packetScanner(10)(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x00, 0xc0, 0x00]))).toBe(true);
  });

  test('finds the packet that is too large however the stream is cut', () => {
    const stream = Buffer.concat([packet(0), packet(200), packet(3), packet(301), packet(1)]);
    for (let size = 1; size <= 64; size += 1) {
      const scan = packetScanner(300);
      let at = 0;
      while (at < stream.length && scan(stream.subarray(at, at + size))) at += size;
      // The announcement stands at 2 + 203 + 5, and its second length byte decides.
      expect(Math.floor(at / size)).toBe(Math.floor((2 + 203 + 5 + 2) / size));
    }
  });

  test('never takes a byte of a body for a header', () => {
    const scan = packetScanner(300);
    for (let turn = 0; turn < 200; turn += 1) expect(scan(packet(turn % 301))).toBe(true);
  });
});

describe('guardPackets', () => {
  test('gives the reader nothing from the chunk with the packet that is too large on, and tells once', async () => {
    const stream = new PassThrough();
    let told = 0;
    guardPackets(stream, 10, () => {
      told += 1;
    });
    stream.write(packet(5));
    expect(stream.read()).toEqual(packet(5));
    stream.write(packet(11));
    expect(stream.read()).toBeNull();
    stream.write(packet(5));
    expect(stream.read()).toBeNull();
    expect(told).toBe(1);
  });

  test('passes on an empty read', () => {
    const stream = new PassThrough();
    guardPackets(stream, 10, () => expect.unreachable());
    expect(stream.read()).toBeNull();
  });
});
