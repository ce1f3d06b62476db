import { type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { isReceipt } from '../audit/is-receipt.ts';
import type { CloudConfig } from '../config/config.ts';
import type { TransferRegister } from '../ports/transfer-register.ts';
import type { SettleParts } from '../transfer/settle-transfers.ts';

/** Holds receipts against the manifest that was permitted, by the certificates that the recipient has and had. */
export function receiptsOf(
  { config, path }: Pick<LoadedConfig<CloudConfig>, 'config' | 'path'>,
  transfers: Pick<TransferRegister, 'find' | 'held'>,
): Required<Pick<SettleParts, 'isReceipt'>> {
  const keysOf = (recipientId: string): readonly KeyObject[] => {
    const recipient = config.recipients.find(({ id }) => id === recipientId);
    const files = recipient === undefined ? [] : [recipient.certificateFile, ...recipient.certificatesBefore];
    return files.map((file) => new X509Certificate(readFileSync(path(file))).publicKey);
  };
  return {
    isReceipt: (transferId, receipt) => {
      const recipientId = transfers.find(transferId)?.recipientId;
      const manifest = transfers.held(transferId)?.manifestSha256;
      if (recipientId === undefined || manifest === undefined) return false;
      try {
        const cleared = { transferId, recipientId, manifestSha256: Buffer.from(manifest, 'hex') };
        return isReceipt(receipt, cleared, keysOf(recipientId));
      } catch {
        // A certificate that cannot be read proves nothing.
        return false;
      }
    },
  };
}
