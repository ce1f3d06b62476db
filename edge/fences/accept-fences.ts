import { type KeyObject, verify } from 'node:crypto';
import { DECOYS_MIN, decodeFenceSet, decodeSignedFenceSet, type FenceSet } from '../../proto/codec/fence-codec.ts';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { Fences } from '../ports/fences.ts';
import type { PolicyStore } from '../ports/policy-store.ts';
import { CLOSED_FENCES } from '../stages/closed-fences.ts';
import { indexFences } from './fence-index.ts';

export type FencesFault = Fault<
  | 'FENCES_MISSING'
  | 'FENCES_UNSIGNED'
  | 'FENCES_MALFORMED'
  | 'FENCES_OLDER'
  | 'FENCES_NOT_YET'
  | 'FENCES_EXPIRED'
  | 'FENCES_WITHOUT_DECOYS'
>;

/** What the policy demands and what is remembered. */
export interface FenceDemand {
  /** Lowest version the policy accepts; 0 for none demanded. */
  readonly versionMin: number;
  readonly heldVersion: number | undefined;
}

/**
 * Verifies a fence set and takes it only if it is signed, in its time, not older than the one held or demanded, and has
 * enough decoys for each fence.
 *
 * @param bytes - SignedFenceSet of proto/schema/control.proto
 * @param key - the operator's Ed25519 policy key
 */
export function acceptFences(
  bytes: Uint8Array,
  key: KeyObject,
  now: Instant,
  { versionMin, heldVersion }: FenceDemand,
): Result<FenceSet, FencesFault> {
  const signed = decodeSignedFenceSet(bytes);
  if (!signed.ok) return fail(fault('FENCES_MALFORMED'));
  if (!verify(null, signedBytes('fences', signed.value.set), key, signed.value.signature))
    return fail(fault('FENCES_UNSIGNED'));
  const set = decodeFenceSet(signed.value.set);
  if (!set.ok) return fail(fault('FENCES_MALFORMED'));
  const { version, notBeforeMs, expiresAtMs, decoysPerFence, fences } = set.value;
  if (version < Math.max(versionMin, heldVersion ?? 0)) return fail(fault('FENCES_OLDER'));
  if (now < notBeforeMs) return fail(fault('FENCES_NOT_YET'));
  if (now >= expiresAtMs) return fail(fault('FENCES_EXPIRED'));
  if (decoysPerFence < DECOYS_MIN || fences.length % (decoysPerFence + 1) !== 0)
    return fail(fault('FENCES_WITHOUT_DECOYS'));
  return ok(set.value);
}

export interface ChosenFences {
  /** Undefined: no fences, and the policy demands none. */
  readonly fences: Fences | undefined;
  /** Why a set was not taken, or why everything is closed; to be alerted. */
  readonly fault: FencesFault | undefined;
  /** When the set in force ends; undefined without one. */
  readonly expiresAt?: Instant;
}

/**
 * Takes the offered set if it is better than the one held, else the last good one while that lasts, else closes everything:
 * an operator who has fences is never served without them.
 *
 * @param offered - bytes found on disk, undefined when there are none
 * @param now - asked again at each use, so that a set which expires closes by itself
 */
export function chooseFences(
  offered: Uint8Array | undefined,
  store: PolicyStore,
  key: KeyObject,
  now: () => Instant,
  versionMin: number,
): ChosenFences {
  const held = store.held();
  const taken =
    offered === undefined ? undefined : acceptFences(offered, key, now(), { versionMin, heldVersion: held?.version });
  if (taken?.ok && offered !== undefined) {
    if (taken.value.version !== held?.version) store.keep(taken.value.version, offered);
    return opened(taken.value, now, undefined);
  }
  const offeredFault = taken === undefined || taken.ok ? undefined : taken.fault;
  if (held === undefined) {
    if (offered === undefined && versionMin === 0) return { fences: undefined, fault: undefined };
    return { fences: CLOSED_FENCES, fault: offeredFault ?? fault('FENCES_MISSING') };
  }
  const kept = acceptFences(held.bytes, key, now(), { versionMin, heldVersion: undefined });
  if (!kept.ok) return { fences: CLOSED_FENCES, fault: offeredFault ?? kept.fault };
  return opened(kept.value, now, offeredFault);
}

function opened(set: FenceSet, now: () => Instant, fault: FencesFault | undefined): ChosenFences {
  return { fences: openFences(set, now), fault, expiresAt: set.expiresAtMs as Instant };
}

function openFences(set: FenceSet, now: () => Instant): Fences {
  const index = indexFences(set.fences);
  const isOver = (): boolean => now() >= set.expiresAtMs;
  return {
    isNear: (position) => isOver() || index.isNear(position),
    blocks: (cell) => isOver() || index.blocks(cell),
  };
}

function fault(code: FencesFault['code']): FencesFault {
  const [problem, remedy] = TEXT[code];
  return { code, problem, remedy, retry: 'after-remedy' };
}

const TEXT: Readonly<Record<FencesFault['code'], readonly [Fault['problem'], Fault['remedy']]>> = {
  FENCES_MISSING: [
    bilingual(
      'the policy demands a fence set and there is none: no cell and no imagery leaves',
      '策略要求围栏集但未提供：不上行任何网格与图像',
    ),
    bilingual('install one as `policy.fencesFile`', '请安装围栏集并配置 `policy.fencesFile`'),
  ],
  FENCES_UNSIGNED: [
    bilingual("the fence set is not signed by the operator's policy key", '围栏集未经运营方策略密钥签名'),
    bilingual('sign it with `tongguan policy fences sign`', '请使用 `tongguan policy fences sign` 签名'),
  ],
  FENCES_MALFORMED: [
    bilingual('the fence set cannot be read', '无法读取围栏集'),
    bilingual('sign it again with the release of this agent', '请用与本终端相同的版本重新签发'),
  ],
  FENCES_OLDER: [
    bilingual('the fence set is older than the one in force or demanded', '围栏集版本低于现行或所要求的版本'),
    bilingual('issue a set with a higher version', '请签发更高版本的围栏集'),
  ],
  FENCES_NOT_YET: [
    bilingual('the fence set is not yet in force', '围栏集尚未生效'),
    bilingual('check the clock of the vehicle, or wait', '请检查车辆时钟，或等待生效'),
  ],
  FENCES_EXPIRED: [
    bilingual('the fence set has expired: no cell and no imagery leaves', '围栏集已过期：不上行任何网格与图像'),
    bilingual('issue a new one', '请签发新的围栏集'),
  ],
  FENCES_WITHOUT_DECOYS: [
    bilingual(
      'the fence set has fewer than four decoys a fence: its fences would be found from the holes they leave',
      '围栏集中每个围栏的诱饵少于四个：从空洞即可推知围栏位置',
    ),
    bilingual('sign it with `decoysPerFence` of 4 or more', '请以不少于 4 的 `decoysPerFence` 重新签发'),
  ],
};
