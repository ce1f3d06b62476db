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
