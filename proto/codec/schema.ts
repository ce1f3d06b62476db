import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { fail, ok, type Result } from '../words/result.ts';
import { type Check, compileCheck } from './limits.ts';

/** Why bytes are not a message. `where` names a field of the schema, never a value. */
export interface CodecFault {
  readonly code: 'CODEC_SYNTAX' | 'CODEC_LIMIT' | 'CODEC_UNKNOWN_FIELD';
  readonly where: string;
}

/** One message type of the schema, with its limits. */
export interface MessageCodec {
  /** @throws Error when a limit of the schema is broken, which is a bug of the caller */
  readonly encode: (message: object) => Uint8Array;
  /** The library's own message object: fast, its unset fields read as defaults, and not to be kept or printed. */
  readonly decode: (bytes: Uint8Array) => Result<object, CodecFault>;
  /** A plain object with every field present. */
  readonly decodePlain: (bytes: Uint8Array) => Result<object, CodecFault>;
}

// All 64-bit fields are limited to 2^53 - 1, so plain numbers hold them exactly; without this they would be objects.
protobuf.util.Long = null as never;
protobuf.configure();

const root = new protobuf.Root();
for (const name of ['telemetry', 'control', 'transfer']) {
  const source = readFileSync(new URL(`../schema/${name}.proto`, import.meta.url), 'utf8');
  protobuf.parse(source, root);
}

/**
 * Codec of a message type by reflection over `proto/schema` (measured choice, docs/adr/0013).
 *
 * Decoding is strict: bytes that the same schema would not write again (an unknown field, a default spelt out, a field
 * twice, a varint too long) are refused, so nothing unnamed passes through.
 *
 * @param name - message name without its package
 */
export function messageCodec(name: string): MessageCodec {
  const type = root.lookupType(`tongguan.v1.${name}`);
  const check: Check = compileCheck(type);
  const decode = (bytes: Uint8Array): Result<object, CodecFault> => {
    const message = attempt(type, bytes);
    if (message === undefined) return fail({ code: 'CODEC_SYNTAX', where: name });
    const broken = check(message);
    if (broken !== undefined) return fail({ code: 'CODEC_LIMIT', where: `${name}.${broken}` });
    const again = type.encode(message).finish();
    return Buffer.compare(again, bytes) === 0 ? ok(message) : fail({ code: 'CODEC_UNKNOWN_FIELD', where: name });
  };
  return {
    encode: (message) => {
      const broken = check(message);
      if (broken !== undefined) throw new Error(`broken invariant: ${name}.${broken} keeps its limit`);
      return type.encode(message).finish();
    },
    decode,
    decodePlain: (bytes) => {
      const decoded = decode(bytes);
      return decoded.ok
        ? ok(type.toObject(decoded.value as protobuf.Message, { defaults: true, arrays: true, longs: Number }))
        : decoded;
    },
  };
}

function attempt(type: protobuf.Type, bytes: Uint8Array): object | undefined {
  try {
    return type.decode(bytes);
  } catch {
    return undefined;
  }
}
