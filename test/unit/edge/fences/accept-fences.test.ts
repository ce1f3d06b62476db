import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sqlitePolicyStore } from '../../../../edge/adapters/sqlite-policy-store.ts';
import { acceptFences, chooseFences } from '../../../../edge/fences/accept-fences.ts';
import { encodeFenceSet, encodeSignedFenceSet } from '../../../../proto/codec/fence-codec.ts';
import { cellOf } from '../../../../proto/geo/grid.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { openDatabase } from '../../../support/edge/databases.ts';
import { fenceSetOf, SQUARES, signedFences } from '../../../support/edge/fence-sets.ts';
import { positionAt } from '../../../support/edge/map.ts';
import { POLICY_KEY, signedBundle, withWrongSignature } from '../../../support/edge/policies.ts';

const { notBeforeMs, expiresAtMs } = fenceSetOf();
const NOW = ((notBeforeMs + expiresAtMs) / 2) as Instant;
const none = { versionMin: 0, heldVersion: undefined };
const other = generateKeyPairSync('ed25519').privateKey;

const inside = cellOf(positionAt([12_500, 12_500]), 5_000);
const outside = cellOf(positionAt([32_500, 12_500]), 5_000);

describe('a fence set', () => {
  test('that is signed and in its time is taken as it stands', () => {
    expect(acceptFences(signedFences(), POLICY_KEY, NOW, none)).toEqual({ ok: true, value: fenceSetOf() });
  });

  test.each([
    ['by another key', 'FENCES_UNSIGNED', signedFences({}, other), NOW, none],
    ['with a signature of another kind', 'FENCES_UNSIGNED', signedWith(encodeFenceSet(fenceSetOf())), NOW, none],
    ['with one bit changed', 'FENCES_UNSIGNED', withWrongSignature(signedFences()), NOW, none],
    ['that is a policy bundle', 'FENCES_UNSIGNED', signedBundle(), NOW, none],
    ['that is noise', 'FENCES_MALFORMED', new Uint8Array(40).fill(7), NOW, none],
    ['a millisecond early', 'FENCES_NOT_YET', signedFences(), notBeforeMs - 1, none],
    ['that has expired', 'FENCES_EXPIRED', signedFences(), expiresAtMs, none],
    ['older than the one held', 'FENCES_OLDER', signedFences(), NOW, { versionMin: 0, heldVersion: 4 }],
    ['older than the policy demands', 'FENCES_OLDER', signedFences(), NOW, { versionMin: 4, heldVersion: undefined }],
    ['without decoys', 'FENCES_WITHOUT_DECOYS', signedFences({ decoysPerFence: 0 }), NOW, none],
    [
      'with three decoys',
      'FENCES_WITHOUT_DECOYS',
      signedFences({ decoysPerFence: 3, fences: SQUARES.slice(1) }),
      NOW,
      none,
    ],
    ['with a decoy too few', 'FENCES_WITHOUT_DECOYS', signedFences({ fences: SQUARES.slice(1) }), NOW, none],
  ] as const)('%s is refused: %s', (_, code, bytes, now, demand) => {
    const accepted = acceptFences(bytes, POLICY_KEY, now as Instant, demand);
    expect(accepted).toMatchObject({ ok: false, fault: { code } });
  });
});

/** Under a signature that is good for a policy bundle. */
function signedWith(set: Uint8Array): Uint8Array {
  return encodeSignedFenceSet({ set, signature: signedFences().slice(-64) }).map((byte, index, all) =>
    index === all.length - 1 ? byte ^ 1 : byte,
  );
}

describe('the fences in force', () => {
  const choose = (
    bytes: Uint8Array | undefined,
    versionMin: number,
    store = sqlitePolicyStore(openDatabase(), 'fences'),
  ) => {
    const clock = { now: NOW as number };
    return { clock, store, ...chooseFences(bytes, store, POLICY_KEY, () => clock.now as Instant, versionMin) };
  };

  test('none demanded and none there: there are none', () => {
    expect(choose(undefined, 0)).toMatchObject({ fences: undefined, fault: undefined });
  });

  test.each([
    ['none is there though the policy demands one', undefined, 1, 'FENCES_MISSING'],
    ['the one there is not signed, demanded or not', signedFences({}, other), 0, 'FENCES_UNSIGNED'],
    ['the one there has no decoys', signedFences({ decoysPerFence: 0 }), 0, 'FENCES_WITHOUT_DECOYS'],
    ['the one there is older than demanded', signedFences(), 4, 'FENCES_OLDER'],
  ])('everything is closed and told when %s', (_, bytes, versionMin, code) => {
    const { fences, fault } = choose(bytes, versionMin);
    expect(fault?.code).toBe(code);
    expect([fences?.blocks(outside), fences?.isNear(positionAt([32_500, 12_500]))]).toEqual([true, true]);
  });

  test('a good set is silent inside and open outside, and closes by itself at the end of its time', () => {
    const { fences, clock } = choose(signedFences(), 3);
    expect([fences?.blocks(inside), fences?.blocks(outside)]).toEqual([true, false]);
    clock.now = expiresAtMs - 1;
    expect(fences?.blocks(outside)).toBe(false);
    clock.now = expiresAtMs;
    expect([fences?.blocks(outside), fences?.isNear(positionAt([32_500, 12_500]))]).toEqual([true, true]);
  });

  test('the last good set stays when a bad one or none is offered, and an older one never comes back', () => {
    const { store } = choose(signedFences({ version: 7 }), 0);
    for (const [bytes, code] of [
      [undefined, undefined],
      [signedFences({ version: 6 }), 'FENCES_OLDER'],
      [withWrongSignature(signedFences({ version: 8 })), 'FENCES_UNSIGNED'],
    ] as const) {
      const { fences, fault } = choose(bytes, 7, store);
      expect([fences?.blocks(inside), fences?.blocks(outside), fault?.code]).toEqual([true, false, code]);
    }
    expect(choose(undefined, 8, store)).toMatchObject({ fault: { code: 'FENCES_OLDER' } });
  });
});
