import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { combinedRoot } from '../../../../cloud/log/combined-root.ts';
import { EMPTY_ROOT, leafHash } from '../../../../cloud/log/merkle.ts';
import { hex, unhex } from './reference-tree.ts';

const Head = z.strictObject({ name: z.string(), root: z.string().length(64) });
const Vectors = z.strictObject({
  source: z.string(),
  cases: z.array(z.strictObject({ name: z.string(), heads: z.array(Head), root: z.string().length(64) })).min(1),
});
const file = new URL('../../../vectors/log/combined-roots.json', import.meta.url);
const { cases } = Vectors.parse(JSON.parse(readFileSync(file, 'utf8')));

test.each(cases)('$name', ({ heads, root }) => {
  const given = heads.map((head) => ({ name: head.name, rootHash: unhex(head.root) }));
  expect(hex(combinedRoot(given))).toBe(root);
  expect(hex(combinedRoot(given.toReversed()))).toBe(root);
});

test('another root or another name of any log changes it', () => {
  const heads = ['alerts', 'operations', 'traffic'].map((name) => ({ name, rootHash: leafHash(Buffer.from(name)) }));
  const roots = heads.flatMap((head, at) => [
    hex(combinedRoot(heads.with(at, { ...head, rootHash: EMPTY_ROOT }))),
    hex(combinedRoot(heads.with(at, { ...head, name: `${head.name}x` }))),
    hex(combinedRoot(heads.toSpliced(at, 1))),
  ]);
  expect(new Set([hex(combinedRoot(heads)), ...roots]).size).toBe(10);
});

test('names that do not tell logs apart are a bug', () => {
  const head = (name: string) => ({ name, rootHash: EMPTY_ROOT });
  for (const heads of [
    [head('')],
    [head('a\0b')],
    [head('a'), head('b'), head('a')],
    [{ name: 'a', rootHash: new Uint8Array(31) }],
  ]) {
    expect(() => combinedRoot(heads)).toThrow('broken invariant');
  }
});
