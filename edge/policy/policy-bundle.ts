import { type KeyObject, verify } from 'node:crypto';
import {
  decodePolicyBundle,
  decodeSignedPolicyBundle,
  overridesOf,
  type PolicyBundle,
  presetName,
  type SignalRule,
  tagRotationName,
} from '../../proto/codec/control-codec.ts';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import {
  type PositionRules,
  type PositionRulesFault,
  positionRules,
  unsafeWords,
} from '../../proto/words/position-rules.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { parseVssPath } from '../../proto/words/vss-path.ts';
import type { Recognition } from '../ports/confidentiality.ts';
import type { Fences } from '../ports/fences.ts';
import type { Standing } from '../ports/standing.ts';
import { type Consent, finiteConsents } from './consent.ts';
import { type Purposes, purposesOf } from './purpose.ts';
import { type SensorPolicy, sensorPolicyOf } from './sensor-policy.ts';

/** What the vehicle may collect now. Only `acceptPolicy` makes one. */
export interface ActivePolicy {
  readonly id: string;
  readonly version: number;
  readonly expiresAt: Instant;
  readonly allowedPaths: ReadonlySet<string>;
  readonly preset: PolicyBundle['preset'];
  readonly tagRotation: PolicyBundle['tagRotation'];
  /** Absent: nothing of cameras, lidar and radar leaves. */
  readonly sensors?: SensorPolicy;
  /** How often and how finely signals leave, by path; absent and paths without one are as they come. */
  readonly signalRules?: ReadonlyMap<string, SignalRule>;
  /** Absent: the preset's own. */
  readonly position?: PositionRules;
  /** Lowest version of a fence set without which nothing geographic leaves; 0 or absent demands none. */
  readonly fenceVersionMin?: number;
  /** What is collected for what; anything else stays. */
  readonly purposes: Purposes;
  /** Consents that the bundle has on record. */
  readonly records?: readonly Consent[];
  /** Which purposes may be served at the moment, put in by the agent's composition. */
  readonly standing?: Standing | undefined;
  /** No cell leaves that state-recognised processing has not gone before. */
  readonly stateRecognisedOnly?: boolean;
  /** State-recognised processing, where it is configured; put in by the agent's composition. */
  readonly confidentiality?: Recognition | undefined;
  /** The fences in force, put in by the agent's composition. */
  readonly fences?: Fences | undefined;
}

export type PolicyFault = Fault<
  | 'POLICY_UNSIGNED'
  | 'POLICY_MALFORMED'
  | 'POLICY_OLDER'
  | 'POLICY_NOT_YET'
  | 'POLICY_EXPIRED'
  | 'POLICY_OUT_OF_BOUNDS'
  | 'POLICY_WEAKER_UNSAID'
>;

/**
 * Verifies a policy bundle and takes it only if it is signed, in its time and not older than the one held.
 *
 * @param bytes - SignedPolicyBundle of proto/schema/control.proto
 * @param key - the operator's Ed25519 public key
 * @param heldVersion - version already accepted, or undefined before the first
 * @returns the policy, or why it changes nothing; without any policy the vehicle collects nothing
 */
export function acceptPolicy(
  bytes: Uint8Array,
  key: KeyObject,
  now: Instant,
  heldVersion: number | undefined,
): Result<ActivePolicy, PolicyFault> {
  const signed = decodeSignedPolicyBundle(bytes);
  if (!signed.ok) return fail(fault('POLICY_MALFORMED'));
  const message = signedBytes('policy', signed.value.bundle);
  if (!verify(null, message, key, signed.value.signature)) return fail(fault('POLICY_UNSIGNED'));
  const bundle = decodePolicyBundle(signed.value.bundle);
  const sensors = bundle.ok ? sensorPolicyOf(bundle.value) : bundle;
  const purposes = bundle.ok ? purposesOf(bundle.value) : bundle;
  if (!bundle.ok || !sensors.ok || !purposes.ok || !bundle.value.allowedPaths.every((path) => parseVssPath(path).ok))
    return fail(fault('POLICY_MALFORMED'));
  const { id, version, notBeforeMs, expiresAtMs, allowedPaths, preset, tagRotation } = bundle.value;
  if (heldVersion !== undefined && version < heldVersion) return fail(fault('POLICY_OLDER'));
  if (now < notBeforeMs) return fail(fault('POLICY_NOT_YET'));
  if (now >= expiresAtMs) return fail(fault('POLICY_EXPIRED'));
  const rules = new Map((bundle.value.signalRules ?? []).map((rule) => [rule.path, rule]));
  // Two rules for a path, or one for a path that may not leave, is a mistake whose meaning is not for us to guess.
  if (
    rules.size !== (bundle.value.signalRules ?? []).length ||
    ![...rules.keys()].every((path) => allowedPaths.includes(path))
  )
    return fail(fault('POLICY_MALFORMED'));
  const position = positionOf(bundle.value);
  if (!position.ok) return fail(positionFault(position.fault));
  const expiresAt = expiresAtMs as Instant;
  return ok({
    id,
    version,
    expiresAt,
    allowedPaths: new Set(allowedPaths),
    preset,
    tagRotation,
    ...(sensors.value && { sensors: sensors.value }),
    position: position.value,
    fenceVersionMin: bundle.value.fenceVersionMin ?? 0,
    signalRules: rules,
    purposes: purposes.value,
    records: finiteConsents(bundle.value.consents ?? []),
    stateRecognisedOnly: bundle.value.stateRecognisedOnly ?? false,
  });
}

function positionOf(bundle: PolicyBundle): Result<PositionRules, PositionRulesFault> {
  const { preset, tagRotation, unsafeWeakerThanFleet = '' } = bundle;
  return positionRules(
    presetName(preset) ?? 'none',
    overridesOf(bundle),
    tagRotationName(tagRotation),
    unsafeWeakerThanFleet,
  );
}

/** Names settings, never their values: an operator reads them in the bundle. */
function positionFault({ code, settings }: PositionRulesFault): PolicyFault {
  const named = settings.join(', ');
  if (code === 'out-of-bounds') {
    return {
      code: 'POLICY_OUT_OF_BOUNDS',
      problem: bilingual(
        `the policy bundle sets \`${named}\` outside the bounds, or for a preset that has none`,
        `策略包中 \`${named}\` 超出允许范围，或所选预设不支持该设置`,
      ),
      remedy: bilingual('issue it with settings within docs/edge.md', '请按 docs/edge.md 的取值范围重新签发'),
      retry: 'after-remedy',
    };
  }
  return {
    code: 'POLICY_WEAKER_UNSAID',
    problem: bilingual(
      `the words that accept settings weaker than \`fleet\` do not fit: weaker are \`${named}\``,
      `接受弱于 \`fleet\` 的设置的声明与实际不符：较弱的设置为 \`${named}\``,
    ),
    remedy: bilingual(
      `make them as strong as \`fleet\`, or say \`${unsafeWords(settings)}\``,
      `请将其设置为不弱于 \`fleet\`，或写明 \`${unsafeWords(settings)}\``,
    ),
    retry: 'after-remedy',
  };
}

function fault(code: PlainCode): PolicyFault {
  const [problem, remedy] = TEXT[code];
  return { code, problem, remedy, retry: 'after-remedy' };
}

type PlainCode = Exclude<PolicyFault['code'], 'POLICY_OUT_OF_BOUNDS' | 'POLICY_WEAKER_UNSAID'>;

const TEXT: Readonly<Record<PlainCode, readonly [Fault['problem'], Fault['remedy']]>> = {
  POLICY_MALFORMED: [
    bilingual('the policy bundle cannot be read', '无法读取策略包'),
    bilingual('issue the bundle again with the release of this agent', '请用与本终端相同的版本重新签发策略包'),
  ],
  POLICY_UNSIGNED: [
    bilingual("the policy bundle is not signed by the operator's policy key", '策略包未经运营方策略密钥签名'),
    bilingual(
      'sign it with the key whose public half the agent is configured with',
      '请使用与终端所配置公钥对应的私钥签名',
    ),
  ],
  POLICY_OLDER: [
    bilingual('the policy bundle is older than the one in force', '策略包版本低于现行版本'),
    bilingual('issue a bundle with a higher version', '请签发更高版本的策略包'),
  ],
  POLICY_NOT_YET: [
    bilingual('the policy bundle is not yet in force', '策略包尚未生效'),
    bilingual(
      'check the clock of the vehicle, or wait for the first day of the bundle',
      '请检查车辆时钟，或等待策略包生效',
    ),
  ],
  POLICY_EXPIRED: [
    bilingual('the policy bundle has expired', '策略包已过期'),
    bilingual(
      'issue a new bundle; until then the vehicle collects nothing',
      '请签发新的策略包；在此之前车辆不采集任何数据',
    ),
  ],
};
