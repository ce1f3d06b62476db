import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { createPrng } from '../../firmware-sim/prng.ts';
import {
  CONSENT_KINDS,
  CONSENT_SUBJECTS,
  encodePolicyBundle,
  encodeSignedPolicyBundle,
  IMAGERY_SETTINGS,
  OBJECT_SETTINGS,
  POINT_CLOUD_SETTINGS,
  POSITION_PRESETS,
  PURPOSE_CONSENTS,
  TAG_ROTATIONS,
} from '../../proto/codec/control-codec.ts';
import { encodeFenceSet, encodeSignedFenceSet, type Ring } from '../../proto/codec/fence-codec.ts';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import { DAY_MS, type Instant } from '../../proto/words/time.ts';
import { ALLOWED_PATHS } from '../up/tour.ts';

/** The operator of a scenario: a key, and what is signed with it. Keys and signatures come of the seed. */
export interface Operator {
  readonly key: KeyObject;
  /** Signs packages and campaigns of software updates. */
  readonly updateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly policy: (request: PolicyRequest) => Uint8Array;
  readonly fences: (rings: readonly Ring[], from: Instant) => Uint8Array;
}

export interface PolicyRequest {
  readonly preset: keyof typeof POSITION_PRESETS;
  readonly from: Instant;
  /** Whether nothing geographic may leave without a fence set. */
  readonly isFenced?: boolean;
  /** Signals that may leave; those of the tour without it. */
  readonly paths?: readonly string[];
  /** `dropped`: nothing of cameras, lidar and radar. Mosaics and counts without it. */
  readonly sensors?: 'dropped';
  /** Paths among those that leave for a purpose of their own; all others leave for the care of the fleet. */
  readonly purposes?: readonly ScenarioPurpose[];
}

export interface ScenarioPurpose {
  readonly id: string;
  readonly paths: readonly string[];
  /** First moment at which nothing leaves for it any more; the end of the policy without it. */
  readonly until?: Instant;
  /** When the driver's consent, which it then needs, holds. */
  readonly consented?: { readonly from: Instant; readonly until: Instant };
}

/** Version of the one fence set of a scenario. */
const FENCE_VERSION = 1;

/** One true area and its decoys; which is which only the operator knows. */
export const DECOYS_PER_FENCE = 4;

export function operatorOf(seed: string): Operator {
  const key = ed25519Of(`${seed}/operator`);
  return {
    key,
    updateKey: ed25519Of(`${seed}/updates`),
    publicKey: createPublicKey(key),
    policy: (request) => {
      const bundle = encodePolicyBundle(bundleOf(request));
      return encodeSignedPolicyBundle({ bundle, signature: sign(null, signedBytes('policy', bundle), key) });
    },
    fences: (rings, from) => {
      const set = encodeFenceSet({
        ...{ id: 'scenario', version: FENCE_VERSION, notBeforeMs: from, expiresAtMs: from + LIFETIME_MS },
        ...{ decoysPerFence: DECOYS_PER_FENCE, fences: rings },
      });
      return encodeSignedFenceSet({ set, signature: sign(null, signedBytes('fences', set), key) });
    },
  };
}

/** Bytes of a seed, for keys and secrets of vehicles that do not exist. */
export function seededBytes(seed: string, length: number): Uint8Array {
  const prng = createPrng(seed);
  return Uint8Array.from({ length }, () => prng.whole(0, 255));
}

function bundleOf({ preset, from, isFenced = false, paths = ALLOWED_PATHS, sensors, purposes = [] }: PolicyRequest) {
  const expiresAtMs = from + LIFETIME_MS;
  return {
    ...{ id: `scenario-${preset}`, version: 1, notBeforeMs: from, expiresAtMs },
    ...{ allowedPaths: paths, pathPurposes: Uint8Array.from(paths, (path) => placeOf(path, purposes)) },
    purposes: [{ id: 'fleet-care', consent: PURPOSE_CONSENTS.none, expiresAtMs }, ...recordsOf(purposes, expiresAtMs)],
    consents: purposes.flatMap(consentTo),
    kindPurposes: { cells: 1, trips: 1, exteriorImages: 1, pointClouds: 1, objects: 1, updates: 1 },
    preset: POSITION_PRESETS[preset],
    tagRotation: TAG_ROTATIONS.daily,
    ...(sensors === undefined && REDUCED_SENSORS),
    fenceVersionMin: isFenced ? FENCE_VERSION : 0,
  };
}

const REDUCED_SENSORS = {
  ...{ imagery: IMAGERY_SETTINGS.mosaic, pointCloud: POINT_CLOUD_SETTINGS.counts, objects: OBJECT_SETTINGS.counts },
  sensorIntervalS: 60,
} as const;

/** From 1 on; the first is the care of the fleet. */
const placeOf = (path: string, purposes: readonly ScenarioPurpose[]): number =>
  Math.max(0, purposes.findIndex(({ paths }) => paths.includes(path)) + 1) + 1;

const recordsOf = (purposes: readonly ScenarioPurpose[], expiresAtMs: number) =>
  purposes.map(({ id, until, consented }) => ({
    ...{ id, expiresAtMs: until ?? expiresAtMs },
    consent: consented === undefined ? PURPOSE_CONSENTS.none : PURPOSE_CONSENTS.driver,
  }));

const consentTo = ({ id, consented }: ScenarioPurpose) =>
  consented === undefined
    ? []
    : [
        {
          ...{ id: `consent-${id}`, purpose: id, subjects: CONSENT_SUBJECTS.driver, kind: CONSENT_KINDS.purpose },
          ...{ fromMs: consented.from, untilMs: consented.until },
        },
      ];

/** A private key of Ed25519 is 32 bytes behind a fixed head (RFC 8410). */
function ed25519Of(seed: string): KeyObject {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([head, seededBytes(seed, 32)]), format: 'der', type: 'pkcs8' });
}

/** Longer than the longest scenario. */
const LIFETIME_MS = 800 * DAY_MS;
