import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { acceptPolicy } from '../../../../edge/policy/policy-bundle.ts';
import {
  CELL_TAGS,
  encodePolicyBundle,
  encodeSignedPolicyBundle,
  POSITION_PRESETS,
  TAG_ROTATIONS,
} from '../../../../proto/codec/control-codec.ts';
import { PRESET_RULES } from '../../../../proto/words/position-rules.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import {
  allPurposes,
  bundleOf,
  CABIN,
  OPERATIONS,
  POLICY_KEY,
  POLICY_SIGNING_KEY,
  SPEED,
  signBundleBytes,
  signedBundle,
} from '../../../support/edge/policies.ts';

const { notBeforeMs, expiresAtMs } = bundleOf();
const NOW = ((notBeforeMs + expiresAtMs) / 2) as Instant;

const accept = (bytes: Uint8Array, { now = NOW as number, held = undefined as number | undefined } = {}) =>
  acceptPolicy(bytes, POLICY_KEY, now as Instant, held);

const bad = (code: string) => ({ ok: false, fault: { code, retry: 'after-remedy' } });

describe('a bundle that is accepted', () => {
  test('gives exactly what it says', () => {
    expect(accept(signedBundle({ allowedPaths: [SPEED], preset: 2, tagRotation: 0, version: 9 }))).toEqual({
      ok: true,
      value: {
        id: 'tour',
        version: 9,
        expiresAt: expiresAtMs,
        allowedPaths: new Set([SPEED]),
        preset: 2,
        tagRotation: 0,
        position: PRESET_RULES.fleet,
        fenceVersionMin: 0,
        signalRules: new Map(),
        purposes: { ...allPurposes([SPEED]), all: [OPERATIONS, CABIN] },
        records: [],
        stateRecognisedOnly: false,
      },
    });
  });

  test("every setting of a preset, and whatever is absent is the preset's own", () => {
    const position = { cellM: 5_000, trimM: 3_000, stopS: 400, cellTag: CELL_TAGS.trip };
    const accepted = accept(signedBundle({ preset: POSITION_PRESETS['strict-map'], position }));
    expect(accepted.ok && accepted.value.position).toEqual({
      ...PRESET_RULES['strict-map'],
      ...position,
      cellTag: 'trip',
    });
  });

  test('weaker than `fleet` with the words that say exactly so', () => {
    const weaker = {
      preset: POSITION_PRESETS.fleet,
      position: { cellM: 1_000, trimM: 500 },
      unsafeWeakerThanFleet: 'I accept weaker than fleet: cellM, trimM',
    };
    const accepted = accept(signedBundle(weaker));
    expect(accepted.ok && accepted.value.position).toMatchObject({ cellM: 1_000, trimM: 500, marginMaxM: 1_000 });
  });

  test.each([
    ['in its first millisecond', { now: notBeforeMs }],
    ['in its last', { now: expiresAtMs - 1 }],
    ['again, in the version held', { held: 1 }],
    ['over an older version', { held: 0 }],
  ])('%s', (_, around) => {
    expect(accept(signedBundle(), around).ok).toBe(true);
  });
});

describe('rules of signals', () => {
  const rule = { path: SPEED, periodMs: 1_000, quantumMillionths: 500_000 };

  test('come as they were signed, by path', () => {
    const accepted = accept(signedBundle({ signalRules: [rule], fenceVersionMin: 4 }));
    expect(accepted).toMatchObject({ ok: true, value: { signalRules: new Map([[SPEED, rule]]), fenceVersionMin: 4 } });
  });

  test.each([
    ['two for a path', [rule, { ...rule, periodMs: 2_000 }]],
    ['one for a path that may not leave', [{ ...rule, path: 'Vehicle.IsMoving' }]],
  ])('%s: the bundle is none', (_, signalRules) => {
    expect(accept(signedBundle({ signalRules }))).toMatchObject(bad('POLICY_MALFORMED'));
  });
});

describe('a bundle that changes nothing', () => {
  test.each([
    ['no words', ''],
    ['a yes', 'yes'],
    ['words for less', 'I accept weaker than fleet: cellM'],
    ['words for more', 'I accept weaker than fleet: cellM, trimM, stopS'],
    ['words in another order', 'I accept weaker than fleet: trimM, cellM'],
  ])('is one weaker than `fleet` with %s; the fault names what is weaker and no value', (_, unsafeWeakerThanFleet) => {
    const position = { cellM: 1_000, trimM: 543 };
    const refused = accept(signedBundle({ preset: 2, position, unsafeWeakerThanFleet }));
    expect(refused).toMatchObject(bad('POLICY_WEAKER_UNSAID'));
    expect(!refused.ok && refused.fault.problem.en).toContain('`cellM, trimM`');
    expect(JSON.stringify(refused)).not.toContain('543');
  });

  test('is one with words and nothing weaker: they would lie in wait', () => {
    const words = { unsafeWeakerThanFleet: 'I accept weaker than fleet: cellM' };
    expect(accept(signedBundle(words))).toMatchObject(bad('POLICY_WEAKER_UNSAID'));
  });

  test.each([TAG_ROTATIONS.weekly, TAG_ROTATIONS.never])(
    'is one whose tags last longer, unsaid (%i)',
    (tagRotation) => {
      expect(accept(signedBundle({ tagRotation }))).toMatchObject(bad('POLICY_WEAKER_UNSAID'));
      const unsafeWeakerThanFleet = 'I accept weaker than fleet: tagRotation';
      expect(accept(signedBundle({ tagRotation, unsafeWeakerThanFleet })).ok).toBe(true);
    },
  );

  test.each([
    ['cells that do not nest', 2, { cellM: 2_000 }],
    ['finer cells where trips end than elsewhere', 3, { endCellM: 5_000 }],
    ['a trim below its bound, whatever is said', 2, { trimM: 99 }],
    ['a trim above its bound', 2, { trimM: 20_001 }],
    ['a stand longer than the stop', 2, { dwellS: 1_000 }],
    ['cells for `strict`', 1, { cellM: 10_000 }],
    ['a tag of cells for `strict`', 1, { cellTag: 1 }],
    ['any setting for `none`', 0, { stopS: 300 }],
  ] as const)('is one with %s', (_, preset, position) => {
    expect(accept(signedBundle({ preset, position }))).toMatchObject(bad('POLICY_OUT_OF_BOUNDS'));
  });

  test.each([
    ['a millisecond before its time', 'POLICY_NOT_YET', { now: notBeforeMs - 1 }],
    ['at the end of its time', 'POLICY_EXPIRED', { now: expiresAtMs }],
    ['a version below the one held', 'POLICY_OLDER', { held: 2 }],
    [
      'below the one held even when it has expired: age tells nothing of time',
      'POLICY_OLDER',
      { held: 2, now: expiresAtMs },
    ],
  ])('%s', (_, code, around) => {
    expect(accept(signedBundle(), around)).toMatchObject(bad(code));
  });

  const other = generateKeyPairSync('ed25519').privateKey;
  const bundle = encodePolicyBundle(bundleOf());
  const signature = new Uint8Array(64);
  test.each([
    ['signed with another key', signedBundle({}, other)],
    ['with a signature of zeros', encodeSignedPolicyBundle({ bundle, signature })],
    [
      'with the signature of another bundle',
      encodeSignedPolicyBundle({ bundle, signature: signatureOf(signedBundle({ version: 2 })) }),
    ],
    ['signed as something else', signedAs('batch')],
    ['signed without its kind', signedAs(undefined)],
  ])('unsigned: %s', (_, bytes) => {
    expect(accept(bytes)).toMatchObject(bad('POLICY_UNSIGNED'));
  });

  test('unsigned: any one bit of a good bundle turned over', () => {
    const good = signedBundle();
    for (let bit = 0; bit < good.length * 8; bit += 1) {
      const broken = Uint8Array.from(good);
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const accepted = accept(broken);
      expect(accepted.ok, `bit ${bit}`).toBe(false);
      if (!accepted.ok) expect(['POLICY_UNSIGNED', 'POLICY_MALFORMED']).toContain(accepted.fault.code);
    }
  });

  test('malformed: cut off anywhere, or with something after it', () => {
    const good = signedBundle();
    for (let length = 0; length < good.length; length += 1) {
      expect(accept(good.subarray(0, length))).toMatchObject(bad('POLICY_MALFORMED'));
    }
    expect(accept(Buffer.concat([good, Buffer.from([0xa0, 0x06, 0x01])]))).toMatchObject(bad('POLICY_MALFORMED'));
    expect(accept(Buffer.from('{"policy":"yes"}'))).toMatchObject(bad('POLICY_MALFORMED'));
  });

  test.each([
    ['an unknown field', Buffer.concat([bundle, Buffer.from([0xa0, 0x06, 0x01])])],
    ['a preset that the schema does not know', Buffer.concat([bundle, Buffer.from([0x30, 0x07])])],
    ['a path that is no VSS path', encodePolicyBundle(bundleOf({ allowedPaths: [SPEED, '__proto__'] }))],
    ['a path in other letters', encodePolicyBundle(bundleOf({ allowedPaths: ['Vehicle.速度'] }))],
    ['no id', encodeWithout()],
  ])('malformed although signed: %s', (_, signed) => {
    expect(accept(signBundleBytes(signed))).toMatchObject(bad('POLICY_MALFORMED'));
  });

  test('every fault speaks both languages and names a remedy', () => {
    for (const given of [{ now: notBeforeMs - 1 }, { now: expiresAtMs }, { held: 2 }]) {
      const accepted = accept(signedBundle(), given);
      if (accepted.ok) throw new Error('accepted');
      const { problem, remedy } = accepted.fault;
      for (const text of [problem.zh, remedy.zh]) expect(text).toMatch(/[\u4e00-\u9fff]/);
      for (const text of [problem.en, remedy.en]) expect(text).toMatch(/^[a-z][^\n]+$/);
    }
  });
});

function signatureOf(signed: Uint8Array): Uint8Array {
  return signed.subarray(-64);
}

/** A good Ed25519 signature over other bytes than those of a policy. */
function signedAs(kind: string | undefined): Uint8Array {
  const message =
    kind === undefined ? bundleBytes() : Buffer.concat([Buffer.from(`tongguan.v1.${kind}\0`), bundleBytes()]);
  return encodeSignedPolicyBundle({ bundle: bundleBytes(), signature: sign(null, message, POLICY_SIGNING_KEY) });
}

function bundleBytes(): Uint8Array {
  return encodePolicyBundle(bundleOf());
}

/** A bundle whose first field, the id, is cut out. */
function encodeWithout(): Uint8Array {
  const bytes = bundleBytes();
  return bytes.subarray(2 + (bytes[1] ?? 0));
}
