import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ACTOR_BYTES_MAX,
  DOCUMENT_BYTES_MAX,
  encodeEntry,
  isLeaf,
  KIND_BYTES_MAX,
  LEAF_BYTES_MAX,
  type NewEntry,
  readLeaf,
  TRANSFER_ID_BYTES_MAX,
} from '../../../../cloud/log/leaf.ts';
import { encodeLogLeaf } from '../../../../proto/codec/transfer-codec.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { entry, NOW, unwrap } from './scratch-log.ts';

const LATEST = Number.MAX_SAFE_INTEGER as Instant;
const base = entry(1);
const fault = (changed: Partial<NewEntry>) => {
  const encoded = encodeEntry({ ...base, ...changed }, NOW);
  return encoded.ok ? 'none' : encoded.fault;
};
const leafWith = (document: Uint8Array) =>
  readLeaf(encodeLogLeaf({ recordedAtMs: NOW, kind: 'k', transferId: '', actor: 'a', document }));

test('a leaf reads back as it was entered, its document in canonical order', () => {
  const given = {
    kind: 'verdict',
    transferId: 't-1',
    actor: 'cloud',
    document: { b: [1, '通关'], a: { d: null, c: 0.1 } },
  };
  expect(readLeaf(unwrap(encodeEntry(given, NOW)))).toEqual({
    recordedAtMs: NOW,
    kind: 'verdict',
    transferId: 't-1',
    actor: 'cloud',
    document: Buffer.from('{"a":{"c":0.1,"d":null},"b":[1,"通关"]}'),
  });
});

test('the same entry at the same time gives the same bytes, whatever the order of its keys', () => {
  const one = encodeEntry({ ...base, document: { a: 1, b: 2 } }, NOW);
  const other = encodeEntry({ ...base, document: { b: 2, a: 1 } }, NOW);
  expect(one).toEqual(other);
});

describe('limits', () => {
  test.each([
    ['kind', KIND_BYTES_MAX],
    ['transferId', TRANSFER_ID_BYTES_MAX],
    ['actor', ACTOR_BYTES_MAX],
  ] as const)('%s may have %d bytes and not one more', (field, max) => {
    expect(fault({ [field]: 'x'.repeat(max) })).toBe('none');
    expect(fault({ [field]: 'x'.repeat(max + 1) })).toBe(field);
    expect(fault({ [field]: '关'.repeat(Math.floor(max / 3) + 1) })).toBe(field);
    expect(fault({ [field]: 'half a pair \ud83d' })).toBe(field);
  });

  test('kind and actor say something; a transfer id may be absent', () => {
    expect([fault({ kind: '' }), fault({ actor: '' }), fault({ transferId: '' })]).toEqual(['kind', 'actor', 'none']);
  });

  test('the longest document fits into the longest leaf', () => {
    const document = { x: 'y'.repeat(DOCUMENT_BYTES_MAX - 8) };
    const [kind, transferId, actor] = ['k'.repeat(32), 't'.repeat(64), 'a'.repeat(64)];
    const leaf = unwrap(encodeEntry({ kind, transferId, actor, document }, LATEST));
    expect(leaf.length).toBeGreaterThan(DOCUMENT_BYTES_MAX);
    expect(leaf.length).toBeLessThanOrEqual(LEAF_BYTES_MAX);
    expect(fault({ document: { x: `${document.x}y` } })).toBe('document');
  });

  test.each([['a string'], [7], [null], [true], [[1]], [new Date(0)]])('%j is not a document', (document) => {
    expect(fault({ document })).toBe('document');
  });

  test('a document that JSON cannot hold is a bug', () => {
    expect(() => encodeEntry({ ...base, document: { speed: Number.NaN } }, NOW)).toThrow();
    expect(() => encodeEntry({ ...base, document: undefined }, NOW)).toThrow();
  });

  test('are those of the schema', () => {
    const schema = readFileSync(new URL('../../../../proto/schema/transfer.proto', import.meta.url), 'utf8');
    const leaf = schema.slice(schema.indexOf('message LogLeaf'));
    const limits = [...leaf.matchAll(/(\w+) = \d+ \[\(max_bytes\) = (\d+)/g)].map(([, name, max]) => [
      name,
      Number(max),
    ]);
    expect(limits).toEqual([
      ['kind', KIND_BYTES_MAX],
      ['transfer_id', TRANSFER_ID_BYTES_MAX],
      ['actor', ACTOR_BYTES_MAX],
      ['document', DOCUMENT_BYTES_MAX],
    ]);
  });
});

test.each([
  ['another order of keys', '{"b":1,"a":2}'],
  ['a space', '{"a": 1}'],
  ['another spelling of a number', '{"a":1.0}'],
  ['a key twice', '{"a":1,"a":2}'],
  ['a list', '[1]'],
  ['not JSON', '{]'],
  ['zeros where the disk lost a block', `{"a":"${'\0'.repeat(8)}"}`],
  ['a nesting that no stack holds', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
])('a document with %s is not one of ours', (_, text) => {
  expect(leafWith(Buffer.from('{"a":1}'))).toBeDefined();
  expect(leafWith(Buffer.from(text))).toBeUndefined();
});

test('bytes that are not a leaf are not read', () => {
  const bytes = unwrap(encodeEntry(base, NOW));
  expect(readLeaf(bytes)).toBeDefined();
  expect(leafWith(Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff), Buffer.from('"}')]))).toBeUndefined();
  for (const broken of [
    bytes.subarray(1),
    bytes.subarray(0, -1),
    Buffer.concat([bytes, Buffer.of(0x30, 1)]),
    Buffer.alloc(40),
  ]) {
    expect(readLeaf(broken)).toBeUndefined();
  }
});

test('verifying takes a leaf as reading does, whatever was done to its bytes', () => {
  const document = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }));
  const bytes = document.map((one) => unwrap(encodeEntry({ ...base, document: one }, NOW)));
  const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(bytes, fc.array(change, { maxLength: 2 }), (leaf, changes) => {
      const changed = Buffer.from(leaf);
      for (const { at, byte } of changes) changed.writeUInt8(byte, at % changed.length);
      expect(isLeaf(changed)).toBe(readLeaf(changed) !== undefined);
    }),
    { numRuns: 300 },
  );
});
