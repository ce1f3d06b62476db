// SM2 keys as OpenSSL writes them (PKCS #8 and SubjectPublicKeyInfo, unencrypted, named curve 1.2.156.10197.1.301). Node takes
// such a key for something else than it is (docs/adr/0057), so its bytes are taken out here; any other layout is no SM2 key.

const PRIVATE = Buffer.from('308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420', 'hex');
const BETWEEN = Buffer.from('a144034200', 'hex');
const PUBLIC = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex');
const SCALAR_BYTES = 32;
const POINT_BYTES = 65;

export interface Sm2PrivateKey {
  /** 64 hexadecimal digits. */
  readonly scalar: string;
  /** Uncompressed point, 130 hexadecimal digits. */
  readonly point: string;
}

export interface Sm2PublicKey {
  readonly point: string;
  readonly der: Buffer;
}

export function parseSm2PrivateKey(pem: string): Sm2PrivateKey | undefined {
  const der = derOf(pem, 'PRIVATE KEY');
  const scalarEnd = PRIVATE.length + SCALAR_BYTES;
  const pointAt = scalarEnd + BETWEEN.length;
  const isLaidOut =
    der.length === pointAt + POINT_BYTES &&
    der.subarray(0, PRIVATE.length).equals(PRIVATE) &&
    der.subarray(scalarEnd, pointAt).equals(BETWEEN);
  if (!isLaidOut) return undefined;
  return { scalar: der.toString('hex', PRIVATE.length, scalarEnd), point: der.toString('hex', pointAt) };
}

export function parseSm2PublicKey(pem: string): Sm2PublicKey | undefined {
  const der = derOf(pem, 'PUBLIC KEY');
  const isLaidOut = der.length === PUBLIC.length + POINT_BYTES && der.subarray(0, PUBLIC.length).equals(PUBLIC);
  return isLaidOut ? { der, point: der.toString('hex', PUBLIC.length) } : undefined;
}

/** SubjectPublicKeyInfo of a point. */
export function sm2PublicDer(point: string): Buffer {
  return Buffer.concat([PUBLIC, Buffer.from(point, 'hex')]);
}

function derOf(pem: string, label: string): Buffer {
  const [, body = ''] =
    new RegExp(`^-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]{1,1000})-----END ${label}-----\\s*$`).exec(pem) ?? [];
  return Buffer.from(body, 'base64');
}
