import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { documentFiles } from '../../../../cloud/adapters/document-files.ts';
import { sqliteRegisters } from '../../../../cloud/adapters/sqlite-registers.ts';
import type { RegisterEntry } from '../../../../cloud/registers/kind.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const entry = (id: string, version: number): RegisterEntry => ({
  kind: 'notice',
  id,
  version,
  isWithdrawn: false,
  body: { id, datasets: ['d'], recipients: ['r'], purposes: ['p'] },
  attachments: [],
});
const OURS = { dataset: 'd', recipient: 'r', purpose: 'p' };

test('what another process wrote into the registers is seen at the next look', () => {
  const file = join(scratchDirectory(), 'registers.sqlite');
  const [one, other] = [sqliteRegisters(file), sqliteRegisters(file)];
  onTestFinished(() => {
    one.close();
    other.close();
  });
  one.apply(entry('a', 1), 0);
  expect(other.concerning('notice', OURS)).toEqual([entry('a', 1)]);
  one.apply(entry('b', 1), 1);
  expect(other.list('notice')).toEqual([entry('a', 1), entry('b', 1)]);
  // One that is behind does not take its own change for the whole.
  one.apply(entry('a', 2), 2);
  other.apply(entry('b', 2), 3);
  expect(other.list('notice')).toEqual([entry('a', 2), entry('b', 2)]);
  expect(one.find('notice', 'b')).toEqual(entry('b', 2));
});

test('a document that was whole is changed by a write of its length whose time was set back', async () => {
  const directory = scratchDirectory();
  const documents = documentFiles(directory);
  const sha256 = documents.keep(Buffer.from('the notice'));
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
