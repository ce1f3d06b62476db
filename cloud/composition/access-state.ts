import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { ZONES } from '../../proto/words/data-class.ts';
import { publicKeyFile } from '../adapters/file-zone-keys.ts';
import type { CloudConfig } from '../config/config.ts';

/** What decides who may do what and lies outside of the registers, each by name with a digest or the setting itself. */
export type AccessState = Readonly<Record<string, string>>;

/** Keys of zones, keys that sign, files of rows with their sign-offs, recipients and settings, as they are at this start. */
export function accessState({ config, path }: LoadedConfig<CloudConfig>): AccessState {
  const { zones, policy, rules, catalogue, recipients, permits } = config;
  const files: readonly (readonly [string, string | undefined])[] = [
    ...ZONES.map((zone) => [`zone-key-${zone}`, publicKeyFile(path(zones.keys), zone)] as const),
    ['policy-key', policy && path(policy.publicKeyFile)],
    ['rules-rows', rules && path(rules.operatorFile)],
    ['catalogue-rows', catalogue && path(catalogue.operatorFile)],
    ...recipients.map(({ id, certificateFile }) => [`recipient-${id}`, path(certificateFile)] as const),
  ];
  return {
    ...Object.fromEntries(files.map(([name, file]) => [name, file === undefined ? 'none' : digestOf(file)])),
    ...Object.fromEntries(SECTIONS.map((name) => [`config-${name}`, digest(canonicalJson(config[name] ?? null))])),
    'zones-read': [...zones.read].sort().join(' '),
    'permits-issue': permits.issue,
    'api-directory': digest(join(path(config.api.socket), '..')),
  };
}

/** Parts of cloud.yaml by which readers, recipients, verdicts and alerts are judged: whoever swaps them is on record. */
const SECTIONS = [
  'processor',
  'access',
  'recipients',
  'monitoring',
  'legalBasis',
  'onFile',
  'datasets',
  'fileEntries',
] as const;

/** Names of what differs, sorted. */
export function changedAccess(before: AccessState, after: AccessState): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

function digestOf(file: string): string {
  try {
    return digest(readFileSync(file));
  } catch {
    return 'absent';
  }
}

const digest = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
