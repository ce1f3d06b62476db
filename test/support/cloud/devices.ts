import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { RegisteredDevice } from '../../../cloud/ports/device-register.ts';
import { deviceIdOf } from '../../../proto/codec/device-id.ts';
import { redacted } from '../../../proto/words/redacted.ts';
import type { Vin } from '../../../proto/words/vin.ts';
import { testVin } from './vins.ts';

/** A TCU with a key of its own, and what the register says of it. */
export interface TestDevice {
  readonly vin: Vin;
  readonly key: KeyObject;
  /** PEM, SubjectPublicKeyInfo: as the register takes it. */
  readonly publicKeyPem: string;
  readonly registered: RegisteredDevice;
}

/** @param number - stands for the device inside the zones; its VIN is made from it */
export function testDevice(number = 1): TestDevice {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return deviceWith(privateKey, number);
}

export function deviceWith(key: KeyObject, number = 1): TestDevice {
  const publicKey = createPublicKey(key);
  const vin = testVin(number);
  return {
    vin,
    key,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    registered: { device: deviceIdOf(publicKey), number, vin: redacted(vin), publicKey },
  };
}
