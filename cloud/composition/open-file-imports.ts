import { createHash } from 'node:crypto';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { fail, ok } from '../../proto/words/result.ts';
import { type Clock, toIso } from '../../proto/words/time.ts';
import { type ImportSent, importThread } from '../building/import-thread.ts';
import type { CloudConfig } from '../config/config.ts';
import { importRequestOf } from '../import-request.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { FileImports } from '../ports/file-import.ts';
import type { JobWork } from '../ports/job-desk.ts';
import type { Progress } from '../ports/progress.ts';
import type { CloudStores } from './open-stores.ts';

export interface FileImportInputs {
  readonly operations: AppendOnly;
  readonly registers: Pick<CloudStores['registers'], 'find'>;
  readonly clock: Clock;
}

/** Imports of files that are sent to this cloud: in the log first, then looked through in a thread. @param run - in a thread; tests run it here */
export function openFileImports(
  { config, path }: LoadedConfig<CloudConfig>,
  { operations, registers, clock }: FileImportInputs,
  run: ImportSent = importThread(),
): FileImports {
  return {
    workOf: ({ bytes, name, takesApart, ...said }, by) => {
      const request = importRequestOf({ ...said, importedAt: toIso(clock.now()) }, config, registers.find);
      if (!request.ok) return request;
      const { id, kind, entry } = request.value;
      const of = { id, kind, entry: entry.id, bytes: bytes.length, sha256: sha256(bytes) };
      const logged = (step: 'files-import' | 'files-imported', document: object) =>
        operations.append([{ kind: step, transferId: '', actor: by, document: { ...of, ...document } }]);
      const work: JobWork = async ({ track, signal }) => {
        const begun = logged('files-import', {});
        if (!begun.ok) return fail([begun.fault]);
        let noted: Progress = { step: 'looking', share: 0 };
        track(() => noted);
        const job = { sent: { name, bytes, takesApart }, request: request.value };
        const note = (progress: Progress): void => {
          noted = progress;
        };
        const imported = await run({ ...job, storesDirectory: path(config.stores.directory) }, note, signal);
        const outcome = imported.ok ? 'imported' : imported.fault.code;
        const treeSha256 = imported.ok ? imported.value.treeSha256 : '';
        const ended = logged('files-imported', { outcome, treeSha256 });
        if (!imported.ok) return fail([imported.fault]);
        if (!ended.ok) return fail([ended.fault]);
        const { files, content } = imported.value;
        return ok({ id, kind, entry: entry.id, treeSha256, files: files.length, bytes: content.bytes });
      };
      return ok(work);
    },
  };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
