import { z } from 'zod';
import { readConfig } from '../../proto/config/read-config.ts';
import { EXIT } from '../../proto/config/role.ts';
import { renderFault } from '../../proto/words/fault.ts';
import { processSurroundings } from '../role-process.ts';
import { ROLES } from './config.ts';

/** Roles with a configuration file, and where its schema is. */
const SCHEMAS: Readonly<Record<(typeof ROLES)[number], () => Promise<z.ZodType>>> = {
  edge: async () => (await import('../../edge/config.ts')).EdgeConfig,
  cloud: async () => (await import('../../cloud/config/config.ts')).CloudConfig,
  exporter: async () => (await import('../../cloud/exporter/config.ts')).ExporterConfigSchema,
  receiver: async () => (await import('../../cloud/exporter/receiver/config.ts')).ReceiverConfigSchema,
};

const schemaOf = (role: string): (() => Promise<z.ZodType>) | undefined =>
  Object.hasOwn(SCHEMAS, role) ? SCHEMAS[role as keyof typeof SCHEMAS] : undefined;

export async function checkConfig(role: string, file: string, json: boolean): Promise<number> {
  const around = processSurroundings('config');
  const load = schemaOf(role);
  if (load === undefined) return unknownRole(around.err);
  const loaded = readConfig(await load(), file, role, around.environment);
  const faults = loaded.ok ? [] : loaded.fault;
  for (const fault of faults) around.err(renderFault('config', fault));
  if (json) around.out(JSON.stringify({ ok: loaded.ok, faults }));
  else if (loaded.ok) around.out(`${file}: good`);
  return loaded.ok ? EXIT.done : EXIT.usage;
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
