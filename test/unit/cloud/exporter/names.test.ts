import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDataFileName, isFileName, isTransferId } from '../../../../cloud/exporter/names.ts';

test.each(['t-1', '0', 'A_b-9', 'a'.repeat(64)])('`%s` is a transfer id', (text) => {
  expect(isTransferId(text)).toBe(true);
});

test.each(['', '-a', '_a', '.', '..', 'a.b', 'a/b', 'a\\b', 'a b', 'é', 'a\n', '\u0000', 'a'.repeat(65)])(
  '%j is no transfer id',
  (text) => {
    expect(isTransferId(text)).toBe(false);
  },
);

test.each(['data.ndjson', '0', 'a..b', 'Data_1-2.parquet', 'a'.repeat(128)])(
  '`%s` is a name for a data file',
  (text) => {
    expect(isDataFileName(text)).toBe(true);
  },
);

test.each(['', '.hidden', '..', '-x', 'a/b', 'a\\b', 'a:b', 'a%2Fb', 'a\n', 'a'.repeat(129)])(
  '%j is no file name',
  (text) => {
    expect(isFileName(text)).toBe(false);
  },
);

test.each(['manifest.json', 'permit.bin', 'receipt.bin', 'Receipt.BIN'])(
  'a data file may not be called `%s`',
  (text) => {
    expect(isFileName(text)).toBe(true);
    expect(isDataFileName(text)).toBe(false);
  },
);

test('whatever is accepted is one path segment and needs no escaping in a URL', () => {
  const bytes = fc.array(fc.constantFrom(...'aZ0._-/\\%: \n~'), { maxLength: 12 });
  fc.assert(
    fc.property(bytes, (characters) => {
      const name = characters.join('');
      fc.pre(isFileName(name));
      expect(encodeURIComponent(name)).toBe(name);
      expect(name.startsWith('.')).toBe(false);
    }),
  );
});
