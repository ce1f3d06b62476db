import { createHmac, createPublicKey, diffieHellman, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { type Clock, HOUR_MS } from '../../proto/words/time.ts';
import { KEY_BYTES, openSealed, seal, sealTo, unseal } from '../zones/envelope.ts';

/** Seals what is on its way between processes, so that nobody reads it on a topic. */
export interface TransitSealer {
  readonly seal: (plain: Uint8Array) => Buffer;
}

export interface TransitOpener {
  /** Undefined for what was sealed by nobody of ours, for another topic, or changed since. */
  readonly open: (sealed: Uint8Array) => Buffer | undefined;
}

/** How long one key seals. */
const SESSION_MS = HOUR_MS;
/** Seals under one key; NIST SP 800-38D allows far more. */
const SEALS_MAX = 16_777_216;
/** Keys of sessions that are remembered; past it they are worked out again. */
const SESSIONS_MAX = 10_000;

const FORMAT = 1;
const NUMBER_BYTES = 6;
const HEAD_BYTES = 1 + NUMBER_BYTES;
/** An X25519 public key, a sealed key, a tag. */
const SEALED_SESSION_BYTES = 32 + KEY_BYTES + 16;
const SALT_BYTES = 32;
const MAC_BYTES = 32;

/** For who takes payloads in: it writes the topic and cannot read it. */
export function sealForWorkers(publicKey: KeyObject, topic: string, parts: SealerParts): TransitSealer {
  return sealer(topic, parts, () => {
    const key = parts.random(KEY_BYTES);
    return { key, shown: sealTo(publicKey, contextOf(topic), key) };
  });
}

/** @param privateKey - X25519 */
export function openForWorkers(privateKey: KeyObject, topic: string): TransitOpener {
  const publicKey = createPublicKey(privateKey);
  const agree = (theirs: KeyObject): Uint8Array => diffieHellman({ privateKey, publicKey: theirs });
  return opener(topic, SEALED_SESSION_BYTES, (shown) => openSealed(agree, publicKey, contextOf(topic), shown));
}

/** For who has the private half: it shows that the record comes from one that has it. */
export function sealAmongWorkers(privateKey: KeyObject, topic: string, parts: SealerParts): TransitSealer {
  const secret = secretOf(privateKey);
  return sealer(topic, parts, () => {
    const shown = Buffer.from(parts.random(SALT_BYTES));
    return { key: derive(secret, shown, contextOf(topic)), shown };
  });
}

export function openAmongWorkers(privateKey: KeyObject, topic: string): TransitOpener {
  const secret = secretOf(privateKey);
  return opener(topic, SALT_BYTES, (shown) => derive(secret, shown, contextOf(topic)));
}

/** Marks records that are sealed already, so that nobody else can put any on the topic. */
export interface TransitMark {
  readonly mark: (bytes: Uint8Array) => Buffer;
  /** The bytes without their mark; undefined when it is none of ours. */
  readonly check: (marked: Uint8Array) => Buffer | undefined;
}

export function markAmongWorkers(privateKey: KeyObject, topic: string): TransitMark {
  const key = derive(secretOf(privateKey), NO_SALT, `${contextOf(topic)}\0mark`);
  const markOf = (bytes: Uint8Array): Buffer => createHmac('sha256', key).update(bytes).digest();
  return {
    mark: (bytes) => Buffer.concat([markOf(bytes), bytes]),
    check: (marked) => {
      if (marked.length < MAC_BYTES) return undefined;
      const bytes = Buffer.from(marked.buffer, marked.byteOffset + MAC_BYTES, marked.length - MAC_BYTES);
      return timingSafeEqual(markOf(bytes), marked.subarray(0, MAC_BYTES)) ? bytes : undefined;
    },
  };
}

export interface SealerParts {
  readonly clock: Clock;
  /** Cryptographically strong. */
  readonly random: (bytes: number) => Uint8Array;
}

interface Session {
  readonly key: Uint8Array;
  /** What the record shows of it, so that it can be opened by itself. */
  readonly shown: Buffer;
}

function sealer(topic: string, { clock }: SealerParts, begin: () => Session): TransitSealer {
  const associated = Buffer.from(contextOf(topic));
  let open: (Session & { readonly at: number }) | undefined;
  let number = 0;
  return {
    seal: (plain) => {
      const now = clock.now();
      if (open === undefined || number >= SEALS_MAX || Math.abs(now - open.at) >= SESSION_MS) {
        open = { ...begin(), at: now };
        number = 0;
      }
      const head = Buffer.alloc(HEAD_BYTES, FORMAT);
      head.writeUIntBE(number, 1, NUMBER_BYTES);
      const sealed = seal(open.key, number, associated, plain);
      number += 1;
      return Buffer.concat([head, open.shown, sealed]);
    },
  };
}

function opener(topic: string, shownBytes: number, keyOf: (shown: Buffer) => Uint8Array | undefined): TransitOpener {
  const associated = Buffer.from(contextOf(topic));
  const keys = new Map<string, Uint8Array>();
  return {
    open: (bytes) => {
      const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (sealed.length < HEAD_BYTES + shownBytes || sealed[0] !== FORMAT) return undefined;
      const shown = sealed.subarray(HEAD_BYTES, HEAD_BYTES + shownBytes);
      const name = shown.toString('latin1');
      let key = keys.get(name);
      if (key === undefined) {
        key = keyOf(shown);
        if (key === undefined) return undefined;
        if (keys.size >= SESSIONS_MAX) keys.clear();
        keys.set(name, key);
      }
      return unseal(key, sealed.readUIntBE(1, NUMBER_BYTES), associated, sealed.subarray(HEAD_BYTES + shownBytes));
    },
  };
}

const contextOf = (topic: string): string => `tongguan.v1.transit\0${topic}`;

const NO_SALT = new Uint8Array(0);

function derive(secret: Uint8Array, salt: Uint8Array, context: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, context, KEY_BYTES));
}

/** The 32 bytes of an X25519 private key (RFC 8410): the end of its PKCS #8 form. */
function secretOf(privateKey: KeyObject): Uint8Array {
  return privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-KEY_BYTES);
}
