import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { documentFiles } from '../../../../cloud/adapters/document-files.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

test('a document that was whole is changed by a write of its length whose time was set back', async () => {
  const directory = scratchDirectory();
  const documents = documentFiles(directory, { now: () => Date.now() as Instant }, 10);
  const sha256 = documents.keep(Buffer.from('the notice'));
  await sleep(20);
  expect([documents.state(sha256), documents.state(sha256)]).toEqual(['whole', 'whole']);
  const file = join(directory, sha256);
  const { atime, mtime } = statSync(file);
  // The clock of a file system has ticks.
  await sleep(20);
  writeFileSync(file, 'a promise!');
  utimesSync(file, atime, mtime);
  expect([documents.state(sha256), documents.state(sha256)]).toEqual(['changed', 'changed']);
  documents.keep(Buffer.from('the notice'));
  expect(documents.state(sha256)).toBe('whole');
  expect(documents.state('0'.repeat(64))).toBe('absent');
});

test('a document that was just kept is changed by whatever is written to it at once', () => {
  const directory = scratchDirectory();
  const documents = documentFiles(directory, { now: () => Date.now() as Instant });
  const fates = Array.from({ length: 200 }, () => {
    const sha256 = documents.keep(Buffer.from('the notice'));
    const before = documents.state(sha256);
    writeFileSync(join(directory, sha256), 'a promise!');
    return [before, documents.state(sha256)].join();
  });
  expect(new Set(fates)).toEqual(new Set(['whole,changed']));
});
