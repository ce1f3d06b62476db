import { createPublicKey } from 'node:crypto';
import type { Fault } from '../../proto/words/fault.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { bundleDirectory } from '../adapters/bundle-directory.ts';
import { bundledCaptures } from '../composition/open-captures.ts';
import { refuseLeaks } from '../datasets/leaks.ts';
import type { MadeBundle } from '../ports/bundle-shelf.ts';
import type { NoteProgress } from '../ports/progress.ts';
import type { ReportPeriod } from '../report/report-facts.ts';
import { gatherInspection, type InspectionSummary } from './gather-inspection.ts';
import { keptRules } from './kept-rules.ts';
import { packBundle } from './pack-bundle.ts';

/** A log as a thread is told of it. */
export interface ToldLog {
  readonly name: string;
  readonly directory: string;
  readonly origin: string;
  /** PEM. */
  readonly publicKey: string;
}

/** One bundle for an inspector, as a thread is asked for it. */
export interface InspectionJob {
  readonly processor: { readonly id: string; readonly name: string };
  readonly period: ReportPeriod;
  readonly madeAt: Instant;
  readonly logs: readonly ToldLog[];
  /** Directory that the logs lie in, with the files of rules kept beside them. */
  readonly logDirectory: string;
  /** Sealed captures of the exporter, where they can be read. */
  readonly captures: string | undefined;
  /** A `.zip` that is not there yet. */
  readonly out: string;
}

/** Captures are copied. */
const STEPS = { logs: [0, 0.6], captures: [0.6, 0.2] } as const;

/** Gathers a bundle and packs it. Faults: the log's, the captures', BUNDLE_NOT_MADE. */
export async function makeInspection(job: InspectionJob, note: NoteProgress): Promise<Result<MadeBundle, Fault>> {
  const made = await packBundle(job.out, { steps: STEPS, note }, (parts, noteStep) => gather(job, parts, noteStep));
  if (!made.ok) return made;
  const { files, captures, bytes, sha256 } = made.value;
  return ok({ files, captures, bytes, sha256 });
}

function gather(
  { processor, period, madeAt, logs, logDirectory, captures }: InspectionJob,
  parts: string,
  note: NoteProgress,
): Result<InspectionSummary, Fault> {
  const sources = {
    ...{ processor, period, madeAt, note, look: refuseLeaks, rules: keptRules(logDirectory) },
    logs: logs.map(openedLog),
    captures: (from: Instant, until: Instant) =>
      captures === undefined ? ok({ connections: 0, bytes: 0, files: [] }) : bundledCaptures(captures, { from, until }),
  };
  return gatherInspection(sources, bundleDirectory(parts, refuseLeaks));
}

/** The log with its key read. */
export const openedLog = (log: ToldLog) => ({ ...log, publicKey: createPublicKey(log.publicKey) });
