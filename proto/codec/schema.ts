import protobuf from 'protobufjs';
import { fail, ok, type Result } from '../words/result.ts';
import { type CanonicalCheck, compileCanonical } from './canonical.ts';
import { type Check, compileCheck } from './limits.ts';
import { schemaText } from './schema-text.ts';

/** Why bytes are not a message. `where` names a field of the schema, never a value. */
export interface CodecFault {
  readonly code: 'CODEC_SYNTAX' | 'CODEC_LIMIT' | 'CODEC_UNKNOWN_FIELD';
  readonly where: string;
}

/** One message type of the schema, with its limits. */
export interface MessageCodec {
  /** @throws Error when a limit of the schema is broken, which is a bug of the caller */
  readonly encode: (message: object) => Uint8Array;
  /** Whether `decode` takes these bytes; it makes nothing. */
  readonly accepts: (bytes: Uint8Array) => boolean;
  /** The library's own message object: fast, its unset fields read as defaults, and not to be kept or printed. */
  readonly decode: (bytes: Uint8Array) => Result<object, CodecFault>;
  /** What `decode` would say against bytes, without making anything of them; undefined for nothing. */
  readonly refusal: (bytes: Uint8Array) => CodecFault | undefined;
  /** A plain object with every field present. */
  readonly decodePlain: (bytes: Uint8Array) => Result<object, CodecFault>;
}

// All 64-bit fields are limited to 2^53 - 1, so plain numbers hold them exactly; without this they would be objects.
protobuf.util.Long = null as never;
protobuf.configure();

const root = new protobuf.Root();
for (const name of ['update', 'telemetry', 'control', 'transfer']) {
  protobuf.parse(schemaText(name), root);
}

/**
 * Codec of a message type by reflection over `proto/schema` (measured choice, docs/adr/0013).
 *
 * Decoding is strict: bytes that the same schema would not write again (an unknown field, a default spelt out, a field
 * twice, a varint too long) are refused, so nothing unnamed passes through.
 *
 * @param name - message name without its package
 * @param encoded - fields whose messages are given and had as bytes, because another codec writes and reads them; what
 *   stands in them is checked on decoding like everything else
 */
export function messageCodec(name: string, encoded: readonly string[] = []): MessageCodec {
  const whole = root.lookupType(`tongguan.v1.${name}`);
  const type = encoded.length === 0 ? whole : outlineOf(whole, encoded);
  const check: Check = compileCheck(whole);
  const checkOutline: Check = compileCheck(whole, encoded);
  const isCanonical: CanonicalCheck = compileCanonical(whole);
  const decode = (bytes: Uint8Array): Result<object, CodecFault> => {
    const message = isCanonical(bytes) ? attempt(type, bytes) : undefined;
    return message === undefined ? fail(whyRefused(whole, check, bytes)) : ok(message);
  };
  return {
    encode: (message) => {
      const broken = checkOutline(message);
      if (broken !== undefined) throw new Error(`broken invariant: ${name}.${broken} keeps its limit`);
      return type.encode(message).finish();
    },
    accepts: isCanonical,
    decode,
    refusal: (bytes) => (isCanonical(bytes) ? undefined : whyRefused(whole, check, bytes)),
    decodePlain: (bytes) => {
      const decoded = decode(bytes);
      return decoded.ok
        ? ok(type.toObject(decoded.value as protobuf.Message, { defaults: true, arrays: true, longs: Number }))
        : decoded;
    },
  };
}

/** The same message with some of its fields as bytes, which on the wire is the same. */
function outlineOf(whole: protobuf.Type, encoded: readonly string[]): protobuf.Type {
  const name = [whole.name, ...encoded].join('_');
  const known = whole.parent?.get(name);
  if (known instanceof protobuf.Type) return known;
  const json = whole.toJSON();
  const fields = { ...json.fields };
  for (const field of encoded) fields[field] = { ...fields[field], type: 'bytes' } as protobuf.IField;
  const outline = protobuf.Type.fromJSON(name, { ...json, fields });
  whole.parent?.add(outline);
  return outline;
}

/** What is wrong with bytes that are refused: no message at all, over a limit, or not what the schema would write. */
function whyRefused(type: protobuf.Type, check: Check, bytes: Uint8Array): CodecFault {
  const message = attempt(type, bytes);
  if (message === undefined) return { code: 'CODEC_SYNTAX', where: type.name };
  const broken = check(message);
  return broken === undefined
    ? { code: 'CODEC_UNKNOWN_FIELD', where: type.name }
    : { code: 'CODEC_LIMIT', where: `${type.name}.${broken}` };
}

function attempt(type: protobuf.Type, bytes: Uint8Array): object | undefined {
  try {
    return type.decode(bytes);
  } catch {
    return undefined;
  }
}
