import type { KeyObject } from 'node:crypto';
import type { Redacted } from '../../proto/words/redacted.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { Vin } from '../../proto/words/vin.ts';

/** A TCU that may send. The link between the device and its VIN lives here and nowhere else. */
export interface RegisteredDevice {
  readonly device: DeviceId;
  /** Small number that stands for the device inside the zones. */
  readonly number: number;
  readonly vin: Redacted<Vin>;
  readonly publicKey: KeyObject;
}

export interface DeviceRegister {
  /** The device of a certificate's public key, unless it is unknown or revoked. */
  find(device: DeviceId): RegisteredDevice | undefined;
  vinOf(deviceNumber: number): Redacted<Vin> | undefined;
  /** Numbers of a device, or of every device a vehicle ever had; also of those that were revoked. */
  numbersOf(whose: { readonly device: string } | { readonly vin: Vin }): readonly number[];
}
