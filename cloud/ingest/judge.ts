import type { SealedBatch } from '../../proto/codec/telemetry-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import { admit, claimOf } from './admit.ts';
import type { PictureSample } from './picture-sample.ts';
import { recheckAge, type TimeLimits } from './recheck-age.ts';
import { type AttestedAdapter, recheckAttestation } from './recheck-attestation.ts';
import { recheckBatch } from './recheck-batch.ts';
import { type PolicyRecheck, recheckPolicy } from './recheck-policy.ts';
import type { RejectionCode } from './rejections.ts';
import type { Arrival } from './sort-out.ts';
import type { TrustKeeper } from './trust-keeper.ts';

/** What a payload is held against, beside itself. */
export interface JudgeParts {
  /** How far devices are believed; without it every registered one is. */
  readonly trust?: TrustKeeper;
  /** The policies that vehicles were told; without it a batch is held only against what it says of itself. */
  readonly against?: PolicyRecheck;
  /** How old frames may be, and how far apart; the usual ones without it. */
  readonly times?: TimeLimits;
  /** Looks at redacted pictures; without it none is looked at. */
  readonly pictures?: Pick<PictureSample, 'look'>;
  /** Attested processing that vehicles are bound to; without it nobody's mark is taken. */
  readonly adapters?: readonly AttestedAdapter[];
}

export interface Received {
  readonly device: RegisteredDevice;
  readonly payload: Uint8Array;
  readonly receivedAt: Instant;
}

/**
 * Admits or refuses a payload.
 *
 * @param isSigned - what is known of its signature already
 * @returns a promise where pictures are looked at first
 */
export function judge(received: Received, parts: JudgeParts, isSigned?: boolean): Arrival | Promise<Arrival> {
  const arrival = lookAt(received, parts, isSigned);
  const seen = picturesOf(arrival, parts);
  return seen === undefined ? arrival : seen.then((rejection) => ({ ...arrival, rejection }));
}

function lookAt({ device, payload, receivedAt }: Received, parts: JudgeParts, isSigned?: boolean): Arrival {
  const admitted = admit(payload, device, isSigned);
  if (!admitted.ok) {
    const claim = admitted.fault === 'SIGNATURE_INVALID' ? claimOf(payload) : undefined;
    return { device, payload, receivedAt, batch: undefined, rejection: admitted.fault, claim };
  }
  const batch = admitted.value;
  return { device, payload, receivedAt, batch, rejection: recheck(batch, device, receivedAt, parts) };
}

/** Its policy comes last, since that counts how often sensors send: what is refused takes nobody's turn. */
function recheck(
  batch: SealedBatch,
  device: RegisteredDevice,
  receivedAt: Instant,
  { trust, against, adapters = [], times }: JudgeParts,
): RejectionCode | undefined {
  if (trust?.of(device.number) === 'barred') return 'DEVICE_BARRED';
  return (
    recheckBatch(batch, device, receivedAt) ??
    recheckAge(batch, receivedAt, times) ??
    recheckAttestation(batch, device, adapters, receivedAt) ??
    (against && recheckPolicy(batch, device.number, receivedAt, against))
  );
}

/** Looks at the pictures of a batch that nothing else is held against, before anything of it is stored or acknowledged. */
function picturesOf(
  { batch, rejection, device }: Arrival,
  { pictures, trust }: JudgeParts,
): Promise<RejectionCode | undefined> | undefined {
  if (batch === undefined || rejection !== undefined) return undefined;
  const looking = pictures?.look(batch, trust?.of(device.number) ?? 'trusted');
  return looking?.then((isShown) => (isShown ? 'IMAGE_SHOWS_SUBJECT' : undefined));
}
