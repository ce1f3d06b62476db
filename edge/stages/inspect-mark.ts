import type { Attestation, FrameContent } from '../../proto/codec/telemetry-codec.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import { fencesOf } from './closed-fences.ts';

/**
 * Whether a candidate may carry the mark `state-recognised`, and by which record.
 *
 * A mark needs the record of the adapter, in its time at this moment, and is for cells only: nothing else that leaves is of
 * positions. A cell without one is refused wherever processing is configured or the policy asks for it.
 *
 * @param recognised - what the candidate says of itself
 * @returns undefined for an unmarked candidate that needs no mark
 */
export function inspectMark(
  recognised: string | undefined,
  content: FrameContent,
  policy: ActivePolicy,
): Result<Attestation | undefined, 'unmarked' | 'unattested'> {
  if (content.kind !== 'cell') return recognised === undefined ? ok(undefined) : fail('unattested');
  const { confidentiality, stateRecognisedOnly = false } = policy;
  if (recognised === undefined) {
    return confidentiality === undefined && !stateRecognisedOnly ? ok(undefined) : fail('unmarked');
  }
  const record = confidentiality?.attestation();
  if (record === undefined || record.id !== recognised) return fail('unattested');
  // Fences lie in WGS-84, and cannot be asked about coordinates of another frame.
  if (confidentiality?.datum !== 'WGS-84' && fencesOf(policy) !== undefined) return fail('unattested');
  const { id, certificate, validFromMs, validUntilMs } = record;
  return ok({ id, certificate, validFromMs, validUntilMs });
}
