import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { Job } from './job-desk.ts';

/** A draft as it is asked for; days are of Asia/Shanghai, both included. */
export interface DraftWish {
  readonly kind: 'assessment' | 'contract' | 'annual';
  readonly from: CivilDate;
  readonly until: CivilDate;
  readonly language: 'zh' | 'en' | 'both';
}

/** Forms that a draft is written in: Markdown and Word. */
export const DRAFT_FORMS = ['md', 'docx'] as const;
export type DraftForm = (typeof DRAFT_FORMS)[number];

/** Where drafts of reports are asked for. A draft is its account's, and kept as long as its job. */
export interface ReportDrafts {
  /** Faults: JOB_BUSY, REPORT_UNLOGGED. */
  readonly begin: (wish: DraftWish, by: string) => Result<Job, Fault>;
  /** The document, as the command writes it. Faults: JOB_UNKNOWN, REPORT_NOT_READY. */
  readonly take: (
    job: string,
    form: DraftForm,
    by: string,
  ) => Result<{ readonly name: string; readonly type: string; readonly content: Uint8Array }, Fault>;
}
