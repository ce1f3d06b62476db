import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Parcel } from '../datasets/build-parcel.ts';
import { contentsOf } from '../datasets/contents.ts';
import type { TransferRow } from '../ports/transfer-register.ts';
import type { ExportGateParts, TransferRequest } from '../transfer/export-gate.ts';
import { definitionsDigest } from '../transfer/held-case.ts';
import { type Case, type WeighedCase, weighCase } from '../transfer/weigh-case.ts';
import { approvalFault } from './approval-fault.ts';

export interface DecidedAnew {
  readonly one: Case & { readonly parcel: Parcel };
  readonly weighed: WeighedCase;
}

/**
 * Decides a staged or permitted parcel by the facts, rules, registers and counts of now. Nothing is written.
 *
 * Faults: APPROVAL_PARCEL_GONE when nobody could say any more what it was built as, and those of the facts.
 */
export function decideAnew(row: TransferRow, parts: ExportGateParts): Result<DecidedAnew, Fault> {
  const { transferId, purpose } = row;
  const held = parts.transfers.held(transferId);
  const dataset = parts.dataset(row.datasetId);
  const recipient = parts.recipients.find(({ id }) => id === row.recipientId);
  if (held === undefined || dataset === undefined || recipient === undefined) return fail(gone());
  const { persons, rows, bytes, families, requestedBy, treeSha256, sealedTo } = held;
  // It was stored as the request had it.
  const claims = held.claims as TransferRequest['claims'];
  if (definitionsDigest({ dataset, recipient }) !== held.definitions) return fail(gone());
  const request = { dataset, recipient, purpose, requestedBy, claims };
  const kept = { ...(treeSha256 === undefined ? {} : { treeSha256 }), ...(sealedTo === undefined ? {} : { sealedTo }) };
  const parcel = { manifestSha256: Buffer.from(held.manifestSha256, 'hex'), rows, bytes, families, persons, ...kept };
  const at = parts.clock.now();
  const isReserved = row.state === 'permitted';
  const one = { request, transferId, contents: contentsOf(dataset), at, parcel, isReserved };
  const weighed = weighCase(one, parts);
  return weighed.ok ? ok({ one, weighed: weighed.value }) : weighed;
}

const gone = (): Fault => approvalFault('APPROVAL_PARCEL_GONE');
