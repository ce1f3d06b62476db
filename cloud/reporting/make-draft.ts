import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { type Bilingual, bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { civilDateOf, type Instant } from '../../proto/words/time.ts';
import { docxOf } from '../adapters/docx-report.ts';
import type { CloudConfig } from '../config/config.ts';
import { gatherReport } from '../gather-report.ts';
import type { NoteProgress } from '../ports/progress.ts';
import type { DraftForm, DraftWish } from '../ports/report-drafts.ts';
import { markdownOf } from '../report/markdown.ts';
import { reportDocument } from '../report/report-document.ts';
import type { ReportDocument, ReportFacts } from '../report/report-facts.ts';

/** One draft, as a thread is asked for it. */
export interface DraftJob {
  readonly wish: DraftWish;
  readonly madeAt: Instant;
  readonly config: CloudConfig;
  /** That paths of the configuration begin at. */
  readonly directory: string;
}

/** What is told of a draft that is made. */
export interface Draft extends DraftWish {
  readonly madeOn: string;
  readonly transfers: number;
  /** Facts that no register holds. */
  readonly missing: number;
  /** Head of the operations log that it rests on. */
  readonly log: ReportFacts['log'];
  readonly document: ReportDocument;
  readonly files: readonly {
    readonly form: DraftForm;
    readonly bytes: number;
    /** Hexadecimal. */
    readonly sha256: string;
  }[];
}

export interface MadeDraft {
  readonly draft: Draft;
  readonly contents: Readonly<Record<DraftForm, Uint8Array>>;
}

/** Both documents together, held in memory for an hour; a year of a large fleet takes some tens of kilobytes, as rows are summed. */
export const DRAFT_BYTES_MAX = 4_194_304;

/** Gathers and writes one draft. Faults: the log's, the catalogue's, the database's, REPORT_NOT_MADE. */
export async function makeDraft(
  { wish, madeAt, config, directory }: DraftJob,
  note: NoteProgress,
): Promise<Result<MadeDraft, Fault>> {
  const { kind, from, until, language } = wish;
  const loaded = { config, path: (relative: string) => resolve(directory, relative) };
  try {
    const clock = { now: () => madeAt };
    const facts = gatherReport(loaded, kind, { from, until }, civilDateOf(madeAt), clock, note);
    if (!facts.ok) return facts;
    note({ step: 'writing', share: 0 });
    const document = reportDocument(facts.value);
    const contents = { md: Buffer.from(markdownOf(document, language)), docx: await docxOf(document, language) };
    const files = (['md', 'docx'] as const).map((form) => {
      const sha256 = createHash('sha256').update(contents[form]).digest('hex');
      return { form, bytes: contents[form].length, sha256 };
    });
    if (files.reduce((sum, { bytes }) => sum + bytes, 0) > DRAFT_BYTES_MAX) return fail(notMade(TOO_LARGE));
    const { madeOn, transfers, log } = facts.value;
    const missing = document.blocks.filter(({ block }) => block === 'missing').length;
    const told = { ...wish, madeOn, transfers: transfers.length, missing, log, document, files };
    return ok({ draft: told, contents });
  } catch (cause) {
    return fail(draftBroke(causeText(cause)));
  }
}

const TOO_LARGE = bilingual(
  `a draft has at most ${DRAFT_BYTES_MAX} bytes, and this one more`,
  `报告草稿不得超过 ${DRAFT_BYTES_MAX} 字节`,
);

/** @param cause - names what is wrong, and nothing of what was read */
export const draftBroke = (cause: string): Fault<'REPORT_NOT_MADE'> =>
  notMade(bilingual(`it cannot be made: ${cause}`, `无法生成：${cause}`));

const notMade = (problem: Bilingual): Fault<'REPORT_NOT_MADE'> => ({
  code: 'REPORT_NOT_MADE',
  problem,
  remedy: bilingual(
    'see docs/reports.md; the log and the register of transfers have to be there, and a shorter period makes a smaller draft',
    '请参阅 docs/reports.md；须存在日志与出境登记簿，缩短期间可减小草稿',
  ),
  retry: 'after-remedy',
});
