import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KEY_BYTES, openSealed, publicKeyDigest, seal, sealTo, unseal } from '../../../../cloud/zones/envelope.ts';

const KEY = new Uint8Array(KEY_BYTES).fill(5);
const AD = Buffer.from('zone, device, sequence');

describe('a seal', () => {
  test('opens with its key, number and associated bytes, and with nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(2 ** 31 - 1), fc.nat(), (plain, number, at) => {
        const sealed = seal(KEY, number, AD, plain);
        expect(unseal(KEY, number, AD, sealed)).toEqual(Buffer.from(plain));
        expect(unseal(KEY, number + 1, AD, sealed)).toBeUndefined();
        expect(unseal(new Uint8Array(KEY_BYTES).fill(6), number, AD, sealed)).toBeUndefined();
        expect(unseal(KEY, number, Buffer.from('another row'), sealed)).toBeUndefined();
        const changed = Buffer.from(sealed);
        changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ 1;
        expect(unseal(KEY, number, AD, changed)).toBeUndefined();
        expect(unseal(KEY, number, AD, sealed.subarray(1))).toBeUndefined();
      }),
    );
  });

  test('is the AES-256-GCM of NIST with the number as its nonce: test case 14 of the GCM specification', () => {
    const sealed = seal(new Uint8Array(KEY_BYTES), 0, new Uint8Array(0), new Uint8Array(16));
    expect(sealed.toString('hex')).toBe('cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919');
  });

  test('has a number of at most 48 bits', () => {
    expect(() => seal(KEY, 2 ** 48, AD, AD)).toThrow();
    expect(unseal(KEY, 2 ** 48 - 1, AD, seal(KEY, 2 ** 48 - 1, AD, AD))).toEqual(AD);
  });
});

describe('a seal to a public key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const agree = (theirs: KeyObject) => diffieHellman({ privateKey, publicKey: theirs });
  const sealed = sealTo(publicKey, 'context', AD);

  test('opens with the private half and the context', () => {
    expect(openSealed(agree, publicKey, 'context', sealed)).toEqual(AD);
  });

  test('does not open with another context, another key or no key, and no byte of it can be changed', () => {
    const other = generateKeyPairSync('x25519').privateKey;
    const wrong = (theirs: KeyObject) => diffieHellman({ privateKey: other, publicKey: theirs });
    expect(openSealed(agree, publicKey, 'contexts', sealed)).toBeUndefined();
    expect(openSealed(wrong, publicKey, 'context', sealed)).toBeUndefined();
    expect(openSealed(wrong, createPublicKey(other), 'context', sealed)).toBeUndefined();
    expect(openSealed(() => undefined, publicKey, 'context', sealed)).toBeUndefined();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(openSealed(agree, publicKey, 'context', changed), `byte ${at}`).toBeUndefined();
    }
  });

  test('refuses a public point that would make the secret known, and bytes that are too short', () => {
    const nothing = Buffer.concat([Buffer.alloc(32), sealed.subarray(32)]);
    expect(openSealed(agree, publicKey, 'context', nothing)).toBeUndefined();
    expect(openSealed(agree, publicKey, 'context', sealed.subarray(0, 20))).toBeUndefined();
  });

  test('is never the same twice', () => {
    expect(sealTo(publicKey, 'context', AD).equals(sealed)).toBe(false);
    expect(publicKeyDigest(publicKey)).toHaveLength(32);
  });
});
