import { createCipheriv, createHash } from 'node:crypto';
import type { Point } from '../../../support/canary/coordinate-index.ts';

/** Bytes that nothing distinguishes from ciphertext; the same seed gives the same bytes. */
export function noise(seed: number, length: number): Buffer {
  const key = createHash('sha256').update(`noise ${seed}`).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

/** Puts a leak into the middle of noise. */
export function plant(leak: Uint8Array, seed: number): { readonly bytes: Buffer; readonly offset: number } {
  const before = noise(seed, 40 + (noise(seed + 1, 2).readUInt16BE() % 1_500));
  return { bytes: Buffer.concat([before, leak, noise(seed + 2, 700)]), offset: before.length };
}

/** A place near Wuxi, as a fleet tracker would give it. */
export const TRUTH = { latitude: 31.27908, longitude: 119.6776716 } as const;
export const ELSEWHERE = { latitude: 40.0758333, longitude: 116.3275833 } as const;
/** Both axes negative: no place of this product, but the forms know a sign. */
export const SOUTH_WEST = { latitude: -33.4489512, longitude: -70.6692655 } as const;

type Encode = (degrees: number) => Buffer;

/** Encodings of one coordinate that count only beside their partner, by the name of the form that finds them. */
export function pairedEncodings(): ReadonlyMap<string, Encode> {
  const encodings = new Map<string, Encode>();
  for (const order of ['LE', 'BE'] as const) {
    const suffix = order.toLowerCase();
    encodings.set(`float32${suffix}`, (degrees) => written(4, (bytes) => bytes[`writeFloat${order}`](degrees)));
    encodings.set(`float64${suffix}`, (degrees) =>
      written(8, (bytes) => bytes[`writeDouble${order}`](rounded(degrees, 4))),
    );
    for (const power of [4, 5, 6, 7]) {
      const scaled = (degrees: number): number => Math.round(degrees * 10 ** power);
      encodings.set(`int32${suffix} x1e${power}`, (degrees) =>
        written(4, (bytes) => bytes[`writeInt32${order}`](scaled(degrees))),
      );
      encodings.set(`int64${suffix} x1e${power}`, (degrees) =>
        written(8, (bytes) => bytes[`writeBigInt64${order}`](BigInt(scaled(degrees)))),
      );
    }
  }
  for (const power of [5, 6, 7]) {
    const scaled = (degrees: number): bigint => BigInt(Math.trunc(degrees * 10 ** power));
    encodings.set(`varint x1e${power}`, (degrees) => varint(BigInt.asUintN(64, scaled(degrees))));
    encodings.set(`zigzag x1e${power}`, (degrees) => varint(zigzag(scaled(degrees))));
  }
  for (const power of [4, 5, 6, 7]) {
    encodings.set(`integer text x1e${power}`, (degrees) =>
      Buffer.from(`"${Math.round(Math.abs(degrees) * 10 ** power)}"`),
    );
  }
  encodings.set('degrees-minutes', (degrees) => Buffer.from(` ${degreesMinutes(degrees)} `));
  return encodings;
}

/** Both coordinates of a point in one encoding, `gap` bytes of noise between them. */
export function pairOf(encode: Encode, { latitude, longitude }: Point, gap = 1, longitudeFirst = false): Buffer {
  const between = noise(gap, gap);
  const [first, second] = longitudeFirst ? [longitude, latitude] : [latitude, longitude];
  return Buffer.concat([encode(first), between, encode(second)]);
}

/** NMEA 0183: degrees and minutes in one number. */
export function degreesMinutes(degrees: number): string {
  const magnitude = Math.abs(degrees);
  const minutes = ((magnitude % 1) * 60).toFixed(4).padStart(7, '0');
  return `${Math.floor(magnitude)}${minutes}`;
}

/** base-128 varint of the protobuf encoding. */
export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = value;
  while (left >= 128n) {
    bytes.push(Number(left & 127n) | 128);
    left >>= 7n;
  }
  return Buffer.from([...bytes, Number(left)]);
}

export function zigzag(value: bigint): bigint {
  return value < 0n ? -value * 2n - 1n : value * 2n;
}

export function written(length: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(length);
  write(bytes);
  return bytes;
}

function rounded(degrees: number, decimals: number): number {
  return Math.round(degrees * 10 ** decimals) / 10 ** decimals;
}
