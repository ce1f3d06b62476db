import type { SealedBatch } from '../../proto/codec/telemetry-codec.ts';
import type { PolicyBook } from '../ports/policy-book.ts';
import type { RejectionCode } from './rejections.ts';

/**
 * Whether a batch leaves for a purpose that its own policy has. A batch of statements of withdrawal needs none: the policy it
 * is sealed under may have lost the purpose.
 *
 * @param book - undefined where the cloud hands out no policies: then nobody can say what a policy has
 */
export function recheckPurpose(batch: SealedBatch, book: PolicyBook | undefined): RejectionCode | undefined {
  if (book === undefined) return undefined;
  const purposes = book.purposesOf(batch.policyId, batch.policyVersion);
  if (purposes === undefined) return 'POLICY_UNKNOWN';
  const { purpose = '' } = batch;
  const isStatement = batch.frames.every(({ kind }) => kind === 'withdrawal');
  if (purpose === '' && isStatement) return undefined;
  // A bundle of before there were purposes has none, and its batches name none.
  if (purposes.length === 0 && purpose === '') return undefined;
  return purposes.includes(purpose) ? undefined : 'PURPOSE_UNKNOWN';
}
