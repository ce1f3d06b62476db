import { z } from 'zod';
import { CloudConfig } from '../../cloud/config/config.ts';
import { ExporterConfigSchema } from '../../cloud/exporter/config.ts';
import { ReceiverConfigSchema } from '../../cloud/exporter/receiver/config.ts';
import { EdgeConfig } from '../../edge/config.ts';
import { MEANINGS } from './configuration-meanings.table.ts';

/** Keys whose inside another document explains. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'cloud onFile': '[transfer-facts.md](transfer-facts.md)',
  'edge sources': '`source`',
};

const ROLES = [
  {
    role: 'edge',
    schema: EdgeConfig,
    title: '`edge.yaml`: one vehicle',
    about:
      'Read by `tongguan edge --config edge.yaml`. An environment variable `TONGGUAN_EDGE__SPOOL__MAX_SIZE` stands for `spool.maxSize`, and so for every key; its value is read as YAML.',
  },
  {
    role: 'cloud',
    schema: CloudConfig,
    title: '`cloud.yaml`: the mainland cloud',
    about:
      'Read by `tongguan cloud --config cloud.yaml` and by the commands that ask the running cloud. Environment variables begin with `TONGGUAN_CLOUD__`. Nothing that lets data out has a default.',
  },
  {
    role: 'exporter',
    schema: ExporterConfigSchema,
    title: '`exporter.yaml`: the border',
    about:
      'Read by `tongguan exporter --config exporter.yaml`. No environment variable overrides it: what the process may read and write follows from this file before it starts. Border, keys, log and recipients have no default; limits and pauses have, and hold back.',
  },
  {
    role: 'receiver',
    schema: ReceiverConfigSchema,
    title: '`receiver.yaml`: the reference recipient',
    about: 'Read by `tongguan receiver --config receiver.yaml`. Who may deliver has no default.',
  },
] as const;

/** The part of JSON Schema that these schemas come to. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
  readonly description?: string;
  readonly title?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

interface Row {
  readonly key: string;
  readonly value: string;
  readonly preset: string;
  readonly meaning: string;
}

/** docs/configuration.md, from the schemas that the roles parse with. */
export function configurationDoc(): string {
  return `${[HEAD, ...ROLES.map(sectionOf)].join('\n\n')}\n`;
}

const REGISTERS = 'registers';

/** The table of keys of one register. */
export function keyTable(schema: z.ZodType): string {
  const json = jsonOf(schema);
  const rows = rowsOf(REGISTERS, json).map(({ key, value, preset, meaning }) => {
    const only = /; only of .*/.exec(preset)?.[0] ?? '';
    return `| \`${key}\` | ${value} | ${wantedIn(json, key)}${only} | ${meaning} |`;
  });
  return ['| key | value | wanted | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/** Whether a key has to be there: `yes`, or with the group around it that may be left out. */
function wantedIn(schema: Schema, key: string): string {
  let at: readonly Schema[] = [schema];
  let wanted = 'yes';
  const names = key.split('.');
  for (const [depth, name] of names.entries()) {
    const bare = name.replace(/(\[\])+$/, '');
    const of = at.flatMap((one) => one.oneOf ?? [one]).filter(({ properties }) => properties?.[bare] !== undefined);
    const path = [...names.slice(0, depth), bare].join('.');
    const isLast = depth === names.length - 1;
    if (!of.every(({ required }) => required?.includes(bare))) wanted = isLast ? 'may be left out' : `with \`${path}\``;
    at = of.map(({ properties }) => innermost(properties?.[bare] ?? {}));
  }
  return wanted;
}

const innermost = (schema: Schema): Schema => (schema.items === undefined ? schema : innermost(schema.items));

/** Meanings for keys that no schema has, or that say it themselves. */
export function staleMeanings(): readonly string[] {
  const wanted = new Set(
    ROLES.flatMap(({ role, schema }) => rowsOf(role, jsonOf(schema)).map(({ key }) => `${role} ${key}`)),
  );
  return Object.keys(MEANINGS).filter((key) => !wanted.has(key));
}

const HEAD = `# Configuration

Every key of every role. This page is made from the schemas that parse the files (\`UPDATE=1 npx vitest run test/house/docs\` writes
it), and a test compares the two.

YAML, one file a role, at most 1,048,576 bytes. Anchors and aliases are refused. A key that is not listed here is a fault, and all
mistakes are told at once. Paths are relative to the file they stand in. Secrets are always paths of files, never values.
\`tongguan up\` writes a working set of these files under \`data/config\`; [up.md](up.md) shows the tree.`;

function sectionOf({ role, schema, title, about }: (typeof ROLES)[number]): string {
  const rows = rowsOf(role, jsonOf(schema)).map(
    ({ key, value, preset, meaning }) => `| \`${key}\` | ${value} | ${preset} | ${meaning} |`,
  );
  return [`## ${title}`, '', about, '', '| key | value | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

const jsonOf = (schema: z.ZodType): Schema => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;

function rowsOf(role: string, schema: Schema, prefix = ''): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    return rowsOfKey(role, key, inner, schema.required?.includes(name) ?? false);
  });
}

function rowsOfKey(role: string, key: string, schema: Schema, isRequired: boolean): readonly Row[] {
  const elsewhere = ELSEWHERE[`${role} ${key}`];
  if (elsewhere !== undefined)
    return [row(role, key, schema, isRequired, `list of ${countOf(schema)}, see ${elsewhere}`)];
  if (schema.properties !== undefined) return rowsOf(role, explained(schema), key);
  if (schema.oneOf !== undefined) return rowsOfUnion(role, key, schema);
  const { items } = schema;
  if (items === undefined) return [row(role, key, schema, isRequired, wordingOf(schema))];
  const list = rowsOfKey(role, `${key}[]`, { ...items, ...textOf(schema) }, isRequired);
  return list.map((one, index) => (index === 0 ? { ...one, value: `${one.value}; ${countOf(schema)} of them` } : one));
}

/** A group of one key is explained by what is said of the group. */
function explained(group: Schema): Schema {
  const properties = Object.entries(group.properties ?? {});
  if (properties.length !== 1) return group;
  return {
    ...group,
    properties: Object.fromEntries(properties.map(([name, inner]) => [name, { ...textOf(group), ...inner }])),
  };
}

/** Members are told apart by the key that is a word of its own in each, such as `kind`; a key of one of them says of which. */
function rowsOfUnion(role: string, key: string, schema: Schema): readonly Row[] {
  const members = schema.oneOf ?? [];
  const isWord = (name: string) => members.every(({ properties }) => properties?.[name]?.const !== undefined);
  const tag = Object.keys(members[0]?.properties ?? {}).find(isWord) ?? 'kind';
  const kinds = members.map((member) => member.properties?.[tag]?.const);
  const own = new Map<string, { readonly schema: Schema; readonly of: unknown[]; readonly isRequired: boolean }>();
  for (const [index, member] of members.entries()) {
    for (const [name, inner] of Object.entries(member.properties ?? {})) {
      if (name === tag) continue;
      const known = own.get(name);
      const isRequired = (member.required?.includes(name) ?? false) || (known?.isRequired ?? false);
      own.set(name, { schema: known?.schema ?? inner, of: [...(known?.of ?? []), kinds[index]], isRequired });
    }
  }
  return [
    row(
      role,
      `${key}.${tag}`,
      { enum: kinds, ...(role === REGISTERS ? textOf(schema) : {}) },
      true,
      wordingOf({ enum: kinds }),
    ),
    ...[...own].flatMap(([name, { schema: inner, of, isRequired }]) => {
      const only = of.length === kinds.length ? '' : `; only of ${of.map((kind) => `\`${String(kind)}\``).join(', ')}`;
      return rowsOfKey(role, `${key}.${name}`, inner, isRequired).map((one) => ({ ...one, preset: one.preset + only }));
    }),
  ];
}

function row(role: string, key: string, schema: Schema, isRequired: boolean, value: string): Row {
  // Registers say by their keys what they are for, and describe only what a key cannot.
  const meaning = schema.description ?? MEANINGS[`${role} ${key}`] ?? (role === REGISTERS ? '' : undefined);
  if (meaning === undefined) throw new Error(`no meaning of \`${key}\` of the ${role}: describe it in its schema`);
  return { key, value, preset: presetOf(schema, isRequired), meaning: meaning.replaceAll('|', '\\|') };
}

function presetOf(schema: Schema, isRequired: boolean): string {
  const preset = schema.default;
  if (preset !== undefined) return `\`${typeof preset === 'object' ? JSON.stringify(preset) : String(preset)}\``;
  return isRequired ? 'none' : 'may be left out';
}

function wordingOf(schema: Schema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.format === 'ipv4' || schema.format === 'ipv6') return `address, IPv${schema.format.at(-1)}`;
  if (schema.anyOf !== undefined) return schema.anyOf.map(wordingOf).join(' or ');
  if (schema.properties !== undefined) {
    const keys = Object.entries(schema.properties).map(([key, one]) => `${key}: ${wordingOf(one)}`);
    return `\`{ ${keys.join('; ')} }\``;
  }
  if (schema.type === 'number') {
    const most = schema.maximum === undefined ? 'or more' : `to ${grouped(schema.maximum)}`;
    return `number, ${grouped(schema.minimum)} ${most}`;
  }
  if (schema.type === 'integer') return `whole number, ${grouped(schema.minimum)} to ${grouped(schema.maximum)}`;
  if (schema.format === 'uri') return `URL, at most ${grouped(schema.maxLength)} characters`;
  if (schema.pattern !== undefined) return `text matching \`${schema.pattern.replaceAll('|', '\\|')}\``;
  if (schema.type === 'boolean') return '`true`, `false`';
  if (schema.maxLength === undefined) return 'text';
  return `text, ${schema.minLength === undefined ? 'at most' : `${grouped(schema.minLength)} to`} ${grouped(schema.maxLength)} characters`;
}

function countOf({ minItems = 0, maxItems }: Schema): string {
  if (maxItems === undefined) throw new Error('a list without a limit');
  return `${grouped(minItems)} to ${grouped(maxItems)}`;
}

const textOf = ({ description }: Schema): Pick<Schema, 'description'> =>
  description === undefined ? {} : { description };

const grouped = (value: number | undefined): string => (value ?? 0).toLocaleString('en');
