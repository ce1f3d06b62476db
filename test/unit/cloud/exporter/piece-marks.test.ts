import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMarker, MARK_BYTES } from '../../../../cloud/exporter/piece-marks.ts';

const piece = fc.uint8Array({ minLength: 1, maxLength: 100 });

test('the same piece at the same place has the same mark, and no other piece or place has it', () => {
  const mark = createMarker();
  fc.assert(
    fc.property(piece, piece, fc.nat(9), fc.nat(9), (one, other, at, elsewhere) => {
      fc.pre(at !== elsewhere && Buffer.compare(one, other) !== 0);
      expect(mark(at, one)).toHaveLength(MARK_BYTES);
      expect(mark(at, one).equals(mark(at, Buffer.from(one)))).toBe(true);
      expect(mark(at, one).equals(mark(at, other))).toBe(false);
      expect(mark(at, one).equals(mark(elsewhere, one))).toBe(false);
    }),
  );
});

test('two markers do not know each other: nobody can prepare a mark', () => {
  expect(createMarker()(0, Buffer.from('x')).equals(createMarker()(0, Buffer.from('x')))).toBe(false);
});
