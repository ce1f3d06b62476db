import { spawnSync } from 'node:child_process';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { compiledProgram, REPOSITORY } from '../../../support/compiled.ts';
import {
  filesOf,
  logOf,
  numbersIn,
  putFiles,
  reopened,
  SIGNING_KEY,
  scratchDirectory,
  verifyFaults,
} from './scratch-log.ts';

const LOG = pathToFileURL(compiledProgram('cloud/log/open-log.ts')).href;
const modules = realpathSync(join(REPOSITORY, 'node_modules'));
const FLAG = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';

/** Appends two entries to a log that it may write, and says what became of it and of two things it may not do. */
const SCRIPT = `
import { createPrivateKey } from 'node:crypto';
import { fsyncSync, openSync, readFileSync } from 'node:fs';
const [directory, keyFile, module] = process.argv.slice(2);
const { openLog } = await import(module);
const refused = (work) => { try { work(); return 'allowed'; } catch (cause) { return cause.code; } };
const signingKey = createPrivateKey(readFileSync(keyFile));
const origin = 'tongguan.example/operations';
const log = openLog({ directory, origin, signingKey, clock: { now: () => 1772323200000 } });
const entry = (number) => ({ kind: 'verdict', transferId: '', actor: 'exporter', document: { number } });
const appends = log.ok ? [log.value.append([entry(5)]), log.value.append([entry(6)])] : [];
console.log(JSON.stringify({
  appended: appends.map((append) => append.ok || append.fault),
  fault: log.fault,
  sync: refused(() => fsyncSync(openSync(directory))),
  outside: refused(() => readFileSync('/etc/hostname')),
}));
`;

test('under the permission model, which refuses every fsync, a log recovers and appends as elsewhere', () => {
  const directory = join(scratchDirectory(), 'log');
  mkdirSync(directory);
  const log = logOf(directory, [3]);
  const { checkpoint } = filesOf(directory);
  log.append([3, 4].map((number) => ({ kind: 'verdict', transferId: '', actor: 'cloud', document: { number } })));
  log.close();
  // A crash before the second head leaves two whole entries to take in.
  putFiles(directory, { entries: filesOf(directory).entries, checkpoint });

  const keyFile = join(scratchDirectory(), 'key.pem');
  writeFileSync(keyFile, SIGNING_KEY.export({ format: 'pem', type: 'pkcs8' }));
  const script = join(scratchDirectory(), 'script.mjs');
  writeFileSync(script, SCRIPT);
  const readable = [script, modules, join(REPOSITORY, 'package.json'), keyFile, directory].map(
    (path) => `--allow-fs-read=${path}`,
  );
  const permissions = [FLAG, ...readable, `--allow-fs-write=${directory}`];
  const run = spawnSync(process.execPath, [...permissions, script, directory, keyFile, LOG]);

  expect(
    run.stderr
      .toString()
      .replaceAll(/.*Warning.*\n/g, '')
      .replaceAll(/.*--trace-warnings.*\n/g, ''),
  ).toBe('');
  expect(JSON.parse(run.stdout.toString())).toEqual({
    appended: [true, true],
    sync: 'ERR_ACCESS_DENIED',
    outside: 'ERR_ACCESS_DENIED',
  });
  expect(numbersIn(reopened(directory))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(verifyFaults(directory)).toEqual([]);
});
