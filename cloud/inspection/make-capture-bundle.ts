import type { Fault } from '../../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { bundleDirectory } from '../adapters/bundle-directory.ts';
import { ZIP_BYTES_MAX } from '../adapters/zip-bundle.ts';
import { parseCidr } from '../capture/address.ts';
import { bundledCaptures } from '../composition/open-captures.ts';
import { refuseLeaks } from '../datasets/leaks.ts';
import type { MadeBundle } from '../ports/bundle-shelf.ts';
import type { NoteProgress } from '../ports/progress.ts';
import { copyCaptures } from './copy-captures.ts';
import { notMade, packBundle } from './pack-bundle.ts';

/** Sealed captures of a time and an address, as a thread is asked for them. */
export interface CaptureBundleJob {
  readonly wish: { readonly from: Instant; readonly to: Instant; readonly cidr?: string };
  /** Sealed captures of the exporter. */
  readonly captures: string;
  /** A `.zip` that is not there yet. */
  readonly out: string;
}

const STEPS = { captures: [0, 0.8] } as const;

/**
 * Packs the segments of the connections that were asked for, sealed as they lie there, with the list that names them and a file of
 * checksums. Faults: the captures', BUNDLE_NOT_MADE.
 */
export async function makeCaptureBundle(job: CaptureBundleJob, note: NoteProgress): Promise<Result<MadeBundle, Fault>> {
  return packBundle(job.out, { steps: STEPS, note }, (parts, noteStep) => gather(job, parts, noteStep));
}

function gather(
  { wish: { from, to, cidr }, captures }: CaptureBundleJob,
  parts: string,
  note: NoteProgress,
): Result<{ readonly files: number; readonly captures: number }, Fault> {
  const peers = cidr === undefined ? undefined : parseCidr(cidr);
  assert(peers?.ok !== false, 'a range is parsed where it is asked for');
  const time = { from, until: (to + 1) as Instant };
  const found = bundledCaptures(captures, { ...time, ...(peers && { peers: peers.value }) });
  if (!found.ok) return found;
  if (found.value.connections === 0) return fail(notMade('no captured connection fits'));
  if (found.value.bytes > ZIP_BYTES_MAX) return fail(notMade(`the segments have ${found.value.bytes} bytes`));
  const sink = bundleDirectory(parts, refuseLeaks);
  const copied = copyCaptures(found.value, sink, (share) => note({ step: 'captures', share }));
  if (!copied.ok) return copied;
  const sums = sink.open('SHA256SUMS');
  for (const { name, sha256 } of copied.value) sums.line(`${sha256}  ${name}`);
  sums.close();
  return ok({ files: copied.value.length + 1, captures: found.value.connections });
}
