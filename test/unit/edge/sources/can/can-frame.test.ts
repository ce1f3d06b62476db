import { expect, test } from 'vitest';
import { type CanFrame, parseCandumpLine } from '../../../../../edge/sources/can/can-frame.ts';
import { seededChance } from '../../../../support/edge/seeded.ts';

const GOOD: readonly (readonly [string, Partial<CanFrame>])[] = [
  ['(1436509052.249713) vcan0 044#2A366C2BBA', { at: 1_436_509_052_249 as never, interface: 'vcan0', id: 0x44 }],
  ['(0.000000) can0 7FF#', { id: 0x7ff, isExtended: false, bytes: Buffer.alloc(0) }],
  ['(0.000999) can0 18FEE9FE#11', { at: 0 as never, id: 0x18fee9fe, isExtended: true }],
  ['(1.5) can0 1FFFFFFF#11 R', { at: 1_500 as never, id: 0x1fffffff }],
  ['(1.000001) can-fd.1 123##1DEADBEEF', { id: 0x123, bytes: Buffer.from('deadbeef', 'hex') }],
  [`(1.000001) can0 123##0${'ab'.repeat(64)} T`, { bytes: Buffer.alloc(64, 0xab) }],
  ['(1.000001) can0 123#1122334455667788_F', { bytes: Buffer.from('1122334455667788', 'hex') }],
];

test.each(GOOD)('%s is a frame', (line, expected) => {
  expect(parseCandumpLine(line)).toMatchObject(expected);
});

test.each(['(1.0) can0 123#R', '(1.0) can0 123#R8', '(1.0) can0 20000080#0000000000000000', '(1.0) can0 1FFFFFFF#R'])(
  '%s carries no signal',
  (line) => {
    expect(parseCandumpLine(line)).toBe('no-data');
  },
);

test.each([
  ['a number beyond 11 bits', '(1.0) can0 800#11'],
  ['a number of 4 digits', '(1.0) can0 0123#11'],
  ['flags beyond those of the kernel', '(1.0) can0 40000000#11'],
  ['half a byte', '(1.0) can0 123#1'],
  ['nine bytes', `(1.0) can0 123#${'11'.repeat(9)}`],
  ['65 bytes of CAN FD', `(1.0) can0 123##1${'11'.repeat(65)}`],
  ['CAN FD without flags', '(1.0) can0 123##'],
  ['CAN XL', '(1.0) can0 123#80:00:00000000#1122'],
  ['a time with a sign', '(-1.0) can0 123#11'],
  ['a time without a fraction', '(1) can0 123#11'],
  ['a time of another program', '2020-07-18 can0 123#11'],
  ['no interface', '(1.0) 123#11'],
  ['an interface longer than the kernel has them', `(1.0) ${'c'.repeat(16)} 123#11`],
  ['the form for people', '  can0  123   [2]  11 22'],
  ['a second frame', '(1.0) can0 123#11 (1.0) can0 123#11'],
  ['a blank before it', ' (1.0) can0 123#11'],
  ['nothing', ''],
])('%s is no frame', (_, line) => {
  expect(parseCandumpLine(line)).toBeUndefined();
});

test('100,000 mangled lines: nothing throws, and what passes is a frame within its limits', () => {
  const chance = seededChance(1_436_509_052);
  let frames = 0;
  for (let index = 0; index < 100_000; index += 1) {
    const line = GOOD[Math.floor(chance() * GOOD.length)]?.[0] ?? '';
    const at = Math.floor(chance() * line.length);
    const kind = Math.floor(chance() * 4);
    const mangled =
      kind === 0
        ? line.slice(0, at)
        : kind === 1
          ? line.slice(0, at) + String.fromCharCode(Math.floor(chance() * 256)) + line.slice(at + 1)
          : kind === 2
            ? line.slice(0, at) + line.slice(at, at + 3).repeat(Math.floor(chance() * 40)) + line.slice(at)
            : line;
    const frame = parseCandumpLine(mangled);
    if (frame === undefined || frame === 'no-data') continue;
    frames += 1;
    if (!Number.isSafeInteger(frame.at) || frame.id > 0x1fffffff || frame.bytes.length > 64) {
      throw new Error(`line ${index}: ${mangled}`);
    }
  }
  expect(frames).toBeGreaterThan(20_000);
});
