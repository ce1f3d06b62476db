import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type CaptureFault, captureFault } from '../capture/capture-fault.ts';
import type { BundledCaptures, BundledFile, BundleSink } from '../ports/bundle.ts';

/** Copies segments as they lie there, and the list; one that is not as the list has it gives no bundle. Faults: CAPTURE_CHANGED. */
export function copyCaptures(
  captures: Pick<BundledCaptures, 'files'>,
  sink: Pick<BundleSink, 'copy'>,
  noted: (share: number) => void,
): Result<readonly BundledFile[], CaptureFault> {
  const copied: BundledFile[] = [];
  for (const [at, { name, path, sha256 }] of captures.files.entries()) {
    noted(at / captures.files.length);
    const file = sink.copy(`captures/${name}`, path);
    if (sha256 !== undefined && file.sha256 !== sha256) return fail(captureFault('CAPTURE_CHANGED', name));
    copied.push(file);
  }
  return ok(copied);
}
