import canonicalizeModule from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, isCanonicalJson } from '../../proto/words/canonical-json.ts';

const reference = canonicalizeModule as unknown as (value: unknown) => string;

const json = fc.jsonValue({ maxDepth: 4 });
const awkward = fc.dictionary(fc.constantFrom('b', 'a', '10', '9', '__proto__', 'é', '\ud83d\ude00', ''), json);

test('the text is that of the reference, for any value', () => {
  fc.assert(
    fc.property(fc.oneof(json, awkward), (value) => {
      expect(canonicalJson(value)).toBe(reference(value));
    }),
  );
});

test('a text is canonical when writing its value again gives it, and not otherwise', () => {
  const text = fc
    .oneof(json, awkward)
    .chain((value) => fc.constantFrom(reference(value), JSON.stringify(value), ` ${reference(value)}`));
  fc.assert(
    fc.property(text, (one) => {
      expect(isCanonicalJson(one)).toBe(reference(JSON.parse(one)) === one);
    }),
  );
  for (const one of ['{"a":1,"a":1}', '{"a":1.0}', '{"a":-0}', '{"a":"\\u0061"}', '', '{"b":1,"a":2}', 'NaN'])
    expect(isCanonicalJson(one)).toBe(false);
});
