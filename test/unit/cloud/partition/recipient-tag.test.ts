import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  linkedPersonDigest,
  personDigest,
  recipientTag,
  terminalCode,
  terminalTag,
} from '../../../../cloud/partition/recipient-tag.ts';
import { testVin } from '../../../support/cloud/vins.ts';

const key = randomBytes(32);
const vins = Array.from({ length: 200 }, (_, at) => testVin(at));

describe('recipientTag', () => {
  test('is the same each time for one recipient and one vehicle', () => {
    expect(recipientTag(key, 'acme', testVin(1))).toBe(recipientTag(key, 'acme', testVin(1)));
    expect(recipientTag(key, 'acme', testVin(1))).toMatch(/^[0-9a-f]{32}$/);
  });

  test('two recipients, two vehicles and two keys have no tag in common', () => {
    const tags = ['acme', 'beta', 'acme-de'].flatMap((recipient) =>
      vins.flatMap((vin) => [recipientTag(key, recipient, vin), recipientTag(randomBytes(32), recipient, vin)]),
    );
    expect(new Set(tags).size).toBe(tags.length);
  });

  test('is not the digest by which persons are counted', () => {
    const digests = vins.map((vin) => Buffer.from(personDigest(key, vin)).toString('hex'));
    expect(new Set(digests).size).toBe(vins.length);
    for (const vin of vins) expect(digests).not.toContain(recipientTag(key, 'acme', vin));
  });

  test('no use of the key gives what another use gives of the same text', () => {
    const [vin = testVin(0)] = vins;
    const uses = [recipientTag(key, '', vin), personDigest(key, vin), terminalTag(key, vin)];
    const told = [...uses, terminalCode(key, vin), linkedPersonDigest(key, vin)];
    const texts = told.map((one) => (typeof one === 'string' ? one : Buffer.from(one).toString('hex')));
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('a recipient named like the other use of the key gets no person digest', () => {
    const [vin] = vins;
    if (vin === undefined) return expect.unreachable();
    expect(recipientTag(key, '', vin)).not.toBe(Buffer.from(personDigest(key, vin)).toString('hex'));
  });
});
