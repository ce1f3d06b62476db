import { createHash, createPublicKey, verify } from 'node:crypto';

/**
 * An outside check of a cosigned checkpoint, for tests only: written from C2SP signed-note and tlog-cosignature alone, and as literal as it
 * can be. Shares nothing with cloud/log.
 *
 * @param vkey - of the witness, signature type 0x04
 * @returns seconds of the cosignature, or undefined when there is none by this key that verifies
 */
export function cosignedAtOutside(note: string, vkey: string): number | undefined {
  const [name = '', id = ''] = vkey.split('+');
  const key = Buffer.from(vkey.slice(name.length + id.length + 2), 'base64');
  const keyId = createHash('sha256').update(`${name}\n`).update(key).digest().subarray(0, 4);
  if (key[0] !== 0x04 || keyId.toString('hex') !== id) return undefined;
  const body = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const x = key.subarray(1).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  for (const line of note.slice(body.length + 1).split('\n')) {
    const encoded = line.startsWith(`— ${name} `) ? (line.split(' ')[2] ?? '') : '';
    const blob = Buffer.from(encoded, 'base64');
    if (blob.toString('base64') !== encoded || blob.length !== 76 || !blob.subarray(0, 4).equals(keyId)) continue;
    const seconds = blob.readBigUInt64BE(4);
    const message = `cosignature/v1\ntime ${seconds}\n${body}`;
    if (verify(null, Buffer.from(message), publicKey, blob.subarray(12))) return Number(seconds);
  }
  return undefined;
}
