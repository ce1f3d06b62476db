import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  CELL_TAGS,
  encodePolicyBundle,
  encodeSignedPolicyBundle,
  POSITION_PRESETS,
  TAG_ROTATIONS,
} from '../../proto/codec/control-codec.ts';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import { instantText } from '../../proto/config/instant-text.ts';
import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { BOUNDS, positionRules, unsafeWords } from '../../proto/words/position-rules.ts';
import { parseVssPath } from '../../proto/words/vss-path.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { consentMistakes, PURPOSE_KEYS, purposeFields, purposeMistakes } from './policy-purposes.ts';
import { SENSOR_KEYS, sensorFields } from './policy-sensors.ts';

export interface PolicySignArgs {
  /** YAML, docs/edge.md. */
  readonly file: string;
  /** PEM of the operator's Ed25519 policy key. */
  readonly keyFile: string;
  readonly out: string;
  readonly json?: boolean;
}

export interface PolicySignIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  readonly write: (path: string, bytes: Uint8Array) => void;
}

const PATHS_MAX = 2_048;
const VERSION_MAX = 4_294_967_295;
const MILLION = 1_000_000;

const rotation = z.enum(['trip', 'daily', 'weekly', 'never']);

/** Each setting by its own name; which values it may have is asked of all of them together. */
const settings = {
  ...(Object.fromEntries(BOUNDS.map(({ key }) => [key, z.int().optional()])) as Record<
    (typeof BOUNDS)[number]['key'],
    z.ZodOptional<z.ZodInt>
  >),
  cellTag: rotation.optional(),
};

/** How often and how finely one signal leaves. */
const signalRule = z.strictObject({
  periodS: z.number().min(0.001).max(86_400).optional(),
  quantum: z
    .number()
    .min(1 / MILLION)
    .max(MILLION)
    .refine((quantum) => Number.isInteger(Math.round(quantum * MILLION * 1_000) / 1_000), 'expected whole millionths')
    .optional(),
});

/** What the operator writes; nothing that lets data off a vehicle has a default. */
export const PolicyFile = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
    version: z.int().min(1).max(VERSION_MAX),
    notBefore: instantText,
    expiresAt: instantText,
    preset: z.enum(['none', 'strict', 'strict-map', 'fleet']),
    tagRotation: rotation,
    position: z.strictObject(settings).prefault({}),
    unsafeWeakerThanFleet: z.string().max(256).default(''),
    fenceVersionMin: z.int().min(1).max(VERSION_MAX).optional(),
    signalRules: z.record(z.string(), signalRule).default({}),
    allowedPaths: z.array(z.string().refine((path) => parseVssPath(path).ok, 'expected a VSS path')).max(PATHS_MAX),
    stateRecognisedOnly: z.boolean().default(false),
    ...PURPOSE_KEYS,
    ...SENSOR_KEYS,
  })
  .superRefine((keys, context) => {
    for (const message of [...purposeMistakes(keys, keys.allowedPaths), ...consentMistakes(keys)])
      context.addIssue({ code: 'custom', path: ['purposes'], message });
  })
  .superRefine(({ signalRules, allowedPaths }, context) => {
    for (const name of Object.keys(signalRules)) {
      if (!allowedPaths.includes(name))
        context.addIssue({ code: 'custom', path: ['signalRules', name], message: 'expected a path of `allowedPaths`' });
    }
  })
  .superRefine(({ preset, tagRotation, position, unsafeWeakerThanFleet }, context) => {
    const rules = positionRules(preset, position, tagRotation, unsafeWeakerThanFleet);
    if (rules.ok) return;
    const { code, settings: named } = rules.fault;
    if (code === 'unsaid') {
      const wanted = named.length === 0 ? 'leave it out: nothing is weaker' : `expected \`${unsafeWords(named)}\``;
      context.addIssue({ code: 'custom', path: ['unsafeWeakerThanFleet'], message: wanted });
    } else
      for (const name of named)
        context.addIssue({ code: 'custom', path: ['position', name], message: boundsOf(name, preset) });
  });

function boundsOf(name: string, preset: string): string {
  const bound = BOUNDS.find(({ key }) => key === name);
  if (bound === undefined) return `preset \`${preset}\` has no cells`;
  const values = 'among' in bound ? `one of ${bound.among.join(', ')}` : `${bound.least} to ${bound.most}`;
  return `expected ${values}, and a preset that uses it (dwellS is at most stopS)`;
}

/** `tongguan policy sign FILE --key FILE --out FILE`: a signed policy bundle from YAML. Returns 0, 1, or 2 for the file. */
export function policySignCommand(args: PolicySignArgs, io: PolicySignIo): ExitStatus {
  const loaded = readConfig(PolicyFile, args.file, 'policy', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('policy', fault));
    return EXIT.usage;
  }
  const { id, version, notBefore, expiresAt, preset, tagRotation, allowedPaths, position, fenceVersionMin } =
    loaded.value.config;
  try {
    const bundle = encodePolicyBundle({
      id,
      version,
      notBeforeMs: Date.parse(notBefore),
      expiresAtMs: Date.parse(expiresAt),
      allowedPaths,
      preset: POSITION_PRESETS[preset],
      tagRotation: TAG_ROTATIONS[tagRotation],
      ...sensorFields(loaded.value.config),
      ...purposeFields(loaded.value.config, allowedPaths),
      stateRecognisedOnly: loaded.value.config.stateRecognisedOnly,
      position: { ...position, cellTag: position.cellTag === undefined ? undefined : CELL_TAGS[position.cellTag] },
      unsafeWeakerThanFleet: loaded.value.config.unsafeWeakerThanFleet,
      ...(fenceVersionMin === undefined ? {} : { fenceVersionMin }),
      signalRules: Object.entries(loaded.value.config.signalRules).map(([name, { periodS = 0, quantum = 0 }]) => ({
        path: name,
        periodMs: Math.round(periodS * 1_000),
        quantumMillionths: Math.round(quantum * MILLION),
      })),
    });
    const signature = sign(null, signedBytes('policy', bundle), createPrivateKey(readFileSync(args.keyFile)));
    io.write(args.out, encodeSignedPolicyBundle({ bundle, signature }));
    const said = { out: args.out, id, version, paths: allowedPaths.length, preset };
    const text = `${said.out}: ${id} version ${version}, ${said.paths} path(s), preset ${preset}`;
    io.out(args.json === true ? JSON.stringify(said) : text);
    return EXIT.done;
  } catch (cause) {
    io.err(renderFault('policy', notSigned(causeText(cause))));
    return EXIT.fault;
  }
}

function notSigned(cause: string): Fault<'POLICY_NOT_SIGNED'> {
  return {
    code: 'POLICY_NOT_SIGNED',
    problem: bilingual(`the policy bundle could not be signed: ${cause}`, `无法签发策略包：${cause}`),
    remedy: bilingual(
      'name an Ed25519 private key in PEM and a file that can be written',
      '请指定 PEM 格式的 Ed25519 私钥和可写的输出文件',
    ),
    retry: 'after-remedy',
  };
}
