import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { REPOSITORY } from '../../support/compiled.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tongguan-sweep-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test('what was compiled from a source that is gone leaves dist, and nothing else does', () => {
  const sources = ['cloud/lead.ts', 'edge/main.ts', 'proto/schema/update.proto'];
  const kept = [
    ...['cloud/lead.js', 'cloud/lead.js.map', 'edge/main.js', 'edge/main.js.map', 'proto/schema/update.proto'],
    ...['.built', 'NOTICES', 'bundle/lead-1a2b.js', 'console/index.html', 'man/tongguan.1', 'package.json'],
  ];
  const stale = ['cloud/follow.js', 'cloud/follow.js.map', 'edge/gone/deep/inner.js', 'proto/schema/old.proto'];
  for (const path of sources) put(path);
  for (const path of [...kept, ...stale]) put(`dist/${path}`);
  execFileSync(process.execPath, [join(REPOSITORY, 'deploy/sweep-dist.mjs'), root]);
  expect(filesOf(join(root, 'dist'))).toEqual([...kept].sort());
  expect(filesOf(root).filter((path) => !path.startsWith('dist/'))).toEqual(sources);
});

test('nothing was built yet: nothing to remove, and no error', () => {
  put('cloud/lead.ts');
  execFileSync(process.execPath, [join(REPOSITORY, 'deploy/sweep-dist.mjs'), root]);
  expect(filesOf(root)).toEqual(['cloud/lead.ts']);
});

function put(path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), '');
}

const filesOf = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
