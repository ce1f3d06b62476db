import type { KeyObject } from 'node:crypto';
import type { Redacted } from '../../proto/words/redacted.ts';
import type { Instant } from '../../proto/words/time.ts';
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

/** What is known of whoever sent something: a device, or a terminal of a national standard, which has no key. */
export type Sender = Omit<RegisteredDevice, 'publicKey'>;

/**
 * How far a device is believed. `watched`: every picture it sends is looked at. `barred`: everything it sends goes to
 * quarantine. Rules lower it (cloud/ingest/trust.ts); only a person raises it.
 */
export type TrustState = 'trusted' | 'watched' | 'barred';

/** Something that was done to a device, by a rule or by a person. */
export interface DeviceAct {
  readonly id: number;
  readonly device: DeviceId;
  readonly at: Instant;
  readonly kind: 'trust' | 'revoked';
  readonly from: TrustState;
  /** Trust after it; the same as `from` for a revocation. */
  readonly to: TrustState;
  /** Name of the rule, with the rejection that set it off; both empty for an act of a person. */
  readonly rule: string;
  readonly code: string;
  /** Who did it and why; both empty for a rule. */
  readonly person: string;
  readonly reason: string;
}

export interface DeviceRegister {
  /** The device of a certificate's public key, unless it is unknown or revoked. */
  find(device: DeviceId): RegisteredDevice | undefined;
  vinOf(deviceNumber: number): Redacted<Vin> | undefined;
  /** Numbers of a device, or of every device a vehicle ever had; also of those that were revoked. */
  numbersOf(whose: { readonly device: string } | { readonly vin: Vin }): readonly number[];
}

/** The part of the register that says how far a device is believed. What it returns from is durable. */
export interface TrustRegister {
  trustOf(deviceNumber: number): TrustState;
  /** Remembers a refused payload; gives how many different ones there were since a person restored the device. */
  countMismatch(deviceNumber: number, digest: Uint8Array, at: Instant): number;
  /** Lowers trust by a rule. */
  lower(fall: {
    readonly deviceNumber: number;
    readonly at: Instant;
    readonly to: TrustState;
    readonly rule: string;
    readonly code: string;
  }): void;
}
