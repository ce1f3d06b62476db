import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

/** PEM of a certificate and its key, and the SHA-256 by which it is registered. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
  readonly sha256: string;
}

/** A throw-away certificate authority. */
export interface Authority {
  readonly certificate: string;
  /** @param days - validity from a day ago; negative for a certificate that has run out */
  readonly issue: (name: string, use: 'client' | 'server', days?: number) => Promise<Identity>;
}

const USES = { client: '1.3.6.1.5.5.7.3.2', server: '1.3.6.1.5.5.7.3.1' } as const;

export async function createAuthority(name: string): Promise<Authority> {
  const keys = await generateKeys();
  const root = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    ...validity(30),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  });
  let serial = 1;
  return {
    certificate: root.toString('pem'),
    issue: async (subject, use, days = 7) => {
      serial += 1;
      const own = await generateKeys();
      const certificate = await X509CertificateGenerator.create({
        serialNumber: serial.toString(16).padStart(4, '0'),
        subject: `CN=${subject}`,
        issuer: root.subject,
        ...validity(days),
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new BasicConstraintsExtension(false),
          new ExtendedKeyUsageExtension([USES[use]]),
          new SubjectAlternativeNameExtension([
            { type: 'ip', value: '127.0.0.1' },
            { type: 'dns', value: 'localhost' },
          ]),
        ],
      });
      return identityOf(certificate, own.privateKey);
    },
  };
}

async function identityOf(certificate: X509Certificate, key: webcrypto.CryptoKey): Promise<Identity> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  const lines = pkcs8.match(/.{1,64}/g) ?? [];
  return {
    certificate: certificate.toString('pem'),
    key: ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n'),
    sha256: createHash('sha256').update(Buffer.from(certificate.rawData)).digest('hex'),
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity(days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  const notBefore = new Date(now - Math.max(1, 1 - days) * DAY_MS - DAY_MS);
  return { notBefore, notAfter: new Date(now + days * DAY_MS) };
}
