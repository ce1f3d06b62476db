import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import type { CloudConfig } from '../config/config.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { JobDesk, JobWork } from '../ports/job-desk.ts';
import type { Progress } from '../ports/progress.ts';
import type { DraftForm, DraftWish, ReportDrafts } from '../ports/report-drafts.ts';
import { draftThread, type MakeDraft } from './draft-thread.ts';
import type { Draft, MadeDraft } from './make-draft.ts';

export interface DraftInputs {
  readonly jobs: JobDesk;
  readonly operations: AppendOnly;
  readonly clock: Clock;
}

/**
 * Drafts of reports behind the desk of jobs. That one is asked for is in the operations log before anything is read, and what came of
 * it before it is given.
 *
 * @param make - in a thread; tests make them here
 */
export function openReportDrafts(
  { config, path }: LoadedConfig<CloudConfig>,
  { jobs, operations, clock }: DraftInputs,
  make: MakeDraft = draftThread(),
): ReportDrafts {
  // The documents of a draft go when the desk forgets it.
  const made = new WeakMap<object, MadeDraft>();
  const entered = (kind: 'read' | 'read-ended', actor: string, detail: object): Result<void, Fault> => {
    const document = { reading: 'reports', command: 'report', reason: '', account: actor, detail };
    return operations.append([{ kind, transferId: '', actor, document }]).ok ? ok(undefined) : fail(unlogged());
  };
  const workOf = (wish: DraftWish, by: string): JobWork => {
    const { kind, from, until } = wish;
    return async ({ track, signal }) => {
      let noted: Progress = { step: 'logs', share: 0 };
      track(() => noted);
      const note = (progress: Progress): void => {
        noted = progress;
      };
      const job = { wish, madeAt: clock.now(), config, directory: path('.') };
      const came = await make(job, note, signal);
      const outcome = came.ok ? { files: came.value.draft.files } : { fault: came.fault.code };
      const ended = entered('read-ended', by, { kind, from, until, ...outcome });
      if (!came.ok) return fail([came.fault]);
      if (!ended.ok) return fail([ended.fault]);
      made.set(came.value.draft, came.value);
      return ok(came.value.draft);
    };
  };
  return {
    begin: (wish, by) => {
      const { kind, from, until } = wish;
      return jobs.begin({ kind: 'report', by }, async (turn) => {
        const begun = entered('read', by, { kind, from, until });
        return begun.ok ? workOf(wish, by)(turn) : fail([begun.fault]);
      });
    },
    take: (id, form, by) => {
      const job = jobs.find('report', id, by);
      if (!job.ok) return job;
      const one = job.value.state === 'answered' ? made.get(job.value.outcome) : undefined;
      return one === undefined ? fail(notReady()) : ok(fileOf(one, form));
    },
  };
}

const TYPES: Readonly<Record<DraftForm, string>> = {
  md: 'text/markdown; charset=utf-8',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};

function fileOf({ draft, contents }: MadeDraft, form: DraftForm) {
  const { kind, from, until }: Draft = draft;
  return { name: `report-${kind}-${from}-${until}.${form}`, type: TYPES[form], content: contents[form] };
}

const unlogged = (): Fault<'REPORT_UNLOGGED'> => ({
  code: 'REPORT_UNLOGGED',
  problem: bilingual(
    'the reading cannot be entered in the operations log, so no draft is made',
    '读取无法记入操作日志，故不生成报告草稿',
  ),
  remedy: bilingual('restore the log', '请恢复日志'),
  retry: 'later',
});

const notReady = (): Fault<'REPORT_NOT_READY'> => ({
  code: 'REPORT_NOT_READY',
  problem: bilingual('the draft is not ready', '报告草稿尚未就绪'),
  remedy: bilingual('see how far it is; a failed one says why', '请查看进度；失败时会说明原因'),
  retry: 'later',
});
