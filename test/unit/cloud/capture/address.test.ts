import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isV4, parseAddress, parseCidr, wireBytes } from '../../../../cloud/capture/address.ts';

const hex = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString('hex'));

// biome-ignore format: one address a line
test.each([
  ['192.0.2.1', '00000000000000000000ffffc0000201'],
  ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
  ['::1', '00000000000000000000000000000001'],
  ['::', '00000000000000000000000000000000'],
  ['2001:db8::a:0:1', '20010db8000000000000000a00000001'],
  ['fe80::1%eth0', 'fe800000000000000000000000000001'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
])('%s', (text, expected) => {
  expect(hex(parseAddress(text))).toBe(expected);
});

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '01.2.3.4',
  'a',
  '1::2::3',
  ':1',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '12345::',
  '::1.2.3',
  '1:2:3:4:5:6:7::8',
])('`%s` is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test.each([
  '192.0.2.1/24',
  '192.0.2.0/33',
  '192.0.2.0/',
  '192.0.2.0/024',
  '2001:db8::1/32',
  'x/8',
  '1.2.3.4/8/8',
  'fe80::1%eth0/64',
])('`%s` is no range: what is not exact is not guessed at', (text) => {
  expect(parseCidr(text)).toEqual({ ok: false, fault: 'CIDR' });
});

test('a range holds its addresses and no other, in the order of their bytes, in either family', () => {
  const v4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
  fc.assert(
    fc.property(v4, v4, fc.nat(32), (network, other, prefix) => {
      const word = (parts: readonly number[]) => parts.reduce((sum, part) => sum * 256 + part, 0);
      const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
      const base = (word(network) & mask) >>> 0;
      const range = parseCidr(`${[24, 16, 8, 0].map((shift) => (base >>> shift) & 255).join('.')}/${prefix}`);
      const address = parseAddress(other.join('.'));
      if (!range.ok || address === undefined) throw new Error('a range and an address');
      const isIn = Buffer.compare(range.value.low, address) <= 0 && Buffer.compare(address, range.value.high) <= 0;
      expect(isIn).toBe((word(other) & mask) >>> 0 === base);
    }),
  );
  const six = parseCidr('2001:db8::/33');
  expect(six.ok && [hex(six.value.low), hex(six.value.high)]).toEqual([
    `20010db8${'0'.repeat(24)}`,
    `20010db87fff${'f'.repeat(20)}`,
  ]);
  const one = parseCidr('::1');
  expect(one.ok && hex(one.value.low) === hex(one.value.high)).toBe(true);
});

test('on the wire an address has the length of its family', () => {
  const [four, six] = [parseAddress('192.0.2.1'), parseAddress('2001:db8::1')];
  expect([four && wireBytes(four).length, six && wireBytes(six).length]).toEqual([4, 16]);
  expect([four && isV4(four), six && isV4(six)]).toEqual([true, false]);
});
