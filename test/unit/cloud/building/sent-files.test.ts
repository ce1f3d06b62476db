import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { assert, describe, expect, test } from 'vitest';
import { tarOf } from '../../../../cloud/adapters/open-archive.ts';
import { importFiles } from '../../../../cloud/building/import-files.ts';
import { importThread } from '../../../../cloud/building/import-thread.ts';
import { filesOf } from '../../../../cloud/building/sent-files.ts';
import type { Objection } from '../../../../cloud/datasets/inspect-files.ts';
import type { Progress } from '../../../../cloud/ports/progress.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { compiledProgram } from '../../../support/compiled.ts';

const FILES = [
  { path: 'src/brake.c', content: Buffer.from('int brake(void) { return 1; }\n') },
  { path: 'README.md', content: Buffer.from('# brake\n') },
];
const request = {
  ...{ id: 'brake-source', title: 'Source', kind: 'ota-source' as const, purposes: ['recall'] },
  ...{ entry: { id: 'source-filing/S-1', authority: 'SAMR' }, importedAt: '2026-03-01T00:00:00.000Z' },
};
const sent = (name: string, bytes: Uint8Array, takesApart = true) => ({ name, bytes, takesApart });

async function taken(name: string, bytes: Uint8Array) {
  const objections: Objection[] = [];
  const found = await filesOf(sent(name, bytes), objections);
  return objections.length > 0 ? objections.map(({ because }) => because) : found.map(({ path }) => path);
}

describe('files that were sent', () => {
  test('an archive that is taken apart is imported as the directory it holds, packed or not', async () => {
    const tar = await tarOf(FILES);
    const dotted = await tarOf(FILES.map(({ path, content }) => ({ path: `./${path}`, content })));
    const hashes: string[] = [];
    for (const [name, bytes] of [
      ['a.tar', tar],
      ['a.tar.gz', gzipSync(tar)],
      ['a.tar', dotted],
    ] as const) {
      const imported = await importFiles(sent(name, bytes), request, scratchDirectory());
      assert(imported.ok, JSON.stringify(imported));
      expect(imported.value.files.map(({ path }) => path)).toEqual(['README.md', 'src/brake.c']);
      hashes.push(imported.value.treeSha256);
    }
    expect(new Set(hashes).size).toBe(1);
  });

  test('one that is not taken apart is one file of its name', async () => {
    const imported = await importFiles(sent('notes.txt', Buffer.from('# notes\n'), false), request, scratchDirectory());
    expect(imported).toMatchObject({ ok: true, value: { files: [{ path: 'notes.txt' }] } });
  });

  test('what leads out of the tree, is there twice, or is no archive at all is refused', async () => {
    const out = await importFiles(
      sent('a.tar', await tarOf([{ path: '../out.c', content: Buffer.from('int a;') }])),
      request,
      scratchDirectory(),
    );
    expect(out).toMatchObject({ ok: false, fault: { code: 'FILE_PARCEL_REFUSED' } });
    const [first] = FILES;
    assert(first !== undefined);
    expect(await taken('a.tar', await tarOf([first, first]))).toEqual(['path-twice']);
    expect(await taken('a.zip', Buffer.from('no archive'))).toEqual(['archive-unreadable']);
    expect(await taken('a.tar.gz', Buffer.from('no archive'))).toEqual(['archive-unreadable']);
    expect(await taken('a.rar', await tarOf(FILES))).toEqual(['archive-unreadable']);
    expect(await taken('a.tar', Buffer.alloc(0))).toEqual([]);
  });

  test('a thread imports them and says how far it is; one that is aborted leaves nothing', async () => {
    const run = importThread(pathToFileURL(compiledProgram('cloud/building/import-worker.ts')));
    const [tar, stores] = [await tarOf(FILES), scratchDirectory()];
    const noted: Progress[] = [];
    const job = { sent: sent('a.tar', tar), request, storesDirectory: stores };
    const going = new AbortController().signal;
    expect(await run(job, (progress) => void noted.push(progress), going)).toMatchObject({ ok: true });
    expect(noted.map(({ step }) => step)).toEqual(['looking', 'looking', 'keeping']);
    expect(await run(job, () => undefined, going)).toMatchObject({ ok: false, fault: { code: 'FILE_PARCEL_EXISTS' } });
    const ended = new AbortController();
    const other = run({ ...job, request: { ...request, id: 'other' } }, () => undefined, ended.signal);
    ended.abort();
    expect(await other).toMatchObject({ ok: false, fault: { code: 'FILE_IMPORT_BROKE' } });
  });
});
