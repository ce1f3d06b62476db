import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { REPOSITORY } from '../../support/compiled.ts';

test('of each bundled package the licence it declares, its texts, and those of what it took from others, once', () => {
  const root = mkdtempSync(join(tmpdir(), 'tongguan-notices-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const put = (path: string, text: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return join(root, path);
  };
  put('node_modules/charts/package.json', '{"name": "charts", "version": "1.0.0", "license": "Apache-2.0"}');
  put('node_modules/charts/NOTICE', 'charts, by somebody');
  put('node_modules/charts/licenses/LICENSE-maths', 'of the maths in it');
  put('node_modules/@a/words/package.json', '{"name": "@a/words", "version": "2.0.0", "license": "MIT"}');
  const modules = ['charts/lib/a.js', 'charts/lib/b.js', '@a/words/index.js'].map((path) =>
    put(`node_modules/${path}`, ''),
  );
  modules.push(put('own/page.ts', ''));
  const program = `import { noticesOf } from '${pathToFileURL(join(REPOSITORY, 'deploy/notices.mjs')).href}';
    process.stdout.write(noticesOf(${JSON.stringify(modules)}));`;
  const told = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(told.split('\n').filter((line) => line !== '')).toEqual([
    ...['@a/words 2.0.0', '--------------', 'Licence: MIT'],
    ...['charts 1.0.0', '------------', 'Licence: Apache-2.0', 'charts, by somebody', 'of the maths in it'],
  ]);
});
