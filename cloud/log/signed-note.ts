import { isUtf8 } from 'node:buffer';
import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';

/** C2SP signed-note asks verifiers to take at least 16 signatures. */
export const NOTE_SIGNATURES_MAX = 16;

/** Room for a short text and 16 post-quantum signatures of about 5 kB. */
export const NOTE_BYTES_MAX = 131_072;

/** `form`: not a signed note. `signature`: nothing by the given key, or something by it that does not verify. */
export type NoteFault = 'form' | 'signature';

/** Signature types of C2SP signed-note. */
export const NOTE_SIGNATURE = 0x01;
export const COSIGNATURE = 0x04;
export type SignatureType = typeof NOTE_SIGNATURE | typeof COSIGNATURE;

const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;

/** A name that may stand in a signature line: not empty, no space, plus sign or control character (C2SP signed-note). */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+\p{Cc}\p{Cs}]/u.test(name);
}

/** First 4 bytes of SHA-256 over name, newline, signature type and the 32-byte public key. */
export function noteKeyId(name: string, publicKey: KeyObject, type: SignatureType = NOTE_SIGNATURE): Uint8Array {
  const input = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), rawPublicKey(publicKey)]);
  return hash('sha256', input, 'buffer').subarray(0, KEY_ID_BYTES);
}

/** A key in the one-line form that C2SP signed-note has for verifiers: `name+keyid+base64`. */
export function verifierKey(name: string, publicKey: KeyObject, type: SignatureType = NOTE_SIGNATURE): string {
  const key = Buffer.concat([Buffer.of(type), rawPublicKey(publicKey)]).toString('base64');
  return `${name}+${Buffer.from(noteKeyId(name, publicKey, type)).toString('hex')}+${key}`;
}

/** A verifier key of that type and its name; undefined for anything else, a wrong key id included. */
export function parseVerifierKey(
  text: string,
  type: SignatureType,
): { readonly name: string; readonly publicKey: KeyObject } | undefined {
  const [, name = '', , encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text) ?? [];
  const key = parseBase64(encoded);
  if (key?.length !== 1 + PUBLIC_KEY_BYTES || key[0] !== type) return undefined;
  const x = Buffer.from(key.subarray(1)).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verifierKey(name, publicKey, type) === text ? { name, publicKey } : undefined;
}

/**
 * Signs a text as a C2SP note with one Ed25519 signature line.
 *
 * @param text - ends in a newline
 * @throws Error for a name or text that a note cannot hold: bugs of the caller
 */
export function signNote(
  text: string,
  signer: { readonly name: string; readonly signingKey: KeyObject; readonly publicKey: KeyObject },
): string {
  assert(isKeyName(signer.name), 'the name in a signature line has no space, plus sign or control character');
  assert(isNoteText(text), 'a note is lines of text without control characters');
  const signature = sign(null, Buffer.from(text), signer.signingKey);
  return `${text}\n${signatureLine(signer.name, noteKeyId(signer.name, signer.publicKey), signature)}`;
}

/** A line under a note. */
export function signatureLine(name: string, keyId: Uint8Array, signature: Uint8Array): string {
  return `\u2014 ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}

/**
 * The text of a note, once a signature by the given key has verified. Signatures by other keys are ignored; one by this
 * key that fails spoils the note.
 *
 * @returns the text with its last newline
 */
export function openNote(
  bytes: Uint8Array,
  signer: { readonly name: string; readonly publicKey: KeyObject },
): Result<string, NoteFault> {
  const split = splitNote(bytes);
  if (split === undefined) return fail('form');
  const { text, signatures } = split;
  const keyId = noteKeyId(signer.name, signer.publicKey);
  let verified = false;
  for (const one of signatures) {
    if (one.name !== signer.name || Buffer.compare(one.keyId, keyId) !== 0) continue;
    if (one.signature.length !== SIGNATURE_BYTES) return fail('signature');
    if (!verify(null, Buffer.from(text), signer.publicKey, one.signature)) return fail('signature');
    verified = true;
  }
  return verified ? ok(text) : fail('signature');
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** Text and signature lines of a note, none of them verified; undefined for what is no note. The text ends in a newline. */
export function splitNote(
  bytes: Uint8Array,
): { readonly text: string; readonly signatures: readonly NoteSignature[] } | undefined {
  if (bytes.length > NOTE_BYTES_MAX || !isUtf8(bytes)) return undefined;
  const note = Buffer.from(bytes).toString('utf8');
  const split = note.lastIndexOf('\n\n');
  const text = note.slice(0, split + 1);
  if (split < 0 || !isNoteText(text) || !note.endsWith('\n')) return undefined;
  const lines = note.slice(split + 2, -1).split('\n');
  const signatures = lines.flatMap((line) => parseSignatureLine(line) ?? []);
  return lines.length > NOTE_SIGNATURES_MAX || signatures.length < lines.length ? undefined : { text, signatures };
}

function parseSignatureLine(line: string): NoteSignature | undefined {
  const match = /^\u2014 (\S+) (\S+)$/u.exec(line);
  const [name, encoded] = [match?.[1], match?.[2]];
  if (name === undefined || encoded === undefined || !isKeyName(name)) return undefined;
  const decoded = parseBase64(encoded);
  if (decoded === undefined || decoded.length <= KEY_ID_BYTES) return undefined;
  return { name, keyId: decoded.subarray(0, KEY_ID_BYTES), signature: decoded.subarray(KEY_ID_BYTES) };
}

/** Standard base64 with padding (RFC 4648 section 4), and only its one canonical spelling; Node alone would guess. */
export function parseBase64(text: string): Uint8Array | undefined {
  const decoded = Buffer.from(text, 'base64');
  return decoded.toString('base64') === text ? decoded : undefined;
}

function isNoteText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the specification bans exactly these
  return text.endsWith('\n') && !/[\u0000-\u0009\u000b-\u001f\p{Cs}]/u.test(text);
}

/** SubjectPublicKeyInfo of Ed25519 up to the key itself (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** Each append to a log names its key anew, and taking a key apart costs as much as signing does. */
const rawKeys = new WeakMap<KeyObject, Uint8Array>();

/** Not by way of a JWK: Node 20 holds the key's lock while it makes one, and a collection then may wait for it for ever (docs/adr/0121). */
function rawPublicKey(publicKey: KeyObject): Uint8Array {
  const known = rawKeys.get(publicKey);
  if (known !== undefined) return known;
  const der = publicKey.export({ type: 'spki', format: 'der' });
  assert(der.subarray(0, SPKI_HEAD.length).equals(SPKI_HEAD), 'a log is signed with Ed25519');
  const raw = der.subarray(SPKI_HEAD.length);
  assert(raw.length === PUBLIC_KEY_BYTES, 'an Ed25519 public key has 32 bytes');
  rawKeys.set(publicKey, raw);
  return raw;
}
