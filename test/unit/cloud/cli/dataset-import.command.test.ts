import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importFiles } from '../../../../cloud/building/import-files.ts';
import { datasetImportCommand } from '../../../../cloud/cli/dataset-import.command.ts';
import { importedFiles } from '../../../../cloud/composition/open-stores.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { installedCloud } from '../../../support/cloud/installed-cloud.ts';
import { BODIES, entryOf } from '../../../support/cloud/registers/entries.ts';

const NOW = Date.parse('2026-06-01T04:00:00Z') as Instant;
const RECEIPT = { number: 'R-1', at: '2026-05-30T08:00:00+08:00', authority: 'MIIT' };

/** An installation with an incident that was reported, and what a command is given. */
function installation(change: Readonly<Record<string, object>> = {}) {
  const cloud = installedCloud(NOW, change);
  const source = join(cloud.layout.root, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'report.txt'), 'what happened\n');
  const incident = entryOf('incident', {
    ...BODIES['incident'],
    id: 'I-1',
    reports: [{ to: 'miit', receipt: RECEIPT }],
  });
  const told: string[] = [];
  const args = {
    ...{ config: cloud.config, path: source, kind: 'incident-evidence', entry: 'I-1', id: 'evidence-1' },
    ...{ title: 'Evidence', purposes: ['incident'], json: true, language: 'en' as const },
  };
  const io = {
    ...{ environment: {}, clock: { now: () => NOW }, importFiles, note: () => undefined },
    out: (line: string) => void told.push(line),
    err: (line: string) => void told.push(line),
    access: cloud.access('datasets', { command: 'dataset import' }),
    findEntry: (_: unknown, register: string, id: string) =>
      register === 'incident' && id === 'I-1' ? incident : undefined,
  };
  const entries = () =>
    cloud.entries('operations').filter(({ kind }) => kind.startsWith('files-import') || kind.startsWith('read'));
  return { ...cloud, args, io, told, entries, imported: () => importedFiles(cloud.layout.cloud('stores')) };
}

test('an import is on record before and after, under the kinds that one over HTTP has', async () => {
  const { args, io, told, entries, imported } = installation();
  expect(await datasetImportCommand(args, io)).toBe(0);
  const { treeSha256, bytes } = JSON.parse(told[0] ?? '') as { treeSha256: string; bytes: number };
  const of = { id: 'evidence-1', kind: 'incident-evidence', entry: 'I-1', command: 'dataset import', account: 'tour' };
  expect(entries()).toMatchObject([
    { kind: 'files-import', actor: 'tour', document: { ...of, operation: { object: 'evidence-1', result: 'done' } } },
    {
      ...{ kind: 'files-imported', actor: 'tour' },
      document: { ...of, outcome: 'imported', treeSha256, bytes, operation: { result: 'imported' } },
    },
  ]);
  expect(imported()).toMatchObject([{ id: 'evidence-1' }]);
});

test('one that no entry covers, and one that is there already, end on record with why', async () => {
  const { args, io, entries, imported } = installation();
  expect(await datasetImportCommand({ ...args, entry: 'I-9' }, io)).toBe(2);
  expect(entries().at(-1)).toMatchObject({ kind: 'files-imported', document: { outcome: 'FILE_IMPORT_USAGE' } });
  expect(imported()).toEqual([]);
  expect(await datasetImportCommand(args, io)).toBe(0);
  expect(await datasetImportCommand(args, io)).toBe(1);
  expect(entries().at(-1)).toMatchObject({ kind: 'files-imported', document: { outcome: 'FILE_PARCEL_EXISTS' } });
});

test('what cannot be entered is not imported', async () => {
  const { args, io, imported, told } = installation({ access: { accounts: [] } });
  expect(await datasetImportCommand(args, io)).toBe(3);
  expect(told.join('')).toContain('ACCESS_UNKNOWN');
  expect(imported()).toEqual([]);
});
