import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  encodeMosaicPng,
  MOSAIC_COLUMNS_MAX,
  MOSAIC_ROWS_MAX,
  type MosaicPicture,
  readMosaicPng,
} from '../../proto/codec/mosaic-png.ts';
import { BLOCK_PX_MIN, blockEdge, mosaicOf } from '../../proto/imagery/mosaic.ts';
import { seededChance } from '../support/edge/seeded.ts';
import { noise, type Region, repainted } from '../support/imagery/made-pictures.ts';

const edge = fc.integer({ min: 1, max: 420 });
const seed = fc.nat(1_000_000);
/** A face of 32 px and a plate of 16 px, both at any place; a plate is at most 3.5 times as wide as high (GA 36). */
const size = fc.constantFrom([32, 32], [56, 16]);

/** Blocks whose colour differs, and the greatest difference of each part in steps of its scale. */
function differences(one: MosaicPicture, other: MosaicPicture) {
  const blocks: number[] = [];
  const steps = [0, 0, 0];
  for (const [index, colour] of one.colours.entries()) {
    const changed = other.colours[index] ?? 0;
    if (changed === colour) continue;
    blocks.push(index);
    for (const [part, read] of PARTS.entries())
      steps[part] = Math.max(steps[part] ?? 0, Math.abs(read(colour) - read(changed)));
  }
  return { blocks, steps };
}

const PARTS = [(c: number) => c >> 5, (c: number) => (c >> 2) & 7, (c: number) => c & 3] as const;

test('two pictures that differ only within a face of 32 px or a plate of 16 px differ in few blocks, and there within the bound', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      edge,
      edge,
      seed,
      size,
      fc.tuple(fc.nat(999), fc.nat(999)),
      (width, height, from, [w = 0, h = 0], [across, down]) => {
        const picture = noise(width, height, from);
        const region: Region = {
          x: Math.floor((across * width) / 1_000),
          y: Math.floor((down * height) / 1_000),
          width: w,
          height: h,
        };
        const chance = seededChance(from + 1);
        const other = repainted(picture, region, () => (from % 2 === 0 ? [255, 255, 255] : [255 * chance(), 0, 0]));
        const block = blockEdge(width, height);
        const { blocks, steps } = differences(mosaicOf(picture), mosaicOf(other));
        const touched = (length: number): number => Math.ceil((length - 1) / block) + 1;
        expect(blocks.length).toBeLessThanOrEqual(touched(w) * touched(h));
        expect(touched(w) * touched(h)).toBeLessThanOrEqual(6);
        // A block is whole, or as large as the picture where that is smaller.
        const area = Math.min(block, width) * Math.min(block, height);
        const mean = (255 * Math.min(w * h, area)) / area;
        expect(steps[0]).toBeLessThanOrEqual(Math.floor(mean / 32) + 1);
        expect(steps[1]).toBeLessThanOrEqual(Math.floor(mean / 32) + 1);
        expect(steps[2]).toBeLessThanOrEqual(Math.floor(mean / 64) + 1);
        if (blocks.length > 0) compared += 1;
      },
    ),
    { numRuns: 150 },
  );
  expect(compared).toBeGreaterThan(40);
});

test('where in a block a pixel stands makes no difference at all', () => {
  fc.assert(
    fc.property(edge, edge, seed, (width, height, from) => {
      const picture = noise(width, height, from);
      const block = blockEdge(width, height);
      const lastOf = (length: number): number => Math.max(1, Math.floor(length / block)) - 1;
      const home = (v: number, length: number): number => Math.min(lastOf(length), Math.floor(v / block));
      const rgb = Uint8Array.from(picture.rgb);
      const chance = seededChance(from + 1);
      for (let turn = 0; turn < 3_000; turn += 1) {
        const [x, y] = [Math.floor(chance() * width), Math.floor(chance() * height)];
        const [u, v] = [Math.floor(chance() * width), Math.floor(chance() * height)];
        if (home(x, width) !== home(u, width) || home(y, height) !== home(v, height)) continue;
        const [one, other] = [(y * width + x) * 3, (v * width + u) * 3];
        const kept = rgb.slice(one, one + 3);
        rgb.copyWithin(one, other, other + 3);
        rgb.set(kept, other);
      }
      expect(mosaicOf({ width, height, rgb })).toEqual(mosaicOf(picture));
    }),
    { numRuns: 60 },
  );
});

test('a block is at least 32 px wide and high, or as large as the picture, and there are at most 24 x 16', () => {
  const length = fc.integer({ min: 1, max: 8_192 });
  fc.assert(
    fc.property(length, length, (width, height) => {
      const block = blockEdge(width, height);
      expect(block).toBeGreaterThanOrEqual(BLOCK_PX_MIN);
      expect(Math.floor(width / block)).toBeLessThanOrEqual(MOSAIC_COLUMNS_MAX);
      expect(Math.floor(height / block)).toBeLessThanOrEqual(MOSAIC_ROWS_MAX);
    }),
  );
  const { columns, rows, colours } = mosaicOf(noise(1_280, 720, 1));
  expect([columns, rows, colours.length, blockEdge(1_280, 720)]).toEqual([23, 13, 299, 54]);
});

const mosaic = fc
  .record({
    columns: fc.integer({ min: 1, max: MOSAIC_COLUMNS_MAX }),
    rows: fc.integer({ min: 1, max: MOSAIC_ROWS_MAX }),
    seed,
  })
  .map(({ columns, rows, seed: from }) => ({
    columns,
    rows,
    colours: noise(columns * rows, 1, from).rgb.slice(0, columns * rows),
  }));

test('a mosaic comes back from its file, and no other file is taken for one', () => {
  fc.assert(
    fc.property(
      mosaic,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.uint8Array({ minLength: 1 }),
      (picture, at, flip, more) => {
        const file = encodeMosaicPng(picture);
        expect(readMosaicPng(file)).toEqual(picture);
        const changed = Uint8Array.from(file);
        changed[at % file.length] = (changed[at % file.length] ?? 0) ^ flip;
        expect(readMosaicPng(changed)).toBeUndefined();
        expect(readMosaicPng(Buffer.concat([file, more]))).toBeUndefined();
        expect(readMosaicPng(file.subarray(0, at % file.length))).toBeUndefined();
      },
    ),
    { numRuns: 1_000 },
  );
});
