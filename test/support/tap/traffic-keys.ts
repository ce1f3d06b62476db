import { type CipherGCMTypes, createDecipheriv, createHmac } from 'node:crypto';

/** A cipher suite of TLS 1.3 (RFC 8446, B.4). */
export interface Suite {
  readonly name: string;
  readonly cipher: CipherGCMTypes | 'chacha20-poly1305';
  readonly hash: 'sha256' | 'sha384';
  readonly keyBytes: number;
}

/** Opens the records that were sealed under one traffic secret, in their order. */
export interface RecordOpener {
  /** The inner plaintext, padding and content type still on, or undefined when the record is not authentic under this key. */
  readonly open: (header: Buffer, body: Buffer) => Buffer | undefined;
  /** What a record that was cut off held as far as it came. Nothing vouches for it: the tag was cut off with it. */
  readonly openCut: (header: Buffer, body: Buffer) => Buffer;
}

const TAG_BYTES = 16;
const IV_BYTES = 12;

export const SUITES: ReadonlyMap<number, Suite> = new Map([
  [0x1301, { name: 'TLS_AES_128_GCM_SHA256', cipher: 'aes-128-gcm', hash: 'sha256', keyBytes: 16 }],
  [0x1302, { name: 'TLS_AES_256_GCM_SHA384', cipher: 'aes-256-gcm', hash: 'sha384', keyBytes: 32 }],
  [0x1303, { name: 'TLS_CHACHA20_POLY1305_SHA256', cipher: 'chacha20-poly1305', hash: 'sha256', keyBytes: 32 }],
]);

/** Keys of one direction and epoch (RFC 8446, 7.3), and its record counter (5.3). */
export function makeRecordOpener(suite: Suite, secret: Buffer): RecordOpener {
  const key = expandLabel(suite, secret, 'key', suite.keyBytes);
  const iv = expandLabel(suite, secret, 'iv', IV_BYTES);
  let sequence = 0n;
  const decipher = (header: Buffer) => {
    const nonce = Buffer.from(iv);
    nonce.writeBigUInt64BE(nonce.readBigUInt64BE(IV_BYTES - 8) ^ sequence, IV_BYTES - 8);
    // Node's types want the cipher spelt out for each mode; all three take the same arguments.
    return createDecipheriv(suite.cipher as 'aes-128-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(header);
  };
  const open = (header: Buffer, body: Buffer): Buffer | undefined => {
    if (body.length <= TAG_BYTES) return undefined;
    const opening = decipher(header).setAuthTag(body.subarray(-TAG_BYTES));
    const plain = opening.update(body.subarray(0, -TAG_BYTES));
    try {
      opening.final();
    } catch {
      return undefined;
    }
    sequence += 1n;
    return plain;
  };
  const openCut = (header: Buffer, body: Buffer): Buffer => decipher(header).update(body);
  return { open, openCut };
}

/** The secret after a KeyUpdate (RFC 8446, 7.2). */
export function nextSecret(suite: Suite, secret: Buffer): Buffer {
  return expandLabel(suite, secret, 'traffic upd', secret.length);
}

/** HKDF-Expand-Label with an empty context (RFC 8446, 7.1; RFC 5869, 2.3), for no more than one block of the hash. */
export function expandLabel({ hash }: Suite, secret: Buffer, label: string, length: number): Buffer {
  const full = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([Buffer.of(length >>> 8, length & 0xff, full.length), full, Buffer.of(0)]);
  const block = createHmac(hash, secret).update(info).update(Buffer.of(1)).digest();
  if (length > block.length) throw new Error('broken invariant: a traffic key is longer than one block of the hash');
  return block.subarray(0, length);
}
