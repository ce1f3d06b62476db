import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onInterruption, whileMaking } from '../../../bin/interruption.ts';
import { ROOT } from '../../house/sources.ts';

const COMMAND = `${ROOT}bin/tongguan`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'interruption-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 6_000 && !isSo(); tries += 1) await wait(10);
  expect(isSo()).toBe(true);
}

const endOf = async (child: ChildProcess): Promise<readonly unknown[]> =>
  child.exitCode === null && child.signalCode === null ? await once(child, 'exit') : [child.exitCode, child.signalCode];

describe('a command that does one thing', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('ends by %s, and leaves no temporary file', async (signal) => {
    const child = spawn(process.execPath, [COMMAND, 'sim', 'run', 'recall', '--long'], {
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: directory },
    });
    const begun = () => readdirSync(directory).some((name) => readdirSync(join(directory, name)).length > 0);
    await until(() => begun() || child.exitCode !== null);
    child.kill(signal);
    expect(await endOf(child)).toEqual([null, signal]);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('a disk that is full', () => {
  const written = (args: readonly string[], stdio: readonly [string, string]) => {
    const [out, err] = stdio.map((path) => (path === 'pipe' ? path : openSync(path, 'w')));
    return spawnSync(process.execPath, [COMMAND, ...args], { stdio: ['ignore', out, err], encoding: 'utf8' });
  };

  test('is told where results go, in words', () => {
    const { status, stderr } = written(['rules', 'list', '--on', '2026-03-01'], ['/dev/full', 'pipe']);
    expect(status).toBe(1);
    expect(stderr).toContain('[RESULT_UNWRITTEN]');
    expect(stderr).not.toContain('at writeSync');
  });

  test('takes nothing from a command whose words for people go there', () => {
    const { status, stdout } = written(['config', 'check', 'edge', '/dev/null', '--json'], ['pipe', '/dev/full']);
    expect([status, (JSON.parse(stdout) as { ok: boolean }).ok]).toEqual([2, false]);
  });
});

describe('a file that may not grow', () => {
  /** Blocks of 1,024 bytes that one file may have, as a disk that is full between two of them. */
  const limited = (blocks: number, args: readonly string[]) =>
    spawnSync('bash', ['-c', `ulimit -f ${blocks}; exec "$@"`, '-', process.execPath, COMMAND, ...args], {
      encoding: 'utf8',
    });

  test('leaves no page of the manual, where some would have fitted', () => {
    const { status, stderr } = limited(4, ['man', '--out', join(directory, 'deep', 'pages')]);
    expect([status, stderr.includes('[MAN_UNWRITTEN]')]).toEqual([1, true]);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('leaves what was there before of a file that is replaced', () => {
    const overlay = join(directory, 'overlay.vspec');
    writeFileSync(overlay, 'as it was');
    expect(limited(4, ['catalogue', 'export', '--overlay', overlay]).status).toBe(1);
    expect(readdirSync(directory)).toEqual(['overlay.vspec']);
    expect(readFileSync(overlay, 'utf8')).toBe('as it was');
  });
});

test('a place that takes no directory is a fault, and not a wait without end', () => {
  const { status, signal, stderr } = spawnSync(process.execPath, [COMMAND, 'man', '--out', '/proc/nothing'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect([status, signal, stderr.includes('[MAN_UNWRITTEN]')]).toEqual([1, null, true]);
});

describe('a role', () => {
  test('that `up` has started leaves a ctrl-C to `up`, and stops with it', async () => {
    const child = spawn(process.execPath, [COMMAND, 'sim', '--vehicles', '1', '--speed', '1'], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let reports = 0;
    child.on('message', () => {
      reports += 1;
    });
    await until(() => reports > 0 || child.exitCode !== null);
    child.kill('SIGINT');
    const before = reports;
    await until(() => reports >= before + 3 || child.exitCode !== null);
    expect(child.exitCode).toBeNull();
    child.disconnect();
    expect(await endOf(child)).toEqual([0, null]);
  });

  test('of a tour whose terminal sends ctrl-C to all of it at once stops in its turn, which is no fault', async () => {
    const child = spawn(process.execPath, [COMMAND, 'up', '--empty', '--data', join(directory, 'data')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
    await until(() => told.includes('console at') || child.exitCode !== null);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    const end = await endOf(child);
    expect([end, told.includes('ROLE_ENDED')]).toEqual([[0, null], false]);
  });
});

describe('what was being made', () => {
  /** What handlers of a signal do but for the last step, which would end this process. */
  async function interrupted(paths: readonly string[], begin: () => void): Promise<void> {
    const last = onInterruption(() => undefined);
    const kill = process.kill;
    process.kill = () => true;
    try {
      await whileMaking(paths, async () => {
        begin();
        process.emit('SIGINT', 'SIGINT');
        return 0;
      });
    } finally {
      process.kill = kill;
      last();
    }
  }

  test('goes, and what was there before stays', async () => {
    const [absent, empty, held] = ['absent', 'empty', 'held'].map((name) => join(directory, name));
    mkdirSync(empty ?? '');
    mkdirSync(held ?? '');
    writeFileSync(join(held ?? '', 'kept'), '');
    await interrupted([absent ?? '', empty ?? '', held ?? ''], () => {
      mkdirSync(absent ?? '');
      for (const path of [absent, empty, held]) writeFileSync(join(path ?? '', 'new'), '');
    });
    expect(existsSync(absent ?? '')).toBe(false);
    expect(readdirSync(empty ?? '')).toEqual([]);
    expect(readdirSync(held ?? '').sort()).toEqual(['kept', 'new']);
  });

  test.each([
    ['a fault', async (): Promise<number> => 1],
    ['an error', (): Promise<number> => Promise.reject(new Error('broken'))],
  ] as const)('goes after %s, with the directories above that were not there', async (_, end) => {
    const made = join(directory, 'above', 'more', 'made');
    const made2 = join(directory, 'above', 'other', 'made');
    mkdirSync(join(directory, 'held'));
    writeFileSync(join(directory, 'held', 'kept'), '');
    const work = async (): Promise<number> => {
      for (const path of [made, made2]) mkdirSync(path, { recursive: true });
      writeFileSync(join(made, 'half'), '');
      return end();
    };
    expect(await whileMaking([made, made2, join(directory, 'held')], work).catch(() => 1)).toBe(1);
    expect(readdirSync(directory)).toEqual(['held']);
    expect(readdirSync(join(directory, 'held'))).toEqual(['kept']);
  });

  test('stays when it is done, and nobody listens to signals any more', async () => {
    const before = process.listenerCount('SIGINT');
    await whileMaking([join(directory, 'made')], async () => {
      writeFileSync(join(directory, 'made'), '');
      return 0;
    });
    expect(readdirSync(directory)).toEqual(['made']);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
