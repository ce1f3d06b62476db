import type { Step } from '../../../proto/codec/telemetry-codec.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { AttestedAdapter } from '../../ingest/recheck-attestation.ts';
import type { Sender } from '../../ports/device-register.ts';

/**
 * What is put on record where a terminal says that a plug-in has processed its position. It is a claim, and changes no class
 * and no zone. It counts as state-recognised only for a vehicle that the operator has bound to an attested adapter whose
 * certificate was valid when the position was taken, and is now.
 *
 * @param at - the time of the position
 */
export function claimSteps(
  { device, vin }: Sender,
  adapters: readonly AttestedAdapter[],
  at: Instant,
  now: Instant,
): readonly Step[] {
  const record = adapters.find(
    ({ devices, models, validFromMs, validUntilMs }) =>
      (devices.has(device) || models.some((model) => vin.reveal().startsWith(model))) &&
      [at, now].every((moment) => moment >= validFromMs && moment < validUntilMs),
  );
  const words = record === undefined ? 'unbound' : `state-recognised=${record.id} certificate=${record.certificate}`;
  return [{ stage: 'confidentiality-claim', parameters: words }];
}
