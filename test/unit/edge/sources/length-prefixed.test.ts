import { expect, test } from 'vitest';
import { splitRecords } from '../../../../edge/sources/length-prefixed.ts';
import { seededChance } from '../../../support/edge/seeded.ts';

const framed = (...records: readonly string[]): Buffer =>
  Buffer.concat(
    records.map((record) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(record.length);
      return Buffer.concat([length, Buffer.from(record)]);
    }),
  );

test('records come whole, however the stream is cut', () => {
  const stream = framed('one', 'second', '3');
  for (let size = 1; size <= stream.length; size += 1) {
    const records: string[] = [];
    const splitter = splitRecords(6, (record) => records.push(Buffer.from(record).toString()));
    for (let at = 0; at < stream.length; at += size) expect(splitter.push(stream.subarray(at, at + size))).toBe(true);
    expect(records).toEqual(['one', 'second', '3']);
    expect(splitter.isWithinRecord()).toBe(false);
  }
});

test.each([
  ['0', Buffer.alloc(4)],
  ['one byte more than the limit', framed('seven..')],
  ['4 GB', Buffer.alloc(8, 0xff)],
])('a length of %s breaks the stream, for good', (_, stream) => {
  const records: unknown[] = [];
  const splitter = splitRecords(6, (record) => records.push(record));
  expect(splitter.push(stream)).toBe(false);
  expect(splitter.push(framed('one'))).toBe(false);
  expect([records, splitter.isWithinRecord()]).toEqual([[], false]);
});

test('100,000 random chunks: nothing throws, and no record is larger than the limit', () => {
  const chance = seededChance(7);
  let splitter = splitRecords(64, (record) => lengths.push(record.length));
  const lengths: number[] = [];
  for (let index = 0; index < 100_000; index += 1) {
    const chunk = Buffer.from(
      Array.from({ length: Math.floor(chance() * 12) }, () => Math.floor(chance() * 2) * Math.floor(chance() * 40)),
    );
    if (!splitter.push(chunk)) splitter = splitRecords(64, (record) => lengths.push(record.length));
  }
  expect(lengths.length).toBeGreaterThan(1_000);
  expect(lengths.every((length) => length > 0 && length <= 64)).toBe(true);
});
