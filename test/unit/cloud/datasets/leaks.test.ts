import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstLook, leaksInBytes, leaksInLines, leaksInSource, leaksInText } from '../../../../cloud/datasets/leaks.ts';
import { createTagSet } from '../../../../cloud/datasets/tag-set.ts';
import { testVin } from '../../../support/cloud/vins.ts';
import { tagOfVehicle } from '../../../support/datasets/parcels.ts';

const CLEAN = '{"date":"2026-02-01","mean":31.23,"signal":"Vehicle.Speed","tag":"3aab7902719ee1e7d420cc7d52789306"}\n';

describe('lines of a parcel', () => {
  test.each([
    ['a VIN', testVin(1), 'vin'],
    ['coordinates', '"a":31.2304,"b":121.4737', 'coordinates'],
    ['coordinates the other way round', '[121.47370,31.23040]', 'coordinates'],
    ['degrees and minutes', '31° 14′ N', 'coordinates'],
    ['a picture', '"/9j/4AAQSkZJRg"', 'picture'],
    ['another picture', '"iVBORw0KGgoAAAANSUhEUgAA/"', 'picture'],
    ['a key', '-----BEGIN PRIVATE KEY-----', 'private-key'],
  ])('%s is found among clean ones', (_, leak, kind) => {
    expect(leaksInLines(Buffer.from(CLEAN.repeat(50)))).toEqual([]);
    expect(leaksInLines(Buffer.from(`${CLEAN.repeat(50)}{"x":${leak}}\n${CLEAN}`))).toContain(kind);
  });

  test('the first look rules out nothing that the second would find', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(testVin(2), '31.23041', '121.47370', ',', ' ', 'A', '"'),
      fc.double({ noNaN: true }).map(String),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        expect(leaksInLines(Buffer.from(text))).toEqual(leaksInText(text));
      }),
      { numRuns: 500 },
    );
  });

  test('the first look, which steps over most bytes, sees what one at each byte would', () => {
    const piece = fc.oneof(
      fc.constantFrom('.', 'x', 'A', 'I', '"', '--', '/', '#', '°', '-'),
      fc.stringMatching(/^[A-HJ-NPR-Z0-9]{15,19}$/),
      fc.stringMatching(/^\d{1,6}$/),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        const text = pieces.join('');
        expect(firstLook(Buffer.from(text))).toEqual({
          hasVinRun: /(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])/.test(text),
          hasLongFraction: /\.\d{4}/.test(text),
          hasUnusual: /[^\0-\x7f]|\/|#|--/.test(text),
        });
      }),
      { numRuns: 1_000 },
    );
  });

  test('a run of its own is neither longer nor shorter', () => {
    const has = (text: string) => firstLook(Buffer.from(text)).hasVinRun;
    expect([has(testVin(3)), has(`x${testVin(3)}`), has(testVin(3).slice(1)), has(`-${testVin(3)}.`)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('bytes', () => {
  test.each([
    ['PNG', Buffer.from('89504e470d0a1a0a', 'hex'), 'picture'],
    ['JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), 'picture'],
    ['LAS', Buffer.concat([Buffer.from('LASF'), Buffer.alloc(20), Buffer.of(1, 2)]), 'point-cloud'],
    ['PLY', Buffer.from('ply\nformat binary_little_endian 1.0\n'), 'point-cloud'],
    ['a VIN in UTF-16', Buffer.from(testVin(7), 'utf16le'), 'vin'],
    ['a VIN', Buffer.concat([Buffer.of(17, 0, 0, 0), Buffer.from(testVin(7))]), 'vin'],
  ])('%s is found at any place', (_, magic, kind) => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64, max: 31 }),
        fc.uint8Array({ maxLength: 64, max: 31 }),
        (before, after) => {
          expect(leaksInBytes(Buffer.concat([before, magic, after]))).toContain(kind);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('tags of the uplink are found as bytes and as digits, each among thousands', () => {
    const tags = createTagSet();
    for (let vehicle = 0; vehicle < 5_000; vehicle += 1) expect(tags.add(tagOfVehicle(vehicle))).toBe(true);
    expect(tags.size()).toBe(5_000);
    const digits = Buffer.from(tagOfVehicle(4_321)).toString('hex');
    expect(leaksInBytes(Buffer.concat([Buffer.alloc(7), tagOfVehicle(1_234)]), tags)).toEqual(['subject-tag']);
    expect(leaksInText(`{"tag":"${digits}"}`, tags)).toEqual(['subject-tag']);
    expect(leaksInText(`{"tag":"f${digits}0"}`, tags)).toEqual(['subject-tag']);
    expect(leaksInText(`{"tag":"${Buffer.from(tagOfVehicle(6_000)).toString('hex')}"}`, tags)).toEqual([]);
  });

  test.each([
    ['a domestic tag', tagOfVehicle(3), 'subject-tag'],
    ['a VIN', Buffer.from(testVin(7)), 'vin'],
    ['a VIN in UTF-16', Buffer.from(testVin(7), 'utf16le'), 'vin'],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), 'picture'],
  ])('%s is found where one piece of a file ends and the next begins, and at its end', (_, leak, kind) => {
    const tags = createTagSet();
    tags.add(tagOfVehicle(3));
    const piece = 4_096;
    const bytes = Buffer.alloc(2 * piece + 100, 1);
    const source = { bytes: bytes.length, slice: (start: number, end: number) => bytes.subarray(start, end) };
    expect([...leaksInSource(source, tags, piece)]).toEqual([]);
    for (const place of [piece - leak.length + 1, 2 * piece - 1, bytes.length - leak.length]) {
      bytes.fill(1);
      bytes.set(leak, place);
      expect([...leaksInSource(source, tags, piece)]).toContain(kind);
    }
  });

  test('a set of tags has room for so many and says when it has none', () => {
    const tags = createTagSet(3);
    expect([0, 1, 2, 2, 3].map((vehicle) => tags.add(tagOfVehicle(vehicle)))).toEqual([true, true, true, true, false]);
  });
});
