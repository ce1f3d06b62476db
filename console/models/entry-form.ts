import { typedDay, typedMoment } from './typed-time.ts';

/** A form as JSON Schema, as far as the forms of registers go. */
export interface FormSchema {
  readonly type?: string;
  readonly title?: string;
  readonly properties?: Readonly<Record<string, FormSchema>>;
  readonly required?: readonly string[];
  readonly items?: FormSchema;
  readonly enum?: readonly string[];
  readonly const?: string | boolean;
  readonly anyOf?: readonly FormSchema[];
  readonly oneOf?: readonly FormSchema[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}

/** What is typed so far, in the shape of the body it will be. Every figure is text; undefined is what is not stated. */
export type Draft = undefined | string | readonly Draft[] | DraftGroup;
export interface DraftGroup {
  readonly [key: string]: Draft;
}

/** `words`: texts, one a line; `marks`: some of a few; `either`: one of several forms, kept as `variant` and `of`. */
export type Control =
  | 'line'
  | 'number'
  | 'day'
  | 'moment'
  | 'choice'
  | 'fixed'
  | 'group'
  | 'words'
  | 'marks'
  | 'rows'
  | 'either';

/** Key of the reason why a field cannot be sent as it is. */
export type Objection = 'missing' | 'malformed' | 'range' | 'no-day' | 'no-moment';

const TITLES: Readonly<Record<string, Control>> = { day: 'day', 'time with offset': 'moment' };
const TYPES: Readonly<Record<string, Control>> = { object: 'group', integer: 'number', number: 'number' };

export function controlOf(schema: FormSchema): Control {
  if (variantsOf(schema).length > 0) return 'either';
  if (schema.const !== undefined) return 'fixed';
  if (schema.enum !== undefined) return 'choice';
  if (schema.type !== 'array') return TYPES[schema.type ?? ''] ?? TITLES[schema.title ?? ''] ?? 'line';
  const { items = {} } = schema;
  return items.enum !== undefined ? 'marks' : items.type === 'object' ? 'rows' : 'words';
}

export const variantsOf = ({ anyOf, oneOf }: FormSchema): readonly FormSchema[] => anyOf ?? oneOf ?? [];

/** Name of one of several forms: what it is fixed to, or its type. */
export function variantName(schema: FormSchema): string {
  const fixed = schema.const ?? Object.values(schema.properties ?? {}).find((one) => one.const !== undefined)?.const;
  return String(fixed ?? schema.type ?? '');
}

/** A form with nothing in it; what has to be there is open. */
export function emptyDraft(schema: FormSchema): Draft {
  const control = controlOf(schema);
  if (control === 'group') return groupOf(schema, (one, isRequired) => (isRequired ? emptyDraft(one) : undefined));
  if (control === 'either') return { variant: '0', of: emptyDraft(variantsOf(schema)[0] ?? {}) };
  if (control === 'marks' || control === 'rows') return [];
  return control === 'fixed' ? String(schema.const) : '';
}

/** What stands in an entry, to be changed. */
export function draftOf(schema: FormSchema, value: unknown): Draft {
  if (value === undefined) return undefined;
  const control = controlOf(schema);
  if (control === 'group') {
    const body = value as Readonly<Record<string, unknown>>;
    return groupOf(schema, (one, isRequired, key) =>
      body[key] === undefined && isRequired ? emptyDraft(one) : draftOf(one, body[key]),
    );
  }
  if (control === 'either') {
    const variants = variantsOf(schema);
    const at = Math.max(
      0,
      variants.findIndex((one) => fits(one, value)),
    );
    return { variant: String(at), of: draftOf(variants[at] ?? {}, value) };
  }
  if (control === 'words') return (value as readonly unknown[]).join('\n');
  if (Array.isArray(value)) return value.map((one) => draftOf(schema.items ?? {}, one));
  return control === 'moment' ? localText(String(value)) : String(value);
}

/** The body to be sent; what is not stated is left out. */
export function bodyOf(schema: FormSchema, draft: Draft, isRequired = true): unknown {
  const control = controlOf(schema);
  if (control === 'group' && isGroup(draft)) {
    const pairs = Object.entries(schema.properties ?? {}).map(
      ([key, one]) => [key, bodyOf(one, draft[key], schema.required?.includes(key) === true)] as const,
    );
    return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
  }
  if (control === 'either' && isGroup(draft)) {
    return bodyOf(variantsOf(schema)[Number(draft['variant'])] ?? {}, draft['of'], isRequired);
  }
  if (control === 'fixed') return schema.const;
  const list = control === 'words' ? linesOf(draft) : draft;
  if (Array.isArray(list)) {
    const { items = {} } = schema;
    return list.length === 0 && !isRequired ? undefined : list.map((one) => bodyOf(items, one));
  }
  if (typeof draft !== 'string' || draft.trim() === '') return isRequired && control !== 'group' ? '' : undefined;
  if (control === 'number') return Number(draft);
  if (control === 'moment') return `${typedMoment(draft) ?? draft}${MAINLAND}`;
  return control === 'day' ? (typedDay(draft) ?? draft.trim()) : draft.trim();
}

/** What cannot be sent yet, by the path of its field. What more the registers ask for, they say themselves. */
export function objectionsOf(
  schema: FormSchema,
  draft: Draft,
  isRequired = true,
  path = '',
): ReadonlyMap<string, Objection> {
  const control = controlOf(schema);
  const found = new Map<string, Objection>();
  const add = (of: ReadonlyMap<string, Objection>): void => {
    for (const [key, objection] of of) found.set(key, objection);
  };
  if (control === 'group' && isGroup(draft)) {
    for (const [key, one] of Object.entries(schema.properties ?? {})) {
      add(objectionsOf(one, draft[key], schema.required?.includes(key) === true, `${path}/${key}`));
    }
    return found;
  }
  if (control === 'either' && isGroup(draft)) {
    return objectionsOf(variantsOf(schema)[Number(draft['variant'])] ?? {}, draft['of'], isRequired, `${path}/of`);
  }
  const list = control === 'words' ? linesOf(draft) : draft;
  if (Array.isArray(list)) {
    const isShort = list.length < (schema.minItems ?? 0) && (isRequired || list.length > 0);
    if (isShort) found.set(path, 'missing');
    if (control === 'words')
      return isShort || list.every((one) => isWhole(schema.items ?? {}, one)) ? found : found.set(path, 'malformed');
    for (const [at, one] of list.entries()) add(objectionsOf(schema.items ?? {}, one, true, `${path}/${at}`));
    return found;
  }
  const objection = control === 'fixed' || control === 'group' ? undefined : ofText(schema, control, draft, isRequired);
  return objection === undefined ? found : found.set(path, objection);
}

function ofText(schema: FormSchema, control: Control, draft: Draft, isRequired: boolean): Objection | undefined {
  if (typeof draft !== 'string' || draft.trim() === '') return isRequired ? 'missing' : undefined;
  if (control === 'day') return typedDay(draft) === undefined ? 'no-day' : undefined;
  if (control === 'moment') return typedMoment(draft) === undefined ? 'no-moment' : undefined;
  if (control !== 'number') return isWhole(schema, draft.trim()) ? undefined : 'malformed';
  const figure = Number(draft);
  if (!Number.isFinite(figure) || (schema.type === 'integer' && !Number.isSafeInteger(figure))) return 'malformed';
  return figure < (schema.minimum ?? -Infinity) || figure > (schema.maximum ?? Infinity) ? 'range' : undefined;
}

function isWhole({ pattern, maxLength = Infinity }: FormSchema, draft: Draft): boolean {
  return typeof draft === 'string' && draft.length <= maxLength && new RegExp(pattern ?? '', 'u').test(draft);
}

/** Every time of the console is that of Asia/Shanghai, also one that is typed. */
const MAINLAND = '+08:00';
const MAINLAND_MS = 8 * 3_600_000;

function localText(at: string): string {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? '' : new Date(ms + MAINLAND_MS).toISOString().slice(0, 19).replace('T', ' ');
}

function groupOf(
  { properties = {}, required = [] }: FormSchema,
  of: (schema: FormSchema, isRequired: boolean, key: string) => Draft,
): DraftGroup {
  return Object.fromEntries(
    Object.entries(properties).map(([key, one]) => [key, of(one, required.includes(key), key)]),
  );
}

function fits(schema: FormSchema, value: unknown): boolean {
  if (schema.const !== undefined) return schema.const === value;
  if (schema.type !== 'object') return typeof value === (schema.type === 'integer' ? 'number' : schema.type);
  const body = (value ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(schema.properties ?? {}).every(
    ([key, one]) => one.const === undefined || one.const === body[key],
  );
}

const linesOf = (draft: Draft): readonly string[] =>
  typeof draft === 'string' ? draft.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()])) : [];

const isGroup = (draft: Draft): draft is DraftGroup => typeof draft === 'object' && !Array.isArray(draft);
