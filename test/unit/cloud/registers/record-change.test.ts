import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { documentFiles } from '../../../../cloud/adapters/document-files.ts';
import { sqliteRegisters } from '../../../../cloud/adapters/sqlite-registers.ts';
import { createLog, type OpenLog } from '../../../../cloud/log/open-log.ts';
import type { RegisterStore } from '../../../../cloud/ports/register-store.ts';
import { onFileEntries } from '../../../../cloud/registers/on-file-entries.ts';
import { recordChange, replayRegisters, viewOf } from '../../../../cloud/registers/record-change.ts';
import { assert } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { BODIES } from '../../../support/cloud/registers/entries.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

interface Desk {
  readonly directory: string;
  readonly operations: OpenLog;
  readonly store: RegisterStore;
}

function desk(): Desk {
  const directory = scratchDirectory();
  const signingKey = generateKeyPairSync('ed25519').privateKey;
  const clock = { now: () => 1_790_000_000_000 as Instant };
  const log = createLog({ directory: join(directory, 'log'), origin: 'example/operations', signingKey, clock });
  assert(log.ok, 'a log begins');
  const store = sqliteRegisters(join(directory, 'registers.sqlite'));
  onTestFinished(() => {
    log.value.close();
    store.close();
  });
  return { directory, operations: log.value, store };
}

const documentsOf = ({ operations }: Desk) =>
  [...operations.entries()].map(({ leaf }) => JSON.parse(Buffer.from(leaf.document).toString('utf8')));

test('a change is in the log with who, before and after, and then in the register', () => {
  const one = desk();
  expect(recordChange({ act: 'add', kind: 'pipia', body: BODIES['pipia'] }, 'alice', one).ok).toBe(true);
  const changed = { ...BODIES['pipia'], version: '2' };
  expect(recordChange({ act: 'replace', kind: 'pipia', body: changed }, 'bob', one).ok).toBe(true);
  expect([...one.operations.entries()].map(({ leaf }) => leaf.actor)).toEqual(['alice', 'bob']);
  const [first, second] = documentsOf(one);
  expect(first).toMatchObject({ act: 'add', before: null, after: { version: 1, body: { version: '1' } } });
  expect(second).toMatchObject({ before: { body: { version: '1' } }, after: { version: 2, body: { version: '2' } } });
  expect(one.store.find('pipia', 'P-1')).toEqual(second.after);
});

test('a refused change leaves neither entry nor trace', () => {
  const one = desk();
  expect(recordChange({ act: 'add', kind: 'contract', body: BODIES['contract'] }, 'alice', one).ok).toBe(false);
  expect(one.operations.head().size).toBe(0);
  expect(one.store.list('contract')).toEqual([]);
});

test('what a crash left in the log alone is in the register after the next start, once', () => {
  const one = desk();
  const bodies = ['pipia', 'contract', 'notice'].map((kind) => [kind, BODIES[kind]] as const);
  for (const [kind, body] of bodies) recordChange({ act: 'add', kind, body }, 'alice', one);
  const expected = bodies.map(([kind]) => one.store.list(kind));
  // A register that lost its last commits is one that knows only the first of the log.
  const behind = sqliteRegisters(join(one.directory, 'behind.sqlite'));
  onTestFinished(() => behind.close());
  const first = one.store.find('pipia', 'P-1');
  assert(first !== undefined, 'the first change stands');
  behind.apply(first, 0);
  expect(replayRegisters(one.operations.entries, behind)).toBe(2);
  expect(replayRegisters(one.operations.entries, behind)).toBe(0);
  expect(bodies.map(([kind]) => behind.list(kind))).toEqual(expected);
});

test('an older change of the log does not undo a newer one', () => {
  const one = desk();
  recordChange({ act: 'add', kind: 'notice', body: BODIES['notice'] }, 'alice', one);
  recordChange({ act: 'withdraw', kind: 'notice', id: 'N-1', reason: 'replaced' }, 'alice', one);
  const older = documentsOf(one)[0].after;
  one.store.apply(older, 0);
  expect(one.store.find('notice', 'N-1')?.isWithdrawn).toBe(true);
});

test('a document on file counts until it is changed, withdrawn or gone', () => {
  const one = desk();
  const documents = documentFiles(join(one.directory, 'documents'));
  recordChange({ act: 'add', kind: 'notice', body: BODIES['notice'] }, 'alice', one);
  const sha256 = documents.keep(Buffer.from('the notice'));
  const attachment = { name: 'notice.pdf', sha256, bytes: 10 };
  expect(recordChange({ act: 'attach', kind: 'notice', id: 'N-1', attachment }, 'alice', one).ok).toBe(true);
  const onFile = () => onFileEntries(viewOf(one.store), documents).map(({ kind, id }) => [kind, id]);
  expect(onFile()).toEqual([['notice', 'notice/N-1']]);
  const [name] = readdirSync(join(one.directory, 'documents'));
  writeFileSync(join(one.directory, 'documents', String(name)), 'another notice');
  expect(documents.state(sha256)).toBe('changed');
  expect(onFile()).toEqual([]);
  documents.keep(Buffer.from('the notice'));
  expect(onFile()).toHaveLength(1);
  recordChange({ act: 'withdraw', kind: 'notice', id: 'N-1', reason: 'replaced' }, 'alice', one);
  expect(onFile()).toEqual([]);
});
