import { createPublicKey, type KeyObject } from 'node:crypto';
import type { DeviceId } from '../words/topics.ts';
import { deviceIdOf, deviceIdOfDer } from './device-id.ts';

/** A device's public key, and the name that follows from it. */
export interface DeviceKey {
  readonly device: DeviceId;
  readonly publicKey: KeyObject;
}

/**
 * Reads a key of a register: `createPublicKey` and `deviceIdOf` in one, and for a key of P-256 in the form that every tool
 * writes at a third of their cost, which is most of what it takes to register or to find a device.
 *
 * @param pem - SubjectPublicKeyInfo
 * @throws what `createPublicKey` throws: for text that is no key, for a point that is not on its curve
 */
export function readDeviceKey(pem: string): DeviceKey {
  const der = plainP256Of(pem);
  if (der === undefined) {
    const publicKey = createPublicKey(pem);
    return { device: deviceIdOf(publicKey), publicKey };
  }
  const [x, y] = [der.subarray(P256_HEAD.length, -COORDINATE_BYTES), der.subarray(-COORDINATE_BYTES)];
  const key = { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') };
  const publicKey = createPublicKey({ key, format: 'jwk' });
  return { device: deviceIdOfDer(der), publicKey };
}

/** SubjectPublicKeyInfo of P-256, the curve by its name and the point uncompressed, up to the point's coordinates (RFC 5480). */
const P256_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const COORDINATE_BYTES = 32;
const PEM = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=]{64})\n([A-Za-z0-9+/=]{60})\n-----END PUBLIC KEY-----\n?$/;

/** The bytes of a key in exactly that form, which are then also what its export would give; undefined for any other. */
function plainP256Of(pem: string): Buffer | undefined {
  const [, first, second] = PEM.exec(pem) ?? [];
  if (first === undefined || second === undefined) return undefined;
  const der = Buffer.from(first + second, 'base64');
  const isPlain = der.length === P256_HEAD.length + 2 * COORDINATE_BYTES && der.toString('base64') === first + second;
  return isPlain && der.subarray(0, P256_HEAD.length).equals(P256_HEAD) ? der : undefined;
}
