import { createPublicKey } from 'node:crypto';
import { rmSync } from 'node:fs';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { bundleDirectory } from '../adapters/bundle-directory.ts';
import { zipBundle } from '../adapters/zip-bundle.ts';
import { bundledCaptures } from '../composition/open-captures.ts';
import { refuseLeaks } from '../datasets/leaks.ts';
import type { NoteProgress } from '../ports/progress.ts';
import type { ReportPeriod } from '../report/report-facts.ts';
import { gatherInspection, type InspectionSummary } from './gather-inspection.ts';
import { keptRules } from './kept-rules.ts';

/** One bundle, as a thread is asked for it. */
export interface InspectionJob {
  readonly processor: { readonly id: string; readonly name: string };
  readonly period: ReportPeriod;
  readonly madeAt: Instant;
  readonly logs: readonly {
    readonly name: string;
    readonly directory: string;
    readonly origin: string;
    /** PEM. */
    readonly publicKey: string;
  }[];
  /** Directory that the logs lie in, with the files of rules kept beside them. */
  readonly logDirectory: string;
  /** Sealed captures of the exporter, where they can be read. */
  readonly captures: string | undefined;
  /** A `.zip` that is not there yet. */
  readonly out: string;
}

export interface MadeInspection extends Pick<InspectionSummary, 'files' | 'captures'> {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Where each step begins and how much of the whole it takes; captures and packing are copying. */
const STEPS: Readonly<Record<string, readonly [begin: number, span: number]>> = {
  logs: [0, 0.6],
  captures: [0.6, 0.2],
  packing: [0.8, 0.2],
};

/**
 * Gathers a bundle and packs it; of one that cannot be made nothing is left.
 *
 * @param note - told of the share of the whole
 * Faults: the log's, the captures', INSPECTION_NOT_MADE
 */
export async function makeInspection(job: InspectionJob, note: NoteProgress): Promise<Result<MadeInspection, Fault>> {
  const parts = `${job.out}.parts`;
  const noteStep: NoteProgress = ({ step, share }) => {
    const [begin, span] = STEPS[step] ?? [0, 0];
    note({ step, share: begin + span * share });
  };
  try {
    const gathered = gather(job, parts, noteStep);
    if (!gathered.ok) return gathered;
    const packed = await zipBundle(parts, job.out, (share) => noteStep({ step: 'packing', share }));
    const { files, captures } = gathered.value;
    return ok({ files, captures, ...packed });
  } catch (cause) {
    rmSync(job.out, { force: true });
    return fail(notMade(causeText(cause)));
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}

function gather(
  { processor, period, madeAt, logs, logDirectory, captures }: InspectionJob,
  parts: string,
  note: NoteProgress,
): Result<InspectionSummary, Fault> {
  const sources = {
    ...{ processor, period, madeAt, note, look: refuseLeaks, rules: keptRules(logDirectory) },
    logs: logs.map((log) => ({ ...log, publicKey: createPublicKey(log.publicKey) })),
    captures: (from: Instant, until: Instant) =>
      captures === undefined ? ok({ connections: 0, files: [] }) : bundledCaptures(captures, from, until),
  };
  return gatherInspection(sources, bundleDirectory(parts, refuseLeaks));
}

/** @param cause - names what is wrong, and nothing of what was read */
export function notMade(cause: string): Fault<'INSPECTION_NOT_MADE'> {
  return {
    code: 'INSPECTION_NOT_MADE',
    problem: bilingual(`the bundle cannot be made: ${cause}`, `无法生成检查包：${cause}`),
    remedy: bilingual(
      'see docs/inspection.md; a shorter time makes a smaller bundle',
      '请参阅 docs/inspection.md；缩短时段可减小材料体积',
    ),
    retry: 'after-remedy',
  };
}
