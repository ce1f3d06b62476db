import type { SealedBatch } from '../../proto/codec/telemetry-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import type { RejectionCode } from './rejections.ts';

/** The operator's record of one attested adapter, and whose it is. */
export interface AttestedAdapter {
  readonly id: string;
  readonly certificate: string;
  readonly validFromMs: number;
  readonly validUntilMs: number;
  /** Ids of devices. */
  readonly devices: ReadonlySet<string>;
  /** First characters of the VIN that stand for a model, without the serial number. */
  readonly models: readonly string[];
}

/**
 * Whether a batch may carry the mark `state-recognised`: only for cells, and only of a device that the operator has bound to
 * the record of the adapter, within its time. The mark is kept as what it is and lowers no class.
 */
export function recheckAttestation(
  { attestation, frames }: SealedBatch,
  { device, vin }: RegisteredDevice,
  adapters: readonly AttestedAdapter[],
  now: Instant,
): RejectionCode | undefined {
  if (attestation === undefined) return undefined;
  const record = adapters.find(({ id }) => id === attestation.id);
  const isBound =
    record !== undefined &&
    (record.devices.has(device) || record.models.some((model) => vin.reveal().startsWith(model)));
  const isSame =
    record !== undefined &&
    record.certificate === attestation.certificate &&
    record.validFromMs === attestation.validFromMs &&
    record.validUntilMs === attestation.validUntilMs;
  if (!isBound || !isSame || !frames.every(({ kind }) => kind === 'cell')) return 'ATTESTATION_UNBOUND';
  // What was processed in time may arrive late, and was not processed before the certificate began.
  const isInTime = frames.every(
    (frame) =>
      frame.kind === 'cell' && isWithin(frame.hour * HOUR_MS, attestation.validFromMs, attestation.validUntilMs),
  );
  return isInTime && now >= attestation.validFromMs ? undefined : 'ATTESTATION_EXPIRED';
}

/** The hour of a cell may have begun before, down to the day that its time was cut to. */
const isWithin = (at: number, from: number, until: number): boolean => at >= from - DAY_MS && at < until;

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
