import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { bilingual, causeText, type Fault } from '../words/fault.ts';
import { fail, ok, type Result } from '../words/result.ts';

export type ConfigFault = Fault<'CONFIG_UNREADABLE' | 'CONFIG_SYNTAX' | 'CONFIG_INVALID'>;

export interface LoadedConfig<T> {
  readonly config: T;
  /** Makes a path of the file absolute: paths in a configuration are relative to the file itself. */
  readonly path: (relative: string) => string;
}

/** Largest configuration file, bytes. */
const CONFIG_BYTES_MAX = 1_048_576;

/**
 * Reads a role's YAML file, lays environment overrides over it and parses the whole strictly: an unknown key is a
 * fault, and every mistake is told at once.
 *
 * @param role - `edge`, `cloud`, `exporter`: `TONGGUAN_EDGE__SPOOL__MAX_SIZE` overrides `spool.maxSize` of the edge
 * @param environment - variables, as in `process.env`
 */
export function readConfig<T>(
  schema: z.ZodType<T>,
  file: string,
  role: string,
  environment: Readonly<Record<string, string | undefined>>,
): Result<LoadedConfig<T>, readonly ConfigFault[]> {
  const text = readText(file);
  if (!text.ok) return fail([text.fault]);
  const json = parseYaml(text.value);
  if (!json.ok) return fail([syntaxFault(file, json.fault)]);
  const merged = override(json.value, role, environment);
  const parsed = schema.safeParse(merged);
  if (!parsed.success) {
    // The same checks in the same order, so the two lists pair up.
    const chinese = schema.safeParse(merged, { error: z.locales.zhCN().localeError }).error?.issues;
    return fail(parsed.error.issues.map((issue, index) => invalidFault(file, issue, chinese?.[index]?.message)));
  }
  return ok({ config: parsed.data, path: (relative) => resolve(dirname(resolve(file)), relative) });
}

function readText(file: string): Result<string, ConfigFault> {
  try {
    const bytes = readFileSync(file);
    if (bytes.length <= CONFIG_BYTES_MAX) return ok(bytes.toString('utf8'));
    return fail(unreadableFault(file, `it has more than ${CONFIG_BYTES_MAX} bytes`));
  } catch (cause) {
    return fail(unreadableFault(file, causeText(cause)));
  }
}

/** Anchors and aliases are refused: a configuration is to be read from top to bottom. */
function parseYaml(text: string): Result<unknown, string> {
  const document = parseDocument(text, { uniqueKeys: true });
  const [mistake] = document.errors;
  if (mistake !== undefined) return fail(causeText(mistake));
  try {
    return ok(document.toJS({ maxAliasCount: 0 }) as unknown);
  } catch (cause) {
    return fail(causeText(cause));
  }
}

/** Values are read as YAML, so that numbers and booleans stay what they are. */
function override(json: unknown, role: string, environment: Readonly<Record<string, string | undefined>>): unknown {
  if (typeof json !== 'object' || json === null) return json;
  const prefix = `TONGGUAN_${role.toUpperCase()}__`;
  const merged = structuredClone(json) as Record<string, unknown>;
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(prefix) || value === undefined) continue;
    const keys = name.slice(prefix.length).split('__').map(camelCase);
    const last = keys.pop();
    if (last === undefined) continue;
    let target = merged;
    for (const key of keys) {
      const child = target[key];
      target[key] = typeof child === 'object' && child !== null ? child : {};
      target = target[key] as Record<string, unknown>;
    }
    const parsed = parseYaml(value);
    // What is no YAML stays text, and the schema says what it thinks of it.
    target[last] = parsed.ok ? parsed.value : value;
  }
  return merged;
}

const camelCase = (words: string): string =>
  words.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const REMEDY = bilingual(
  'correct the file, then run `tongguan config check`; docs/configuration.md lists every key',
  '请修正该文件，然后运行 `tongguan config check`；全部配置项见 docs/configuration.md',
);

function unreadableFault(file: string, cause: string): ConfigFault {
  const problem = bilingual(`\`${file}\` cannot be read: ${cause}`, `无法读取 \`${file}\`：${cause}`);
  return { code: 'CONFIG_UNREADABLE', problem, remedy: REMEDY, retry: 'after-remedy' };
}

function syntaxFault(file: string, cause: string): ConfigFault {
  const problem = bilingual(`\`${file}\` is not YAML: ${cause}`, `\`${file}\` 不是有效的 YAML：${cause}`);
  return { code: 'CONFIG_SYNTAX', problem, remedy: REMEDY, retry: 'after-remedy' };
}

function invalidFault(
  file: string,
  issue: { readonly path: readonly PropertyKey[]; readonly message: string },
  chinese: string = issue.message,
): ConfigFault {
  const key = issue.path.map(String).join('.') || '(root)';
  const problem = bilingual(
    `\`${file}\`: \`${key}\`: ${issue.message}`,
    `\`${file}\`：配置项 \`${key}\` 有误：${chinese}`,
  );
  return { code: 'CONFIG_INVALID', problem, remedy: REMEDY, retry: 'after-remedy' };
}
