import { z } from 'zod';
import { ok } from '../../proto/words/result.ts';
import type { JobDesk, JobWork } from '../ports/job-desk.ts';
import type { Progress } from '../ports/progress.ts';
import { importInTurns } from '../registers/import-in-turns.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import type { RegisterBooks } from '../registers/record-change.ts';
import type { Import } from '../registers/record-import.ts';
import { jobAnswer, jobRoutes } from './job-routes.ts';
import { By, badRequest, OfKind } from './register-routes.ts';
import { type ApiRoute, apiRoute } from './route.ts';

/** As long as a file of entries may be, and its wrapping. */
const IMPORT_BYTES_MAX = 33_554_432;
const Rows = z.strictObject({ act: z.enum(['add', 'replace']), bodies: z.array(z.unknown()).min(1) });

/** `POST /registers/KIND/import` and `/register-imports[/JOB]`: many entries of one register, all of them or none. */
export function registerImportRoutes(books: RegisterBooks, jobs: JobDesk): readonly ApiRoute[] {
  const work = (wish: Import, who: string): JobWork => {
    return async ({ track, signal }) => {
      let noted: Progress = { step: 'weighing', share: 0 };
      track(() => noted);
      const note = (progress: Progress): void => {
        noted = progress;
      };
      const taken = await importInTurns(wish, who, books, { pause, note, signal });
      return taken.ok ? ok({ entries: taken.value.map(told) }) : taken;
    };
  };
  const imported = apiRoute({
    ...{
      method: 'POST',
      path: '/registers/:kind/import',
      summary: 'enter many entries of one register, all or none; what takes its time is told as `under-way`',
    },
    ...{
      params: OfKind,
      body: Rows,
      by: { key: 'by', in: 'body', form: By },
      bytesMax: IMPORT_BYTES_MAX,
      invalid: badRequest,
    },
    answer: async ({ params, body, by: who, isProved }) =>
      jobAnswer(await jobs.ask({ kind: 'register-import', by: who }, work({ ...body, ...params, isProved }, who))),
  });
  return [
    imported,
    ...jobRoutes(jobs, { kind: 'register-import', path: '/register-imports', what: 'an import into a register' }),
  ];
}

/** What was taken; a change of some keys counts only once a second person has confirmed it. */
const told = ({ kind, id, version, pending }: RegisterEntry) => ({
  ...{ kind, id, version },
  ...(pending === undefined ? {} : { waits: pending.keys }),
});

/** Vehicles are heard, and people answered, between two turns of an import. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
