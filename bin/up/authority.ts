import { createPrivateKey, createPublicKey, type KeyObject, webcrypto } from 'node:crypto';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

// The library takes any WebCrypto; this is Node's own.
x509.cryptoProvider.set(webcrypto as never);

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A day's grace for clocks that are behind, and a year: these certificates are for trying the product. */
const GRACE_MS = 86_400_000;
const LIFETIME_MS = 366 * 86_400_000;

/** A throw-away certificate authority. Its key lives in memory only and is gone when provisioning ends. */
export interface Authority {
  readonly certificatePem: string;
  readonly issue: (request: IssueRequest) => Promise<Issued>;
}

export interface IssueRequest {
  readonly commonName: string;
  /** A server that is reached as `localhost` and 127.0.0.1; else a client. */
  readonly isServer: boolean;
}

export interface Issued {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly publicKeyPem: string;
  /** SHA-256 of the certificate in DER, lower-case hexadecimal. */
  readonly certificateSha256: string;
  readonly key: KeyObject;
}

export async function createAuthority(commonName: string, now: number): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${commonName}`,
    notBefore: new Date(now - GRACE_MS),
    notAfter: new Date(now + LIFETIME_MS),
    signingAlgorithm: P256,
    keys: keys as webcrypto.CryptoKeyPair,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificatePem: certificate.toString('pem'),
    issue: (request) => issue(request, certificate, keys as webcrypto.CryptoKeyPair, now),
  };
}

async function issue(
  request: IssueRequest,
  issuer: x509.X509Certificate,
  issuerKeys: webcrypto.CryptoKeyPair,
  now: number,
): Promise<Issued> {
  const keys = (await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const usage = request.isServer ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${request.commonName}`,
    issuer: issuer.subject,
    notBefore: new Date(now - GRACE_MS),
    notAfter: new Date(now + LIFETIME_MS),
    signingAlgorithm: P256,
    publicKey: keys.publicKey,
    signingKey: issuerKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([usage]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ...(request.isServer ? [LOCAL_NAMES] : []),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return {
    certificatePem: certificate.toString('pem'),
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicKeyPem: createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string,
    certificateSha256: Buffer.from(await certificate.getThumbprint('SHA-256')).toString('hex'),
    key,
  };
}

const LOCAL_NAMES = new x509.SubjectAlternativeNameExtension([
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
]);

/** 16 random bytes, positive (RFC 5280 section 4.1.2.2). */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return Buffer.from(bytes).toString('hex');
}
