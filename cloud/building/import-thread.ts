import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { runInThread } from '../job-thread.ts';
import type { FileRecord } from '../ports/file-store.ts';
import type { NoteProgress } from '../ports/progress.ts';
import type { SentFiles } from './sent-files.ts';

export interface FileImportJob {
  readonly sent: SentFiles;
  readonly request: Pick<FileRecord, 'id' | 'title' | 'kind' | 'purposes' | 'entry' | 'importedAt'>;
  readonly storesDirectory: string;
}

/** Imports files that were sent; one that is aborted before it is kept leaves nothing. */
export type ImportSent = (
  job: FileImportJob,
  note: NoteProgress,
  signal: AbortSignal,
) => Promise<Result<FileRecord, Fault>>;

/** What was sent, what it comes to, and the archive that is made of it. */
const MEMORY_MB = 1_024;

const PROGRAM = new URL(`./import-worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

/** Imports in a thread of its own each. @param program - of the thread; the compiled one in tests */
export function importThread(program: URL = PROGRAM): ImportSent {
  return (job, note, signal) =>
    runInThread<FileRecord>({ program, memoryMb: MEMORY_MB, broke: notImported }, job, note, signal);
}

function notImported(cause: string): Fault<'FILE_IMPORT_BROKE'> {
  return {
    code: 'FILE_IMPORT_BROKE',
    problem: bilingual(`the import ended without a result: ${cause}`, `导入未产生结果：${cause}`),
    remedy: bilingual(
      'see whether the dataset is listed; if not, send fewer files at once',
      '请查看数据集是否已列出；如未列出，请减少一次发送的文件',
    ),
    retry: 'after-remedy',
  };
}
