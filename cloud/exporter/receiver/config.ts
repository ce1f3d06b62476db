import { z } from 'zod';
import type { Result } from '../../../proto/words/result.ts';
import { type ConfigFault, Path, parseYaml, Sha256 } from '../config.ts';

/** `receiver.yaml`. Who may deliver has no default; limits have. */
export const ReceiverConfigSchema = z.strictObject({
  /** The id under which the sender's register knows this recipient; receipts carry it. */
  recipientId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected the recipient id of the register'),
  listen: z.strictObject({ host: z.string().min(1).max(255), port: z.int().min(0).max(65_535) }),
  /** Holds `staging/`, `parts/` and `received/`, on one file system. */
  dataDirectory: Path,
  tls: z.strictObject({
    /** The registered certificate and its EC P-256 key, PEM; the key signs receipts too. */
    certificateFile: Path,
    keyFile: Path,
    /** Who issues the certificates of exporters, PEM. */
    exporterAuthorityFile: Path,
  }),
  exporters: z
    .array(z.strictObject({ id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/), certificateSha256: Sha256 }))
    .min(1)
    .max(100),
  limits: z
    .strictObject({
      filesMax: z.int().min(1).max(1024).default(64),
      parcelBytesMax: z.int().min(1).max(17_179_869_184).default(4_294_967_296),
      /** Transfers that have begun to arrive and are not complete. */
      stagedTransfersMax: z.int().min(1).max(1000).default(100),
      connectionsMax: z.int().min(1).max(1000).default(64),
    })
    .prefault({}),
});

export type ReceiverConfig = z.infer<typeof ReceiverConfigSchema>;

export function parseReceiverConfig(path: string, yaml: string): Result<ReceiverConfig, readonly ConfigFault[]> {
  return parseYaml(path, yaml, ReceiverConfigSchema);
}
