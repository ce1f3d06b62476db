import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';

/** Who signs the certificates of a load. */
export interface QuickAuthority {
  readonly certificatePem: string;
  readonly issue: (commonName: string) => QuickCertificate;
}

export interface QuickCertificate {
  readonly certificate: string;
  readonly key: string;
  /** PEM of the public key. */
  readonly publicKey: string;
}

const YEAR_MS = 366 * 86_400_000;

/**
 * Certificates of the form that `tongguan up` issues (P-256, version 3, the same extensions but for the key identifier),
 * written as bytes: a library takes 5 ms and more for each, and a load wants ten thousand.
 */
export function quickAuthority(commonName: string, now: number): QuickAuthority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = nameOf(commonName);
  const made = (subject: Buffer, key: KeyObject, serial: number, extensions: readonly Buffer[]): string =>
    certified({ serial, issuer: name, subject, key, now, extensions }, own.privateKey);
  const certificatePem = made(name, own.publicKey, 1, [IS_AUTHORITY, MAY_CERTIFY]);
  let serial = 1;
  return {
    certificatePem,
    issue: (subject) => {
      serial += 1;
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return {
        certificate: made(nameOf(subject), publicKey, serial, [IS_NO_AUTHORITY, MAY_SIGN, FOR_CLIENTS]),
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
        publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
      };
    },
  };
}

interface Content {
  readonly serial: number;
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly key: KeyObject;
  readonly now: number;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280 section 4.1. */
function certified({ serial, issuer, subject, key, now, extensions }: Content, by: KeyObject): string {
  // Positive, and without a byte that could be left out.
  const number = Buffer.alloc(5, 0x40);
  number.writeUInt32BE(serial, 1);
  const content = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, number),
    ECDSA_SHA256,
    issuer,
    der(0x30, utc(now - YEAR_MS / 366), utc(now + YEAR_MS)),
    subject,
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, ...extensions)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', content, by)]);
  return new X509Certificate(der(0x30, content, ECDSA_SHA256, der(0x03, signature))).toString();
}

/** One value of X.690: tag, length, content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 0xff];
  return Buffer.concat([Buffer.from(length < 0x80 ? [tag, length] : [tag, ...long]), body]);
}

const nameOf = (commonName: string): Buffer =>
  der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(commonName)))));

/** YYMMDDHHMMSSZ */
const utc = (at: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(at).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`));

const ECDSA_SHA256 = Buffer.from('300a06082a8648ce3d040302', 'hex');
const IS_AUTHORITY = Buffer.from('300f0603551d130101ff040530030101ff', 'hex');
const IS_NO_AUTHORITY = Buffer.from('300c0603551d130101ff04023000', 'hex');
const MAY_CERTIFY = Buffer.from('300e0603551d0f0101ff040403020106', 'hex');
const MAY_SIGN = Buffer.from('300e0603551d0f0101ff040403020780', 'hex');
const FOR_CLIENTS = Buffer.from('30130603551d25040c300a06082b06010505070302', 'hex');
