import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../../proto/words/canonical-json.ts';

test('the same value gives the same bytes whatever the order of its keys', () => {
  const text = '{"a":[1,2,{"x":null,"y":"通"}],"b":1e+30,"é":false}';
  expect(canonicalJson({ é: false, b: 1e30, a: [1, 2, { y: '通', x: null }] })).toBe(text);
  expect(canonicalJson(JSON.parse(text))).toBe(text);
});

test.each([
  ['undefined', undefined],
  ['a function', () => 1],
  ['NaN', Number.NaN],
  ['an infinity inside', { a: [Number.POSITIVE_INFINITY] }],
])('throws on %s, which JSON cannot hold', (_, value) => {
  expect(() => canonicalJson(value)).toThrow();
});

test('what stands in order is not copied, and the text is that of the reference all the same', () => {
  const reference = canonicalize as unknown as (value: unknown) => string;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const before = JSON.stringify(value);
      expect(canonicalJson(value)).toBe(reference(value));
      expect(canonicalJson({ b: value, a: [value, undefined === value, { z: 1, y: value }] })).toBe(
        reference({ b: value, a: [value, undefined === value, { z: 1, y: value }] }),
      );
      // Nobody's value is put in order for him.
      expect(JSON.stringify(value)).toBe(before);
    }),
    { numRuns: 100 },
  );
});
