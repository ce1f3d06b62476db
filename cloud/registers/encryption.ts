import { z } from 'zod';

/** Curves of encryption keys, y² = x³ − 3x + b over p: SEC 2 for P-256, GB/T 32918.5 for SM2. */
const CURVES = {
  'P-256': {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  SM2: {
    p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
    b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  },
} as const;

/** 32 bytes in base64url, without padding. */
const Coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected 32 bytes in base64url');

const Jwk = z
  .strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: Coordinate, y: Coordinate })
  .refine(({ x, y }) => isOnCurve('P-256', numberOf(x), numberOf(y)), 'not a point of P-256');

const Sm2Point = z.string().refine((text) => {
  const [, x, y] = /^04([0-9a-f]{64})([0-9a-f]{64})$/.exec(text) ?? [];
  return x !== undefined && y !== undefined && isOnCurve('SM2', BigInt(`0x${x}`), BigInt(`0x${y}`));
}, 'expected a point of SM2: `04` and 128 lower-case hexadecimal digits');

/** To what key parcels for a recipient are sealed. A private key is refused: its coordinate `d` is no key of this form. */
export const Encryption = z.discriminatedUnion('profile', [
  z.strictObject({ profile: z.literal('none').describe('parcels go in plain inside TLS') }),
  z.strictObject({ profile: z.literal('jwe-aes256gcm'), jwk: Jwk.describe('public EC key on P-256, RFC 7517') }),
  z.strictObject({ profile: z.literal('sm2-sm4'), point: Sm2Point.describe('SM2 public key, uncompressed point') }),
]);

export type Encryption = z.infer<typeof Encryption>;

function isOnCurve(name: keyof typeof CURVES, x: bigint, y: bigint): boolean {
  const { p, b } = CURVES[name];
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Of 43 base64url digits: 256 bits and two more, which are zero in the one spelling that is allowed. */
function numberOf(base64url: string): bigint {
  let value = 0n;
  for (const digit of base64url) value = (value << 6n) | BigInt(DIGITS.indexOf(digit));
  return value % 4n === 0n ? value >> 2n : -1n;
}
