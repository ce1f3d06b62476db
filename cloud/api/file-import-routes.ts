import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { FileImports } from '../ports/file-import.ts';
import type { JobDesk } from '../ports/job-desk.ts';
import { jobAnswer, jobRoutes } from './job-routes.ts';
import { type ApiRoute, apiRoute, refused } from './route.ts';

/** One body, held in memory while it is looked through; what is larger is imported by the command. */
const FILES_BYTES_MAX = 67_108_864;
const PURPOSES_MAX = 16;

const Said = z.strictObject({
  kind: z.string().max(64).describe('ota-source, incident-evidence, vulnerability-report or document'),
  entry: z.string().min(1).max(128).describe('entry of `fileEntries`, or of the register, that covers them'),
  id: z.string().max(64).describe('what requests will name them by'),
  title: z
    .string()
    .regex(/^[^\p{Cc}\p{Cf}]{1,256}$/u)
    .optional(),
  purpose: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,128}(?:,[A-Za-z0-9._-]{1,128})*$/)
    .refine((text) => text.split(',').length <= PURPOSES_MAX)
    .describe('what they may be asked for, with commas between'),
  name: z
    .string()
    .regex(/^[^/\\\p{Cc}\p{Cf}]{1,128}$/u)
    .describe('of the file'),
  takeApart: z.enum(['true', 'false']).default('false').describe('an archive is imported as the directory it holds'),
});

/** `POST /datasets/import` and `/dataset-imports[/JOB]`: files for an exemption, looked through and hashed before they are kept. */
export function fileImportRoutes(imports: FileImports, jobs: JobDesk): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'POST', path: '/datasets/import', query: Said, body: z.instanceof(Uint8Array) },
      summary:
        'import a file, or the files of an archive, for an exemption; what takes its time is told as `under-way`',
      ...{ bytesMax: FILES_BYTES_MAX, takesFile: true, invalid: importInvalid },
      answer: async ({ query: { purpose, takeApart, title, ...said }, body: bytes, by }) => {
        const takesApart = takeApart === 'true';
        const sent = { ...said, title: title ?? said.id, purposes: purpose.split(','), takesApart, bytes };
        const work = imports.workOf(sent, by);
        if (!work.ok) return refused(409, work.fault);
        return jobAnswer(await jobs.ask({ kind: 'file-import', by }, work.value));
      },
    }),
    ...jobRoutes(jobs, { kind: 'file-import', path: '/dataset-imports', what: 'an import of files' }),
  ];
}

function importInvalid(key: string): Fault<'REQUEST_INVALID'> {
  return {
    code: 'REQUEST_INVALID',
    problem: bilingual(`the import is not valid at \`${key}\``, `导入请求在 \`${key}\` 处无效`),
    remedy: bilingual(
      'say kind, entry, id, purpose and the name of the file, and send its bytes',
      '请注明类型、条目、编号、目的与文件名，并发送文件内容',
    ),
    retry: 'after-remedy',
  };
}
