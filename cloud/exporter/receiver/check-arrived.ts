import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { type ExporterFault, exporterFault } from '../exporter-fault.ts';
import { fileExists } from '../file-exists.ts';
import type { ManifestFile } from '../manifest.ts';
import { readPieces, withPlainFile } from '../parcel-file.ts';
import type { Layout, TransferKey } from './layout.ts';

/** Whether a staged file is what the manifest names. It is read again only if it was not hashed as it arrived. */
export function checkArrived(
  key: TransferKey,
  layout: Layout,
  path: string,
  named: ManifestFile,
): Promise<Result<ManifestFile, ExporterFault>> {
  const { name, sha256 } = named;
  return withPlainFile(path, 'PARCEL_FILE_MISSING', async (handle, bytes) => {
    const isNamed =
      bytes === named.bytes &&
      ((await fileExists(layout.wholeMark({ key, name, sha256 }))) ||
        (await hashOf(readPieces(handle, bytes))) === sha256);
    return isNamed ? ok(named) : fail(exporterFault('PARCEL_FILE_HASH', name));
  });
}

/** SHA-256 in lower-case hex. */
export async function hashOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
