import type protobuf from 'protobufjs';

/** Returns the path of the first field that breaks its limit, or undefined. */
export type Check = (message: object) => string | undefined;

type FieldCheck = (value: unknown) => boolean;

/**
 * Turns the limit options of a message type (proto/schema/limits.proto) into a function.
 *
 * @param encoded - fields whose messages are given as bytes, which another codec has written within their limits
 * @throws Error for a field without a limit: the schema must name one for every field
 */
export function compileCheck(type: protobuf.Type, encoded: readonly string[] = []): Check {
  const checks = type.fieldsArray.map((field) => ({
    name: field.name,
    check: compileField(field.resolve(), encoded.includes(field.name)),
  }));
  return (message) => {
    for (const { name, check } of checks) {
      const broken = check((message as Record<string, unknown>)[name]);
      if (broken !== undefined) return broken === '' ? name : `${name}.${broken}`;
    }
    return undefined;
  };
}

/** `''` names the field itself. */
function compileField(field: protobuf.Field, isEncoded: boolean): (value: unknown) => string | undefined {
  const one = isEncoded ? plain((value) => value instanceof Uint8Array) : compileValue(field);
  if (!field.repeated) return (value) => (value === undefined || value === null ? missing(field) : one(value));
  const countMax = option(field, 'max_count');
  return (value) => {
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length > countMax) return '';
    for (const element of value) {
      const broken = one(element);
      if (broken !== undefined) return broken;
    }
    return undefined;
  };
}

/** An absent value is its default; only a smallest length can forbid that. */
function missing(field: protobuf.Field): string | undefined {
  return field.partOf === null && field.getOption('(min_bytes)') !== undefined ? '' : undefined;
}

function compileValue(field: protobuf.Field): (value: unknown) => string | undefined {
  const type = field.resolvedType;
  if (type !== null && 'fieldsArray' in type) {
    const check = compileCheck(type);
    return (value) => (typeof value === 'object' && value !== null ? check(value) : '');
  }
  if (type !== null) {
    const known = new Set(Object.values(type.values));
    return plain((value) => known.has(value as number));
  }
  return plain(compileScalar(field));
}

function compileScalar(field: protobuf.Field): FieldCheck {
  if (field.type === 'bool') return (value) => typeof value === 'boolean';
  if (field.type === 'double') return (value) => typeof value === 'number' && Number.isFinite(value);
  if (field.type === 'string' || field.type === 'bytes') {
    const max = option(field, 'max_bytes');
    const min = Number(field.getOption('(min_bytes)') ?? 0);
    const size = field.type === 'string' ? stringSize : bytesSize;
    return (value) => {
      const length = size(value);
      return length >= min && length <= max;
    };
  }
  const max = option(field, 'max_value');
  return (value) => Number.isSafeInteger(value) && Math.abs(value as number) <= max;
}

const plain =
  (check: FieldCheck) =>
  (value: unknown): string | undefined =>
    check(value) ? undefined : '';

/** -1 is below every smallest length, so a value of the wrong type fails. */
const stringSize = (value: unknown): number => (typeof value === 'string' ? Buffer.byteLength(value) : -1);
const bytesSize = (value: unknown): number => {
  if (value instanceof Uint8Array) return value.length;
  // The library's default for bytes that are not set.
  return Array.isArray(value) && value.length === 0 ? 0 : -1;
};

function option(field: protobuf.Field, name: string): number {
  const value = field.getOption(`(${name})`);
  if (value === undefined) throw new Error(`broken invariant: ${field.fullName} names ${name}`);
  return Number(value);
}
