import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { MadeBundle } from '../ports/bundle-shelf.ts';
import type { NoteProgress } from '../ports/progress.ts';
import { type CaptureBundleJob, makeCaptureBundle } from './make-capture-bundle.ts';
import { type InspectionJob, makeInspection } from './make-inspection.ts';
import { type LogBundleJob, makeLogBundle } from './make-log-bundle.ts';

/** One bundle of some kind, as a thread is asked for it. */
export type BundleTask =
  | { readonly kind: 'inspection'; readonly job: InspectionJob }
  | { readonly kind: 'logs'; readonly job: LogBundleJob }
  | { readonly kind: 'captures'; readonly job: CaptureBundleJob };

/** Makes it here; of one that cannot be made nothing is left. */
export function makeBundle(task: BundleTask, note: NoteProgress): Promise<Result<MadeBundle, Fault>> {
  switch (task.kind) {
    case 'inspection':
      return makeInspection(task.job, note);
    case 'logs':
      return makeLogBundle(task.job, note);
    case 'captures':
      return makeCaptureBundle(task.job, note);
  }
}
