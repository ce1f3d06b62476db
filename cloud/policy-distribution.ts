import type { KeyObject } from 'node:crypto';
import { verify } from 'node:crypto';
import { decodePolicyBundle, decodeSignedPolicyBundle } from '../proto/codec/control-codec.ts';
import { signedBytes } from '../proto/codec/signed-bytes.ts';
import { bilingual, type Fault } from '../proto/words/fault.ts';

/** The bundle that vehicles are told. It is signed elsewhere: the cloud can hand it on, and cannot make one. */
export interface PolicyDistribution {
  /** The bundle to tell now; undefined when there is none, or none that the policy key signed. */
  readonly current: () => Uint8Array | undefined;
  /** Looks at the file again, and sends a bundle with a higher version to whoever listens. */
  readonly look: () => void;
}

export interface PolicyDistributionParts {
  readonly readFile: () => Uint8Array | undefined;
  /** Bundles that vehicles were delivered with: known, and not sent. */
  readonly readDelivered?: () => readonly (Uint8Array | undefined)[];
  /** Makes a bundle known that the key signed, durably, before any vehicle is told it. */
  readonly keep?: (bundle: Uint8Array) => void;
  readonly key: KeyObject;
  readonly send: (bundle: Uint8Array) => void;
  readonly onFault: (fault: Fault) => void;
}

export function createPolicyDistribution({
  readFile,
  readDelivered = () => [],
  keep = () => undefined,
  key,
  send,
  onFault,
}: PolicyDistributionParts): PolicyDistribution {
  let current: { readonly bytes: Uint8Array; readonly version: number } | undefined;
  let looked: Uint8Array | undefined;
  const keepDelivered = createDelivered(readDelivered, key, keep, onFault);
  return {
    current: () => current?.bytes,
    look: () => {
      keepDelivered();
      const bytes = readFile();
      if (bytes === undefined || (looked !== undefined && Buffer.compare(bytes, looked) === 0)) return;
      const version = versionOf(bytes, key);
      // Where it cannot be kept this throws, and the file is looked at again: what is not known is not told.
      if (version !== undefined) keep(bytes);
      looked = bytes;
      // Vehicles refuse an older one anyway; telling it would only fill their logs.
      if (version === undefined || (current !== undefined && version <= current.version)) {
        onFault(policyNotSent());
        return;
      }
      current = { bytes, version };
      send(bytes);
    },
  };
}

/** Looks at the files that vehicles were delivered with; one that is missing or not signed is told once, and again when it has changed. */
function createDelivered(
  readDelivered: () => readonly (Uint8Array | undefined)[],
  key: KeyObject,
  keep: (bundle: Uint8Array) => void,
  onFault: (fault: Fault) => void,
): () => void {
  const looked = new Map<number, Uint8Array | undefined>();
  return () => {
    for (const [index, bytes] of readDelivered().entries()) {
      const before = looked.get(index);
      if (looked.has(index) && (before === bytes || (before && bytes && Buffer.compare(before, bytes) === 0))) continue;
      if (bytes !== undefined && versionOf(bytes, key) !== undefined) keep(bytes);
      else onFault(policyNotKnown());
      looked.set(index, bytes);
    }
  };
}

/** Undefined for anything that the key did not sign. */
function versionOf(bytes: Uint8Array, key: KeyObject): number | undefined {
  const signed = decodeSignedPolicyBundle(bytes);
  if (!signed.ok) return undefined;
  const { bundle, signature } = signed.value;
  const decoded = verify(null, signedBytes('policy', bundle), key, signature) ? decodePolicyBundle(bundle) : undefined;
  return decoded?.ok ? decoded.value.version : undefined;
}

function policyNotKnown(): Fault<'POLICY_NOT_KNOWN'> {
  return {
    code: 'POLICY_NOT_KNOWN',
    problem: bilingual(
      'a file of `policy.deliveredFiles` is missing, or not signed by the policy key: batches under its policy go to quarantine',
      '`policy.deliveredFiles` 中有文件缺失或未经策略密钥签名：引用该策略包的批次将进入隔离区',
    ),
    remedy: bilingual(
      'put the signed bundle there that vehicles were delivered with; it is looked at again by itself',
      '请放入车辆出厂所带的已签名策略包；系统会自动重新读取',
    ),
    retry: 'after-remedy',
  };
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
