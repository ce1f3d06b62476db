import { z } from 'zod';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type ExporterFault, exporterFault } from './exporter-fault.ts';
import { type FileName, isDataFileName, type TransferId } from './names.ts';

/** What exporter and receiver need of a manifest; the rest of it is between the cloud and the recipient. */
export interface Manifest {
  readonly transferId: string;
  readonly files: readonly ManifestFile[];
}

export interface ManifestFile {
  readonly name: FileName;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** How large a parcel may be. Bytes count the manifest too. */
export interface ParcelLimits {
  readonly filesMax: number;
  readonly parcelBytesMax: number;
}

export const MANIFEST_BYTES_MAX = 1_048_576;

/**
 * Parses a manifest. It must be RFC 8785 canonical JSON, so that two readers of the same hash read the same thing.
 *
 * Names that differ only in case are a fault: on some file systems they are one file.
 */
export function parseManifest(
  bytes: Uint8Array,
  id: TransferId,
  limits: ParcelLimits,
): Result<Manifest, ExporterFault> {
  const json = parseCanonical(bytes);
  if (json === undefined) return fail(exporterFault('MANIFEST_MALFORMED', 'not canonical JSON'));
  const parsed = ManifestSchema.safeParse(json.value);
  if (!parsed.success) return fail(exporterFault('MANIFEST_MALFORMED', parsed.error.issues[0]?.path.join('.') ?? ''));
  const { transferId, files } = parsed.data;
  if (transferId !== id) return fail(exporterFault('MANIFEST_MALFORMED', 'transferId'));
  if (files.length > limits.filesMax) return fail(exporterFault('PARCEL_TOO_MANY_FILES', String(files.length)));
  const total = files.reduce((sum, file) => sum + file.bytes, bytes.length);
  if (total > limits.parcelBytesMax) return fail(exporterFault('PARCEL_TOO_LARGE', `${total} bytes`));
  const named: ManifestFile[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    const { name } = file;
    if (!isDataFileName(name)) return fail(exporterFault('PARCEL_FILE_NAME'));
    if (seen.has(name.toLowerCase())) return fail(exporterFault('MANIFEST_MALFORMED', 'a name twice'));
    seen.add(name.toLowerCase());
    named.push({ name, bytes: file.bytes, sha256: file.sha256 });
  }
  return ok({ transferId, files: named });
}

function parseCanonical(bytes: Uint8Array): { readonly value: unknown } | undefined {
  if (bytes.length > MANIFEST_BYTES_MAX) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return canonicalJson(value) === text ? { value } : undefined;
  } catch {
    return undefined;
  }
}

const ManifestSchema = z.looseObject({
  transferId: z.string(),
  files: z
    .array(z.strictObject({ name: z.string(), bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .min(1),
});
