import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { configPathOf } from '../../../../cloud/exporter/process-args.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { compiledProgram } from '../../../support/compiled.ts';

test.each([
  [['--config', 'exporter.yaml'], 'exporter.yaml'],
  [['--config=exporter.yaml'], 'exporter.yaml'],
  [[], undefined],
  [['exporter.yaml'], undefined],
  [['--config'], undefined],
  [['--config', 'a', '--force'], undefined],
])('%j names %s', (args, path) => {
  expect(configPathOf(args)).toBe(path);
});

test('who tells a parent that goes away in that moment ends in order, and by no fault', async () => {
  const program = join(scratchDirectory(), 'teller.mjs');
  const args = pathToFileURL(compiledProgram('cloud/exporter/process-args.ts')).href;
  const tell = `import { stopOnSignals, tellParent } from '${args}';
    const stop = stopOnSignals(process);
    const telling = setInterval(() => { for (let n = 0; n < 100; n += 1) tellParent(process, { n }); }, 1);
    stop.addEventListener('abort', () => { clearInterval(telling); process.exitCode = 7; });`;
  writeFileSync(program, tell);
  const child = fork(program, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  await once(child, 'message');
  child.disconnect();
  expect([await once(child, 'exit'), errors]).toEqual([[7, null], '']);
});
