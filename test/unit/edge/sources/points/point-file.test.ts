import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type PointFile, readPointFile } from '../../../../../edge/sources/points/point-file.ts';
import { POINTS_MAX } from '../../../../../edge/sources/points/points.ts';
import { kittiFile, lasFile, plyAscii, plyBinary } from '../../../../support/edge/point-files.ts';
import { seededChance } from '../../../../support/edge/seeded.ts';

const SWEEP = [
  [12.5, -3, 0.25],
  [-40, 7.5, -1.5],
  [0, 0, 0],
] as const;

const triples = (file: PointFile | undefined): readonly number[] => [...(file?.points ?? [])];

describe('a sweep', () => {
  test.each([
    ['KITTI', 'a.bin', kittiFile(SWEEP)],
    ['binary PLY', 'a.ply', plyBinary(SWEEP)],
    ['ASCII PLY', 'a.PLY', plyAscii(SWEEP)],
    ['LAS 1.2', 'a.las', lasFile(SWEEP)],
    ['LAS 1.3', 'a.las', lasFile(SWEEP, { minor: 3 })],
    ['LAS 1.4', 'a.las', lasFile(SWEEP, { minor: 4 })],
  ])('is read from %s', (_, name, bytes) => {
    const file = readPointFile(name, bytes);
    expect(triples(file)).toEqual(SWEEP.flat());
    expect(file?.georeferenced).toBe(false);
  });

  test('of ASCII vertices with further properties, comments, faces and the line ends of Windows', () => {
    const text = [
      ...['ply', 'comment made by hand', 'format ascii 1.0', 'element vertex 2'],
      ...['property uchar red', 'property double z', 'property float x', 'property float y'],
      ...['element face 1', 'property list uchar int vertex_indices', 'end_header'],
      ...['255 3 1 2', ' 0\t6e0 4. -.5 ', '3 0 1 1', ''],
    ].join('\r\n');
    expect(triples(readPointFile('a.ply', Buffer.from(text)))).toEqual([1, 2, 3, 4, -0.5, 6]);
  });

  test('loses the points that are no echo, and is none when it has no other', () => {
    const empty = [Number.NaN, Number.NaN, Number.NaN] as const;
    expect(triples(readPointFile('a.bin', kittiFile([empty, [1, 2, 3]])))).toEqual([1, 2, 3]);
    expect(triples(readPointFile('a.ply', plyAscii([empty, [1, 2, 3]])))).toEqual([1, 2, 3]);
    expect(readPointFile('a.bin', kittiFile([empty]))).toBeUndefined();
  });
});

describe('points that are places', () => {
  test('are known by the projection that a LAS file names, wherever it names it', () => {
    for (const projection of ['record', 'extended', 'bit'] as const) {
      expect(readPointFile('a.las', lasFile(SWEEP, { minor: 4, projection }))?.georeferenced).toBe(true);
    }
  });

  test.each([
    ['metres of a projection', [[637_012.25, 849_028.5, 431.75]]],
    ['earth-centred metres', [[-2_171_000, 4_387_000, 4_076_000]]],
    ['degrees', [[116.391, 39.907, 50]]],
    ['degrees, latitude first', [[39.907, 116.391, 50]]],
  ] as const)('are known by their numbers: %s', (_, points) => {
    for (const [name, bytes] of [
      ['a.bin', kittiFile(points)],
      ['a.ply', plyAscii(points)],
      ['a.las', lasFile(points)],
    ] as const) {
      expect(readPointFile(name, bytes)?.georeferenced).toBe(true);
    }
  });

  test('are not what a sensor sees: one point nearby is enough', () => {
    expect(
      readPointFile(
        'a.bin',
        kittiFile([
          [116.391, 39.907, 1],
          [5, 1, 1],
        ]),
      )?.georeferenced,
    ).toBe(false);
  });
});

describe('no cloud', () => {
  const las = lasFile(SWEEP);
  const patched = (at: number, byte: number): Uint8Array => {
    const copy = Uint8Array.from(las);
    copy[at] = byte;
    return copy;
  };
  test.each([
    ['nothing', 'a.bin', Buffer.alloc(0)],
    ['part of a point', 'a.bin', Buffer.alloc(17)],
    ['more points than a cloud may have', 'a.bin', Buffer.alloc((POINTS_MAX + 1) * 16)],
    ['PLY that is cut off', 'a.ply', plyBinary(SWEEP).subarray(0, -1)],
    ['ASCII PLY that is cut off', 'a.ply', Buffer.from(plyAscii(SWEEP).toString().split('\n').slice(0, -2).join('\n'))],
    ['big-endian PLY', 'a.ply', Buffer.from(plyAscii(SWEEP).toString().replace('ascii', 'binary_big_endian'))],
    [
      'PLY with lists in its vertices',
      'a.ply',
      Buffer.from(plyAscii(SWEEP).toString().replace('property float z', 'property list uchar float z')),
    ],
    ['PLY without heights', 'a.ply', Buffer.from(plyAscii(SWEEP).toString().replace('float z', 'float w'))],
    ['PLY with words for numbers', 'a.ply', Buffer.from(plyAscii(SWEEP).toString().replace('12.5', 'twelve'))],
    [
      'PLY that claims a billion points',
      'a.ply',
      Buffer.from(plyAscii(SWEEP).toString().replace('vertex 3', 'vertex 999999999')),
    ],
    [
      'PLY without an end of its header',
      'a.ply',
      Buffer.from(`ply\nformat ascii 1.0\n${'comment x\n'.repeat(10_000)}end_header\n`),
    ],
    ['LAS 1.1', 'a.las', patched(25, 1)],
    ['LAS 1.5', 'a.las', patched(25, 5)],
    ['compressed LAS', 'a.las', patched(104, 0x83)],
    ['LAS whose points begin within its header', 'a.las', patched(96, 0)],
    ['LAS that claims more points than it has', 'a.las', patched(107, 4)],
    ['LAS with records that lead out of the file', 'a.las', patched(100, 9)],
    ['another format', 'a.pcd', Buffer.from('# .PCD v0.7')],
    ['a name without an ending', 'constructor', Buffer.alloc(16)],
  ])('is %s', (_, name, bytes) => {
    expect(readPointFile(name, bytes)).toBeUndefined();
  });

  test('is a LAS file cut off anywhere', () => {
    for (let length = 0; length < las.length; length += 1) {
      expect(readPointFile('a.las', las.subarray(0, length))).toBeUndefined();
    }
  });
});

test.each([
  ['KITTI', 'a.bin', kittiFile(SWEEP), 30_000],
  ['PLY', 'a.ply', plyBinary(SWEEP), 20_000],
  ['ASCII PLY', 'a.ply', plyAscii(SWEEP), 15_000],
  ['LAS', 'a.las', lasFile(SWEEP, { minor: 4, projection: 'extended' }), 20_000],
])('100,000 mangled files of %s: nothing throws, and every coordinate is finite', (_, name, good, least) => {
  const chance = seededChance(4_242);
  let read = 0;
  for (let index = 0; index < 100_000; index += 1) {
    const file = readPointFile(name, mangle(good, chance));
    if (file === undefined) continue;
    read += 1;
    if (file.points.length > 3 * POINTS_MAX || !file.points.every(Number.isFinite)) throw new Error(`file ${index}`);
  }
  expect(read).toBeGreaterThan(least);
});

function mangle(good: Uint8Array, chance: () => number): Uint8Array {
  const copy = Buffer.from(good);
  if (chance() < 0.2) return copy.subarray(0, Math.floor(chance() * copy.length));
  for (let times = Math.floor(chance() * 4); times > 0; times -= 1) {
    copy[Math.floor(chance() * copy.length)] = Math.floor(chance() * 256);
  }
  return chance() < 0.1 ? Buffer.concat([copy, copy]) : copy;
}

const CLOUDS = fileURLToPath(new URL('../../../../../../shared/data/pointclouds/', import.meta.url));

test.runIf(existsSync(CLOUDS)).each([
  ['kitti_000008.bin', 17_238, false],
  ['kitti_train_000000_cropped.bin', 800, false],
  ['pyntcloud_sphere.ply', 2_929, false],
  ['laspy_simple.las', 1_065, true],
  ['laspy_vegetation_1_3.las', 10_683, true],
])('%s has %i points (needs ../shared/data/pointclouds)', (name, points, georeferenced) => {
  const file = readPointFile(name, readFileSync(`${CLOUDS}${name}`));
  expect([file?.points.length, file?.georeferenced]).toEqual([3 * points, georeferenced]);
});
