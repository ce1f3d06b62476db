import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A P-256 key of a bench as its file has it; made into a key by who signs with it. */
export interface KeptKey {
  /** PEM, SubjectPublicKeyInfo: as the register takes it. */
  readonly publicKeyPem: string;
  readonly privateKey: () => KeyObject;
}

/**
 * So many keys, made once and kept: a hundred thousand take longer than what is measured with them. They sign nothing but
 * loads on this machine.
 *
 * @param file - a line a key, private and public DER in base64
 */
export function keptKeys(file: string, count: number): readonly KeptKey[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  if (lines.length < count) {
    while (lines.length < count) lines.push(madeKey());
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${lines.join('\n')}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return lines.slice(0, count).map((line) => {
    const [own = '', shown = ''] = line.split(' ');
    const text = shown.replace(/.{64}(?=.)/g, '$&\n');
    return {
      publicKeyPem: `-----BEGIN PUBLIC KEY-----\n${text}\n-----END PUBLIC KEY-----\n`,
      privateKey: () => createPrivateKey({ key: Buffer.from(own, 'base64'), format: 'der', type: 'pkcs8' }),
    };
  });
}

function madeKey(): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return `${privateKey.toString('base64')} ${publicKey.toString('base64')}`;
}
