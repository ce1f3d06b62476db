import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPersonIndex, freshOf } from '../../../../cloud/counting/person-index.ts';

/** Few first words, so that many digests want one slot; few second ones, so that many of those have the same bits in it. */
const digest = fc
  .tuple(fc.constantFrom(0, 1, 4_095, 4_096), fc.constantFrom(0, 1, 8_192, 0xffff_ffff), fc.nat(600))
  .map(([first, second, last]) => new Uint8Array(Uint32Array.from([first, second, 0, last]).buffer));

test('gives each digest one number, in the order they come, whatever slots they share', () => {
  fc.assert(
    fc.property(fc.array(digest, { maxLength: 400 }), fc.nat(400), (digests, from) => {
      const index = createPersonIndex();
      const naive = new Map<string, number>();
      for (const one of digests) {
        const name = Buffer.from(one).toString('hex');
        expect(index.find(one)).toBe(naive.get(name));
        if (!naive.has(name)) naive.set(name, naive.size);
        expect(index.add(one)).toBe(naive.get(name));
      }
      const names = [...naive.keys()];
      expect(Buffer.from(index.packedFrom(from)).toString('hex')).toBe(names.slice(from).join(''));
      const again = createPersonIndex(from);
      // Wherever the bytes lie: what a store gives begins at no boundary of words.
      const packed = Buffer.concat([Buffer.alloc(1), ...digests]).subarray(1);
      expect([...again.addPacked(packed)]).toEqual(digests.map(index.find));
      const unheld = (numbers: Uint32Array) => numbers.filter((number) => number < from).length;
      expect(freshOf(digests, again, { unheld })).toBe(Math.min(from, names.length));
    }),
    { numRuns: 50 },
  );
});

test('grows past its first slots and finds all it was given', () => {
  const index = createPersonIndex();
  const digestAt = (at: number) => new Uint8Array(Uint32Array.from([Math.imul(at, 2_654_435_761), at, 7, 7]).buffer);
  for (let at = 0; at < 20_000; at += 1) index.add(digestAt(at));
  const wrong = Array.from({ length: 20_000 }, (_, at) => at).filter((at) => index.find(digestAt(at)) !== at);
  expect([index.size(), wrong]).toEqual([20_000, []]);
});

test('who a list is was looked up once, and again whenever somebody new got a number', () => {
  fc.assert(
    fc.property(fc.array(digest, { maxLength: 20 }), fc.array(digest, { maxLength: 20 }), (list, added) => {
      const index = createPersonIndex();
      for (const one of ['none yet', ...added]) {
        if (typeof one !== 'string') index.add(one);
        const distinct = new Map(list.map((person) => [Buffer.from(person).toString('hex'), index.find(person)]));
        const known = [...distinct.values()].filter((number) => number !== undefined);
        const { numbers, strangers } = index.resolve(list);
        expect([[...numbers], strangers]).toEqual([known.toSorted((a, b) => a - b), distinct.size - known.length]);
      }
    }),
    { numRuns: 50 },
  );
});

test('who a list is does not depend on where its bytes lie', () => {
  const places = fc.array(fc.nat(40), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(places, fc.nat(7), (at, shift) => {
      const index = createPersonIndex();
      const bytes = new Uint8Array(shift + 41 * 16).map((_, place) => Math.imul(place, 31) >>> 3);
      for (let one = 0; one < 40; one += 2) index.add(bytes.subarray(shift + one * 16, shift + one * 16 + 16));
      // Runs that lie together, gaps, steps back and repetitions, of one piece and each by itself.
      const together = at.flatMap((one) => [one, Math.min(40, one + 1)]);
      const views = together.map((one) => bytes.subarray(shift + one * 16, shift + one * 16 + 16));
      expect(index.resolve(views)).toEqual(index.resolve(views.map((one) => Uint8Array.from(one))));
    }),
    { numRuns: 100 },
  );
});

test('takes no digest of another length', () => {
  expect(() => createPersonIndex().find(new Uint8Array(15))).toThrow();
});
