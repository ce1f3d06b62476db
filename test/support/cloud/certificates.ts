import 'reflect-metadata';
import { createHash, createPrivateKey, type KeyObject, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { deviceWith, type TestDevice } from './devices.ts';

/** PEM of a certificate and of its key, and the SHA-256 by which the certificate is registered. */
export interface TestIdentity {
  readonly certificate: string;
  readonly key: string;
  readonly sha256: string;
}

/** A throw-away certificate authority. */
export interface TestAuthority {
  readonly certificate: string;
  /** @param days - how long it is valid from two months ago; negative for one that ran out so long ago */
  readonly issue: (
    name: string,
    use: keyof typeof USES,
    days?: number,
  ) => Promise<TestIdentity & { privateKey: KeyObject }>;
}

/** A TCU that can open a connection. */
export interface ConnectingDevice extends TestDevice {
  readonly identity: TestIdentity;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const USES = { client: '1.3.6.1.5.5.7.3.2', server: '1.3.6.1.5.5.7.3.1' } as const;
const DAY_MS = 86_400_000;

export async function createAuthority(name: string): Promise<TestAuthority> {
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
      const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey));
      const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
      const sha256 = createHash('sha256').update(Buffer.from(certificate.rawData)).digest('hex');
      return { certificate: certificate.toString('pem'), key, sha256, privateKey };
    },
  };
}

export async function connectingDevice(authority: TestAuthority, number: number, days = 7): Promise<ConnectingDevice> {
  const identity = await authority.issue(`tcu ${number}`, 'client', days);
  return { ...deviceWith(identity.privateKey, number), identity };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity(days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 60 * DAY_MS), notAfter: new Date(now + days * DAY_MS) };
}
