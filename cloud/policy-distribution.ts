import type { KeyObject } from 'node:crypto';
import { verify } from 'node:crypto';
import { decodePolicyBundle, decodeSignedPolicyBundle, type PolicyBundle } from '../proto/codec/control-codec.ts';
import { signedBytes } from '../proto/codec/signed-bytes.ts';
import { bilingual, type Fault } from '../proto/words/fault.ts';

/** The bundle that vehicles are told. It is signed elsewhere: the cloud can hand it on, and cannot make one. */
export interface PolicyDistribution {
  /** The bundle to tell now; undefined when there is none, or none that the policy key signed. */
  readonly current: () => Uint8Array | undefined;
  /** Looks at the file again, and sends a bundle with a higher version to whoever listens. */
  readonly look: () => void;
  /** Takes note of a bundle that vehicles have from elsewhere. */
  readonly know: (bytes: Uint8Array | undefined) => void;
}

export interface PolicyDistributionParts {
  readonly readFile: () => Uint8Array | undefined;
  readonly key: KeyObject;
  readonly send: (bundle: Uint8Array) => void;
  /** Of every bundle that the key signed. */
  readonly onSigned?: (bundle: PolicyBundle) => void;
  readonly onFault: (fault: Fault) => void;
}

export function createPolicyDistribution({
  readFile,
  key,
  send,
  onSigned = () => undefined,
  onFault,
}: PolicyDistributionParts): PolicyDistribution {
  let current: { readonly bytes: Uint8Array; readonly version: number } | undefined;
  let looked: Uint8Array | undefined;
  return {
    current: () => current?.bytes,
    look: () => {
      const bytes = readFile();
      if (bytes === undefined || (looked !== undefined && Buffer.compare(bytes, looked) === 0)) return;
      looked = bytes;
      const bundle = bundleOf(bytes, key);
      if (bundle !== undefined) onSigned(bundle);
      const version = bundle?.version;
      // Vehicles refuse an older one anyway; telling it would only fill their logs.
      if (version === undefined || (current !== undefined && version <= current.version)) {
        onFault(policyNotSent());
        return;
      }
      current = { bytes, version };
      send(bytes);
    },
    know: (bytes) => {
      const bundle = bytes === undefined ? undefined : bundleOf(bytes, key);
      if (bundle === undefined) onFault(policyNotSent());
      else onSigned(bundle);
    },
  };
}

/** Undefined for anything that the key did not sign. */
function bundleOf(bytes: Uint8Array, key: KeyObject): PolicyBundle | undefined {
  const signed = decodeSignedPolicyBundle(bytes);
  if (!signed.ok) return undefined;
  const { bundle, signature } = signed.value;
  const decoded = verify(null, signedBytes('policy', bundle), key, signature) ? decodePolicyBundle(bundle) : undefined;
  return decoded?.ok ? decoded.value : undefined;
}

function policyNotSent(): Fault<'POLICY_NOT_SENT'> {
  return {
    code: 'POLICY_NOT_SENT',
    problem: bilingual(
      'the policy bundle of `policy.bundleFile` is not sent: it is not signed by the policy key, or no newer than the last',
      '`policy.bundleFile` 中的策略包未下发：未经策略密钥签名，或版本不高于上一份',
    ),
    remedy: bilingual(
      'sign a bundle with a higher version with `tongguan policy sign`; vehicles keep the one they have',
      '请用 `tongguan policy sign` 签发更高版本的策略包；车辆继续使用现有策略包',
    ),
    retry: 'after-remedy',
  };
}
