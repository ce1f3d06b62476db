import { z } from 'zod';
import type { CloudConfig } from '../../cloud/config/config.ts';
import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import { EXIT } from '../../proto/config/role.ts';
import { type Fault, renderFault } from '../../proto/words/fault.ts';
import { processSurroundings } from '../role-process.ts';
import { ROLES } from './config.ts';

/** Roles with a configuration file, and where its schema is. */
const SCHEMAS: Readonly<Record<(typeof ROLES)[number], () => Promise<z.ZodType>>> = {
  edge: async () => (await import('../../edge/config.ts')).EdgeConfig,
  cloud: async () => (await import('../../cloud/config/config.ts')).CloudConfig,
  exporter: async () => (await import('../../cloud/exporter/config.ts')).ExporterConfigSchema,
  receiver: async () => (await import('../../cloud/exporter/receiver/config.ts')).ReceiverConfigSchema,
};

/** What a role reads beside its configuration before it begins, and refuses to begin with. */
const MORE: Readonly<Partial<Record<string, (loaded: LoadedConfig<unknown>) => Promise<readonly Fault[]>>>> = {
  cloud: async (loaded) => {
    const { checkOperatorFiles } = await import('../../cloud/composition/check-operator-files.ts');
    return checkOperatorFiles(loaded as LoadedConfig<CloudConfig>);
  },
};

/** What a role begins with all the same, and somebody surely did not mean. */
const WARNINGS: Readonly<Partial<Record<string, (loaded: LoadedConfig<unknown>) => Promise<readonly Fault[]>>>> = {
  cloud: async (loaded) => (await import('./barred-datasets.ts')).barredDatasets(loaded as LoadedConfig<CloudConfig>),
};

const schemaOf = (role: string): (() => Promise<z.ZodType>) | undefined =>
  Object.hasOwn(SCHEMAS, role) ? SCHEMAS[role as keyof typeof SCHEMAS] : undefined;

export async function checkConfig(role: string, file: string, json: boolean): Promise<number> {
  const around = processSurroundings('config');
  const load = schemaOf(role);
  if (load === undefined) return unknownRole(around.err);
  const loaded = readConfig(await load(), file, role, around.environment);
  const faults = loaded.ok ? ((await MORE[role]?.(loaded.value)) ?? []) : loaded.fault;
  const isGood = faults.length === 0;
  const warnings = loaded.ok && isGood ? ((await WARNINGS[role]?.(loaded.value)) ?? []) : [];
  for (const fault of [...faults, ...warnings]) around.err(renderFault('config', fault));
  if (json) around.out(JSON.stringify({ ok: isGood, faults, warnings }));
  else if (isGood) around.out(`${file}: good${warnings.length === 0 ? '' : `, with ${warnings.length} warning(s)`}`);
  return isGood ? EXIT.done : EXIT.usage;
}

export async function printSchema(role: string): Promise<number> {
  const around = processSurroundings('config');
  const load = schemaOf(role);
  if (load === undefined) return unknownRole(around.err);
  around.out(JSON.stringify(z.toJSONSchema(await load(), { io: 'input', unrepresentable: 'any' }), null, 2));
  return EXIT.done;
}

function unknownRole(err: (line: string) => void): number {
  err(`config: error: no such role [CLI_USAGE]\nconfig: hint: name one of ${ROLES.join(', ')}`);
  return EXIT.usage;
}
