import type protobuf from 'protobufjs';

/**
 * Whether bytes are exactly what the schema's own encoder writes for some message that keeps every limit: fields named by
 * the schema, in ascending order, each once unless repeated, no default spelt out, one member of a oneof, no number longer
 * than it needs (Protocol Buffers encoding, "canonical" in that sense only).
 *
 * It reads bytes and makes nothing, so it costs a fraction of encoding the message again and comparing.
 */
export type CanonicalCheck = (bytes: Uint8Array) => boolean;

/** @throws Error for a type that holds what this check does not know; the schema is read at start-up */
export function compileCanonical(type: protobuf.Type): CanonicalCheck {
  const rule = ruleOf(type);
  return (bytes) => isMessage(rule, bytes, 0, bytes.length);
}

interface MessageRule {
  /** By tag: field number times 8 plus wire type. */
  readonly fields: readonly (FieldRule | undefined)[];
  /** Bits of the fields that may not be left out. */
  readonly required: number;
}

interface FieldRule {
  readonly kind: (typeof KIND)[keyof typeof KIND];
  /** 1 for a field that is not repeated. */
  readonly countMax: number;
  /** Of a number its value, of everything else its length in bytes. */
  readonly min: number;
  readonly max: number;
  /** This field's bit, and those of its oneof. */
  readonly bit: number;
  readonly rivals: number;
  readonly message: MessageRule | undefined;
}

const KIND = { number: 0, double: 1, bytes: 2, text: 3, message: 4 } as const;

function isMessage({ fields, required }: MessageRule, bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  let lastTag = 0;
  let count = 0;
  let seen = 0;
  while (at < end) {
    let tag = bytes[at] ?? 0;
    if (tag >= 0x80) {
      // The second byte of a tag: a field numbered 16 or higher. Nothing of a longer tag, or of one too long, is a field.
      at += 1;
      tag += ((bytes[at] ?? 0) - 1) * 0x80;
      if (tag < 0x80) return false;
    }
    const field = fields[tag];
    if (field === undefined || tag < lastTag) return false;
    if (tag > lastTag) {
      if ((seen & field.rivals) !== 0) return false;
      seen |= field.bit;
      lastTag = tag;
      count = 1;
    } else count += 1;
    if (count > field.countMax) return false;
    at = afterValue(field, bytes, at + 1, end);
    if (at === WRONG) return false;
  }
  return (seen & required) === required;
}

const WRONG = -1;

/** Where the next field begins, or `WRONG`. */
function afterValue(field: FieldRule, bytes: Uint8Array, at: number, end: number): number {
  if (field.kind === KIND.double) return isFinite64(bytes, at, end) ? at + 8 : WRONG;
  let value = 0;
  let factor = 1;
  let next = at;
  for (;;) {
    if (next >= end || next - at >= VARINT_BYTES_MAX) return WRONG;
    const byte = bytes[next] ?? 0;
    next += 1;
    value += (byte & 0x7f) * factor;
    factor *= 0x80;
    if (byte >= 0x80) continue;
    // A last byte of zero adds nothing.
    if (byte === 0 && next - at > 1) return WRONG;
    break;
  }
  if (value < field.min || value > field.max) return WRONG;
  return field.kind === KIND.number ? next : afterLength(field, bytes, next, next + value, end);
}

/** 2^53 - 1 takes eight bytes of seven bits. */
const VARINT_BYTES_MAX = 8;

function afterLength(field: FieldRule, bytes: Uint8Array, from: number, to: number, end: number): number {
  if (to > end) return WRONG;
  if (field.kind === KIND.text && !isText(bytes, from, to)) return WRONG;
  if (field.message !== undefined && !isMessage(field.message, bytes, from, to)) return WRONG;
  return to;
}

function isText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((bytes[at] ?? 0) >= 0x80) return isUtf8(bytes.subarray(from, to));
  return true;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strictDecoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

/** All exponent bits set is an infinity or no number (IEEE 754, least byte first). */
function isFinite64(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 8 <= end && !(((bytes[at + 7] ?? 0) & 0x7f) === 0x7f && (bytes[at + 6] ?? 0) >= 0xf0);
}

function ruleOf(type: protobuf.Type): MessageRule {
  const fields: (FieldRule | undefined)[] = [];
  const bits = new Map(type.fieldsArray.map((field, index) => [field.name, 1 << index]));
  const bitsOf = (names: readonly string[]): number => names.reduce((sum, name) => sum | (bits.get(name) ?? 0), 0);
  let required = 0;
  for (const field of type.fieldsArray) {
    const made = fieldRule(field.resolve(), bitsOf([field.name]), bitsOf(field.partOf?.oneof ?? []));
    const tag = field.id * 8 + WIRE_TYPE[made.kind];
    if (tag >= TAGS_MAX || bits.size > BITS_MAX) throw new Error(`broken invariant: ${type.name} has few fields`);
    while (fields.length <= tag) fields.push(undefined);
    fields[tag] = made;
    if (!field.repeated && field.partOf === null && option(field, 'min_bytes') !== undefined) required |= made.bit;
  }
  return { fields, required };
}

/** Tags of one byte or two, up to field 127; and a bit for each field. */
const TAGS_MAX = 1_024;
const BITS_MAX = 30;

const WIRE_TYPE = [0, 1, 2, 2, 2] as const;

function fieldRule(field: protobuf.Field, bit: number, rivals: number): FieldRule {
  const kind = kindOf(field);
  // A value that is its default is left out, but where leaving it out would say something else.
  const isSaid = field.repeated || field.partOf !== null || kind === KIND.message;
  const smallest = Math.max(isSaid ? 0 : 1, option(field, 'min_bytes') ?? 0);
  return {
    kind,
    countMax: field.repeated ? (option(field, 'max_count') ?? 0) : 1,
    min: smallest,
    max: largest(field, kind),
    bit,
    rivals,
    message: kind === KIND.message ? ruleOf(field.resolvedType as protobuf.Type) : undefined,
  };
}

function kindOf(field: protobuf.Field): FieldRule['kind'] {
  if (field.resolvedType !== null) return 'fieldsArray' in field.resolvedType ? KIND.message : KIND.number;
  const kind = KIND_OF_TYPE[field.type];
  const isKnown =
    kind !== undefined && !(field.repeated && kind < KIND.bytes) && !(kind === KIND.double && field.partOf === null);
  if (!isKnown) throw new Error(`broken invariant: ${field.fullName} has a type that is checked`);
  return kind;
}

const KIND_OF_TYPE: Readonly<Record<string, FieldRule['kind']>> = {
  ...{ uint32: KIND.number, uint64: KIND.number, bool: KIND.number },
  ...{ double: KIND.double, bytes: KIND.bytes, string: KIND.text },
};

/** `limits.ts` has checked that every field names its limit. */
function largest(field: protobuf.Field, kind: FieldRule['kind']): number {
  if (kind === KIND.message) return Number.MAX_SAFE_INTEGER;
  if (field.type === 'bool') return 1;
  if (field.resolvedType !== null) return largestOf(field.resolvedType as protobuf.Enum);
  return option(field, kind === KIND.number ? 'max_value' : 'max_bytes') ?? 0;
}

/** Enumerations of the schema count up from 0 without a gap. */
function largestOf({ name, values }: protobuf.Enum): number {
  const numbers = Object.values(values).sort((a, b) => a - b);
  if (numbers.some((number, index) => number !== index)) throw new Error(`broken invariant: ${name} has no gap`);
  return numbers.length - 1;
}

function option(field: protobuf.Field, name: string): number | undefined {
  const value = field.getOption(`(${name})`);
  return value === undefined ? undefined : Number(value);
}
