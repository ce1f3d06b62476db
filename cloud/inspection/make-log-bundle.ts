import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { DAY_MS, type Instant, startOfDay } from '../../proto/words/time.ts';
import { ZIP_BYTES_MAX } from '../adapters/zip-bundle.ts';
import { type ReadLog, readLog } from '../log/read-log.ts';
import { writeBundle } from '../log/write-bundle.ts';
import type { MadeBundle } from '../ports/bundle-shelf.ts';
import type { NoteProgress } from '../ports/progress.ts';
import type { ReportPeriod } from '../report/report-facts.ts';
import { openedLog, type ToldLog } from './make-inspection.ts';
import { packBundle } from './pack-bundle.ts';

/** One bundle of logs, as a thread is asked for it. */
export interface LogBundleJob {
  readonly period: ReportPeriod;
  readonly logs: readonly ToldLog[];
  /** A `.zip` that is not there yet. */
  readonly out: string;
}

const STEPS = { logs: [0, 0.8] } as const;

/** Packs what `tongguan log bundle` writes. Faults: the log's, BUNDLE_NOT_MADE. */
export async function makeLogBundle(job: LogBundleJob, note: NoteProgress): Promise<Result<MadeBundle, Fault>> {
  return packBundle(job.out, { steps: STEPS, note }, (parts, noteStep) => gather(job, parts, noteStep));
}

function gather({ period, logs }: LogBundleJob, parts: string, note: NoteProgress): Result<{ files: number }, Fault> {
  const opened: (ReturnType<typeof openedLog> & { readonly log: ReadLog })[] = [];
  try {
    for (const place of logs.map(openedLog)) {
      const log = readLog(place);
      if (!log.ok) return fail(log.fault);
      opened.push({ ...place, log: log.value });
    }
    const bundled = writeBundle({
      ...{ out: parts, logs: opened, bytesMax: ZIP_BYTES_MAX },
      ...{ from: startOfDay(period.from), to: (startOfDay(period.until) + DAY_MS) as Instant },
      noted: (share) => note({ step: 'logs', share }),
    });
    return bundled.ok ? ok({ files: bundled.value.files }) : bundled;
  } finally {
    for (const { log } of opened) log.close();
  }
}
