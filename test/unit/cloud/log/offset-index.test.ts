import { expect, test } from 'vitest';
import { createOffsetIndex, OFFSET_STRIDE } from '../../../../cloud/log/offset-index.ts';

test('an entry is found from the kept one at or before it', () => {
  const offsets = createOffsetIndex();
  for (let index = 0; index <= 3 * OFFSET_STRIDE; index += 1) offsets.note({ index, offset: index * 10 });
  expect(offsets.atOrBefore(0)).toEqual({ index: 0, offset: 0 });
  expect(offsets.atOrBefore(OFFSET_STRIDE - 1)).toEqual({ index: 0, offset: 0 });
  expect(offsets.atOrBefore(OFFSET_STRIDE)).toEqual({ index: OFFSET_STRIDE, offset: OFFSET_STRIDE * 10 });
  expect(offsets.atOrBefore(3 * OFFSET_STRIDE - 1)).toEqual({ index: 2 * OFFSET_STRIDE, offset: OFFSET_STRIDE * 20 });
});

test('an entry noted anew, after an append that failed, has its new place', () => {
  const offsets = createOffsetIndex();
  offsets.note({ index: 0, offset: 0 });
  offsets.note({ index: OFFSET_STRIDE, offset: 111 });
  offsets.note({ index: OFFSET_STRIDE, offset: 222 });
  expect(offsets.atOrBefore(OFFSET_STRIDE)).toEqual({ index: OFFSET_STRIDE, offset: 222 });
});
