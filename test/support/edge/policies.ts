import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { ActivePolicy } from '../../../edge/policy/policy-bundle.ts';
import type { Purpose, Purposes } from '../../../edge/policy/purpose.ts';
import {
  encodePolicyBundle,
  encodeSignedPolicyBundle,
  POSITION_PRESETS,
  type PolicyBundle,
  PURPOSE_CONSENTS,
  PURPOSE_KINDS,
  TAG_ROTATIONS,
} from '../../../proto/codec/control-codec.ts';
import { signedBytes } from '../../../proto/codec/signed-bytes.ts';
import type { Instant } from '../../../proto/words/time.ts';

export const SPEED = 'Vehicle.Speed';
export const CHARGE = 'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current';
export const TYPE = 'Vehicle.Powertrain.Type';

/** A policy as `acceptPolicy` would give it; valid until the year 2100. */
export function policyOf(change: Partial<ActivePolicy> = {}): ActivePolicy {
  const allowedPaths = change.allowedPaths ?? new Set([SPEED, CHARGE, TYPE]);
  return {
    id: 'tour',
    version: 1,
    expiresAt: Date.UTC(2100, 0, 1) as Instant,
    preset: POSITION_PRESETS.strict,
    tagRotation: TAG_ROTATIONS.daily,
    purposes: allPurposes(allowedPaths),
    ...change,
    allowedPaths,
  };
}

export const OPERATIONS: Purpose = {
  id: 'operations',
  consent: 'none',
  expiresAt: Date.UTC(2100, 0, 1) as Instant,
};
export const CABIN: Purpose = { ...OPERATIONS, id: 'seat-study', consent: 'all-occupants' };

/** Everything for one purpose that needs no consent, but for pictures of the cabin. */
export function allPurposes(paths: Iterable<string>, purpose = OPERATIONS): Purposes {
  const kinds = PURPOSE_KINDS.map((kind) => [kind, kind === 'cabinImages' ? CABIN : purpose]);
  return {
    all: [purpose, CABIN],
    ofPath: new Map([...paths].map((path) => [path, purpose])),
    ofKind: Object.fromEntries(kinds) as Purposes['ofKind'],
  };
}

/** The operator's key of a test run. */
export const { privateKey: POLICY_SIGNING_KEY, publicKey: POLICY_KEY } = generateKeyPairSync('ed25519');

export function bundleOf(change: Partial<PolicyBundle> = {}): PolicyBundle {
  const allowedPaths = change.allowedPaths ?? [SPEED];
  return {
    id: 'tour',
    version: 1,
    notBeforeMs: Date.UTC(2020, 0, 1),
    expiresAtMs: Date.UTC(2030, 0, 1),
    allowedPaths,
    purposes: [
      { id: 'operations', consent: PURPOSE_CONSENTS.none, expiresAtMs: Date.UTC(2100, 0, 1) },
      { id: 'seat-study', consent: PURPOSE_CONSENTS['all-occupants'], expiresAtMs: Date.UTC(2100, 0, 1) },
    ],
    pathPurposes: new Uint8Array(allowedPaths.length).fill(1),
    kindPurposes: { cells: 1, trips: 1, exteriorImages: 1, cabinImages: 2, pointClouds: 1, objects: 1, updates: 1 },
    preset: POSITION_PRESETS.strict,
    tagRotation: TAG_ROTATIONS.daily,
    ...change,
  };
}

/** Bytes of a bundle signed as the operator signs it. */
export function signedBundle(change: Partial<PolicyBundle> = {}, key: KeyObject = POLICY_SIGNING_KEY): Uint8Array {
  return signBundleBytes(encodePolicyBundle(bundleOf(change)), key);
}

export function signBundleBytes(bundle: Uint8Array, key: KeyObject = POLICY_SIGNING_KEY): Uint8Array {
  return encodeSignedPolicyBundle({ bundle, signature: sign(null, signedBytes('policy', bundle), key) });
}

/** The same bundle under a signature that is not the key's. */
export function withWrongSignature(signed: Uint8Array): Uint8Array {
  const forged = Uint8Array.from(signed);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  return forged;
}
