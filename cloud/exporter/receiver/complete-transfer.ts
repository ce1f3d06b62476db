import type { KeyObject } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeReceipt, decodeSignedEnvelope, encodeReceipt } from '../../../proto/codec/transfer-codec.ts';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import type { Clock } from '../../../proto/words/time.ts';
import { syncDirectory, writeDurably } from '../atomic-file.ts';
import { sealReceipt } from '../envelope.ts';
import { type ExporterFault, exporterFault } from '../exporter-fault.ts';
import type { ExporterFaultCode } from '../faults.table.ts';
import { fileExists } from '../file-exists.ts';
import type { ParcelLimits } from '../manifest.ts';
import { RECEIPT_NAME } from '../names.ts';
import { openFiles } from '../open-parcel.ts';
import { checkArrived } from './check-arrived.ts';
import type { Layout, TransferKey } from './layout.ts';

export interface CompleteOptions {
  readonly layout: Layout;
  readonly limits: ParcelLimits;
  readonly clock: Clock;
  readonly recipientId: string;
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
  /** Called once for each parcel received. */
  readonly onReceived: (key: TransferKey) => void;
}

export interface Completer {
  readonly complete: (key: TransferKey, manifestSha256: Buffer) => Promise<Result<Buffer, ExporterFault>>;
  readonly isCompleting: (key: TransferKey) => boolean;
}

/**
 * Turns staged files into a received parcel and a receipt, in one rename: a reader of `received/` sees all of a parcel with
 * its receipt, or nothing. Asked again, it gives the same bytes again.
 */
export function createCompleter(options: CompleteOptions): Completer {
  const underway = new Map<string, Completion>();
  const nameOf = ({ exporterId, id }: TransferKey) => `${exporterId}/${id}`;
  return {
    isCompleting: (key) => underway.has(nameOf(key)),
    complete: async (key, manifestSha256) => {
      const name = nameOf(key);
      const other = underway.get(name);
      // A sender that was killed while it waited asks again before we are done: it waits for the same answer.
      if (other?.manifestSha256.equals(manifestSha256)) return other.answer;
      if (other !== undefined) return fail(exporterFault('TRANSFER_BUSY'));
      const answer = completeOnce(key, manifestSha256, options).finally(() => underway.delete(name));
      underway.set(name, { manifestSha256, answer });
      return answer;
    },
  };
}

interface Completion {
  readonly manifestSha256: Buffer;
  readonly answer: Promise<Result<Buffer, ExporterFault>>;
}

async function completeOnce(
  key: TransferKey,
  manifestSha256: Buffer,
  options: CompleteOptions,
): Promise<Result<Buffer, ExporterFault>> {
  const { layout, limits } = options;
  if (await fileExists(layout.receivedTransfer(key.id))) return storedReceipt(key, manifestSha256, options);
  const directory = layout.stagedTransfer(key);
  // From a receiver that was killed just before the rename; nobody has seen it.
  await rm(join(directory, RECEIPT_NAME), { force: true });
  const parcel = await openFiles(
    directory,
    { id: key.id, manifestSha256, limits },
    checkArrived.bind(null, key, layout),
  );
  if (!parcel.ok) {
    if (MISSING.includes(parcel.fault.code)) return fail(exporterFault('PARCEL_INCOMPLETE'));
    if (parcel.fault.retry === 'later') return fail(exporterFault('STORE_UNWRITABLE'));
    // What is not what the manifest says is of no use: the sender starts afresh.
    await rm(directory, { recursive: true, force: true });
    await rm(layout.partsOf(key), { recursive: true, force: true });
    return parcel;
  }
  const body = encodeReceipt({
    transferId: key.id,
    manifestSha256,
    recipientId: options.recipientId,
    receivedAtMs: options.clock.now(),
    bytesReceived: parcel.value.totalBytes,
  });
  const receipt = Buffer.from(sealReceipt(body, options.key, options.publicKey));
  await writeDurably(join(directory, RECEIPT_NAME), receipt);
  await syncDirectory(directory);
  await rename(directory, layout.receivedTransfer(key.id));
  await syncDirectory(layout.received);
  await syncDirectory(layout.stagingOf(key.exporterId));
  await rm(layout.partsOf(key), { recursive: true, force: true });
  options.onReceived(key);
  return ok(receipt);
}

/** The receipt given before, to the byte. A parcel with another manifest under the same id is another matter. */
async function storedReceipt(
  key: TransferKey,
  manifestSha256: Buffer,
  options: CompleteOptions,
): Promise<Result<Buffer, ExporterFault>> {
  const stored = await readFile(options.layout.receipt(key.id));
  // Not verified: it may have been signed with the key of a certificate that has been replaced since.
  const envelope = decodeSignedEnvelope(stored);
  const receipt = envelope.ok ? decodeReceipt(envelope.value.body) : envelope;
  if (!receipt.ok) return fail(exporterFault('STORE_UNWRITABLE', receipt.fault.code));
  const isSame = manifestSha256.equals(receipt.value.manifestSha256);
  return isSame ? ok(stored) : fail(exporterFault('TRANSFER_OTHER_PARCEL'));
}

const MISSING: readonly ExporterFaultCode[] = ['MANIFEST_MISSING', 'PARCEL_FILE_MISSING'];
