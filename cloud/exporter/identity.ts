import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type ExporterFault, errorCode, exporterFault } from './exporter-fault.ts';

/** Keys and certificates are a few kilobytes; whatever is longer is not one. */
const KEY_FILE_BYTES_MAX = 262_144;

/** Reads a file of the configuration. The fault names the key of the configuration and no path. */
export async function readConfigured(
  path: string,
  key: string,
  bytesMax: number,
): Promise<Result<Buffer, ExporterFault>> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > bytesMax) return fail(exporterFault('CONFIG_UNREADABLE', `${key}: longer than ${bytesMax} bytes`));
      return ok(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (cause) {
    return fail(exporterFault('CONFIG_UNREADABLE', `${key}: ${errorCode(cause)}`));
  }
}

async function readPem(path: string, key: string): Promise<Result<Buffer, ExporterFault>> {
  return readConfigured(path, key, KEY_FILE_BYTES_MAX);
}

/** What a key is for says what it has to be: Ed25519 for permits and logs, EC P-256 for TLS and receipts, X25519 for captures. */
export type KeyType = 'ed25519' | 'ec' | 'x25519';

/** @param key - of the configuration, for the fault */
export function parsePrivateKey(type: KeyType, pem: Buffer, key: string): Result<KeyObject, ExporterFault> {
  return suitable(() => createPrivateKey(pem), type, key);
}

export function parsePublicKey(type: KeyType, pem: Buffer, key: string): Result<KeyObject, ExporterFault> {
  return suitable(() => createPublicKey(pem), type, key);
}

/** The key that captures are sealed to. A private one is refused: who writes captures must not be able to read them. */
export function parseCaptureKey(pem: Buffer, key: string): Result<KeyObject, ExporterFault> {
  if (pem.includes('PRIVATE KEY'))
    return fail(exporterFault('KEY_UNSUITABLE', `${key}: expected the public half alone`));
  return parsePublicKey('x25519', pem, key);
}

/** @param pem - the certificate itself first, issuers after it */
export function parseCertificate(pem: Buffer, key: string): Result<X509Certificate, ExporterFault> {
  try {
    return ok(new X509Certificate(pem));
  } catch {
    return fail(exporterFault('KEY_UNSUITABLE', `${key}: not a PEM certificate`));
  }
}

export function isP256(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

/** Whether a certificate and a private key belong together. */
export function checkPair(certificate: X509Certificate, key: KeyObject, of = 'tls'): ExporterFault | undefined {
  if (certificate.checkPrivateKey(key)) return undefined;
  return exporterFault('KEY_UNSUITABLE', `${of}.keyFile: not the key of ${of}.certificateFile`);
}

function suitable(read: () => KeyObject, type: KeyType, key: string): Result<KeyObject, ExporterFault> {
  try {
    const parsed = read();
    const isSuitable = type === 'ec' ? isP256(parsed) : parsed.asymmetricKeyType === type;
    return isSuitable ? ok(parsed) : fail(exporterFault('KEY_UNSUITABLE', `${key}: expected ${KEY_WORDS[type]}`));
  } catch {
    return fail(exporterFault('KEY_UNSUITABLE', `${key}: expected ${KEY_WORDS[type]} in PEM`));
  }
}

const KEY_WORDS = { ed25519: 'an Ed25519 key', ec: 'an EC P-256 key', x25519: 'an X25519 key' } as const;

export interface Pem<T> {
  readonly pem: Buffer;
  readonly parsed: T;
}

/** Reads and parses a PEM file. @param key - of the configuration, for the fault */
export async function loadPem<T>(
  path: string,
  key: string,
  parse: (pem: Buffer, key: string) => Result<T, ExporterFault>,
): Promise<Result<Pem<T>, ExporterFault>> {
  const pem = await readPem(path, key);
  if (!pem.ok) return pem;
  const parsed = parse(pem.value, key);
  return parsed.ok ? ok({ pem: pem.value, parsed: parsed.value }) : parsed;
}
