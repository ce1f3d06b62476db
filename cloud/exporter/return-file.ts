import { join } from 'node:path';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { writeAtomically } from './atomic-file.ts';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from './exporter-fault.ts';
import type { History } from './ledger.ts';
import type { TransferId } from './names.ts';

/** States that the cloud is told of. `failed` is not the end: the file is replaced when the transfer comes to one. */
export type Outcome = 'delivered' | 'refused' | 'failed';

export function isOutcome(state: History['state']): state is Outcome {
  return state === 'delivered' || state === 'refused' || state === 'failed';
}

/**
 * Hands an outcome back: `returns/<transfer id>.json`, made of the entry in the traffic log that brought it about, so that it
 * can be written again at any time and comes out the same.
 *
 * @param document - of that entry: `attempts`, and `receipt` (base64 of the signed envelope) or `fault`
 */
export async function writeReturn(
  directory: string,
  id: TransferId,
  settled: {
    readonly outcome: Outcome;
    readonly leafIndex: number;
    readonly document: Readonly<Record<string, unknown>>;
  },
): Promise<Result<undefined, ExporterFault>> {
  const { outcome, leafIndex: trafficLeafIndex, document } = settled;
  const { receipt, fault, attempts } = document;
  const told = outcome === 'delivered' ? { receipt } : { fault };
  const text = canonicalJson({ transferId: id, outcome, ...told, attempts, trafficLeafIndex });
  try {
    await writeAtomically(join(directory, `${id}.json`), Buffer.from(text));
    return ok(undefined);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return fail(exporterFault('RETURN_UNWRITABLE', errorCode(cause)));
  }
}
