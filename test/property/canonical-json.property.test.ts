import canonicalizeModule from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSurelyCanonical } from '../../proto/words/canonical-bytes.ts';
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

test('an object has its keys in order, however many they are', () => {
  const key = fc.stringMatching(/^[a-cA-C_é]{1,4}$/u);
  fc.assert(
    fc.property(fc.uniqueArray(key, { minLength: 24, maxLength: 40 }), (keys) => {
      const value = Object.fromEntries(keys.map((one, at) => [one, at]));
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

test('what is surely canonical is canonical, whatever was done to it; and plain documents are surely so', () => {
  const text = fc.oneof(json, awkward).map(reference);
  const change = fc.record({ at: fc.nat(), byte: fc.constantFrom(...Buffer.from('"\\,:{}[]-0 1.eEtn\u0001a')) });
  fc.assert(
    fc.property(text, fc.array(change, { maxLength: 2 }), (one, changes) => {
      const bytes = Buffer.from(one);
      for (const { at, byte } of changes) bytes.writeUInt8(byte, at % bytes.length);
      if (isSurelyCanonical(bytes)) expect(isCanonicalJson(bytes.toString('utf8'))).toBe(true);
    }),
    { numRuns: 500 },
  );
  for (const one of ['{"a":[1,-20,"é",true,null],"ab":{"!":{}},"b c":0}', '[]', '{"":0,"a":999999999999999}'])
    expect([isSurelyCanonical(Buffer.from(one)), isCanonicalJson(one)]).toEqual([true, true]);
  for (const one of ['{"b":1,"a":2}', '{"a":1,"a":1}', '{"a":-0}', '{"a":01}', '{"a":1e3}', '{"a" :1}', '{"a":1}x', ''])
    expect(isSurelyCanonical(Buffer.from(one))).toBe(false);
});
