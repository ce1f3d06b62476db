import type { X509Certificate } from 'node:crypto';
import { decodeReceipt } from '../../proto/codec/transfer-codec.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { openEnvelope } from './envelope.ts';
import { type ExporterFault, exporterFault } from './exporter-fault.ts';
import { isP256 } from './identity.ts';
import type { TransferId } from './names.ts';

export interface ReceiptCheck {
  /** The pinned certificate; its key signs receipts. */
  readonly certificate: X509Certificate;
  readonly id: TransferId;
  readonly manifestSha256: Uint8Array;
  readonly recipientId: string;
  readonly totalBytes: number;
}

/** A receipt proves a delivery only if the registered recipient signed that it holds this manifest and all its bytes. */
export function checkReceipt(bytes: Uint8Array, check: ReceiptCheck): Result<Uint8Array, ExporterFault> {
  const key = check.certificate.publicKey;
  if (!isP256(key)) return fail(exporterFault('RECEIPT_INVALID', 'certificate key is not EC P-256'));
  const body = openEnvelope(bytes, 'receipt', key);
  if (!body.ok) return fail(exporterFault('RECEIPT_INVALID', body.fault));
  const decoded = decodeReceipt(body.value);
  if (!decoded.ok) return fail(exporterFault('RECEIPT_INVALID', decoded.fault.code));
  const receipt = decoded.value;
  if (receipt.transferId !== check.id) return fail(exporterFault('RECEIPT_INVALID', 'transfer'));
  const isSameManifest = Buffer.compare(receipt.manifestSha256, check.manifestSha256) === 0;
  if (!isSameManifest) return fail(exporterFault('RECEIPT_INVALID', 'manifest'));
  if (receipt.recipientId !== check.recipientId) return fail(exporterFault('RECEIPT_INVALID', 'recipient'));
  if (receipt.bytesReceived !== check.totalBytes) return fail(exporterFault('RECEIPT_INVALID', 'bytes'));
  return ok(bytes);
}
