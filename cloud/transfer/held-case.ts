import type { Matrix } from '../approvals/four-eyes.ts';
import type { Parcel } from '../datasets/build-parcel.ts';
import type { HeldCase } from '../ports/transfer-register.ts';
import { jsonDigest } from './digest.ts';
import type { TransferRequest } from './export-gate.ts';
import type { Verdict } from './verdict.ts';
import type { Case } from './weigh-case.ts';

/** @param matrix - as it was when the request was made; undefined where no approvals are waited for */
export function heldOf(one: Case & { readonly parcel: Parcel }, verdict: Verdict, matrix: Matrix): HeldCase {
  const { persons, rows, bytes, families, manifestSha256, treeSha256, sealedTo } = one.parcel;
  const { requestedBy, claims } = one.request;
  return {
    requestedBy,
    ...(claims === undefined ? {} : { claims }),
    ...(treeSha256 === undefined ? {} : { treeSha256 }),
    ...(sealedTo === undefined ? {} : { sealedTo }),
    definitions: definitionsDigest(one.request),
    manifestSha256: Buffer.from(manifestSha256).toString('hex'),
    rows,
    bytes,
    families,
    persons,
    ...(matrix === undefined ? {} : { approval: { matrix, verdictDigest: jsonDigest(verdict) } }),
  };
}

/** A parcel is decided anew only as what it was built as, and for whom. */
export function definitionsDigest({ dataset, recipient }: Pick<TransferRequest, 'dataset' | 'recipient'>): string {
  const { certificateSha256, id, country, endpoint } = recipient;
  const certificate = Buffer.from(certificateSha256).toString('hex');
  return jsonDigest({ dataset, recipient: { id, country, endpoint, certificate } });
}
