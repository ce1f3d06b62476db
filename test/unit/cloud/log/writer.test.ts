import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { APPEND_BYTES_MAX, ENTRIES_PER_APPEND_MAX } from '../../../../cloud/log/entry-file.ts';
import { type NewEntry, type OpenLog, openLog } from '../../../../cloud/log/open-log.ts';
import {
  codeOf,
  entries,
  entry,
  filesOf,
  logOf,
  numbersIn,
  optionsFor,
  reopened,
  scratchDirectory,
  unwrap,
  verifyFaults,
} from './scratch-log.ts';

const DOCUMENT = 'x'.repeat(1_000_000);
const large = (number: number): NewEntry => ({ ...entry(number), document: { number, text: DOCUMENT } });

/** A log of three entries whose next checkpoint cannot be written, because a directory lies in its way. */
function blocked(): { readonly directory: string; readonly log: OpenLog; readonly block: string } {
  const directory = scratchDirectory();
  const log = logOf(directory, [3]);
  onTestFinished(() => log.close());
  const block = join(directory, 'checkpoint.tmp');
  mkdirSync(block);
  return { directory, log, block };
}

describe('limits', () => {
  test('an append takes the most entries and not one more', () => {
    const directory = scratchDirectory();
    const log = logOf(directory, [ENTRIES_PER_APPEND_MAX]);
    onTestFinished(() => log.close());
    const before = filesOf(directory);
    expect(codeOf(log.append(entries(0, ENTRIES_PER_APPEND_MAX + 1)))).toBe('LOG_LIMIT');
    expect(filesOf(directory)).toEqual(before);
  });

  test('an append takes no more bytes than its limit', () => {
    const directory = scratchDirectory();
    const log = logOf(directory, [1]);
    onTestFinished(() => log.close());
    const fitting = Math.floor(APPEND_BYTES_MAX / 1_000_100);
    const before = filesOf(directory);
    const many = Array.from({ length: fitting + 1 }, (_, at) => large(1 + at));
    expect(codeOf(log.append(many))).toBe('LOG_LIMIT');
    expect(filesOf(directory)).toEqual(before);
    unwrap(log.append(many.slice(1)));
    expect(log.head().size).toBe(1 + fitting);
    expect(verifyFaults(directory)).toEqual([]);
  });

  test('one entry above a limit keeps the others out', () => {
    const directory = scratchDirectory();
    const log = logOf(directory, [1]);
    onTestFinished(() => log.close());
    const before = filesOf(directory);
    expect(codeOf(log.append([entry(1), { ...entry(2), kind: '' }]))).toBe('LOG_LIMIT');
    expect(() => log.append([entry(1), { ...entry(2), document: { x: Number.NaN } }])).toThrow();
    expect(filesOf(directory)).toEqual(before);
    expect(unwrap(log.append([entry(1)])).firstIndex).toBe(1);
  });
});

describe('a disk that fails', () => {
  test('at the checkpoint: nothing is acknowledged, the entries go again, the next append is as if nothing had been', () => {
    const { directory, log, block } = blocked();
    const before = filesOf(directory);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(codeOf(log.append(entries(100, 2)))).toBe('LOG_UNAVAILABLE');
      expect(filesOf(directory)).toEqual(before);
      expect(log.head().size).toBe(3);
      expect(numbersIn(log)).toEqual([0, 1, 2]);
    }
    rmSync(block, { recursive: true });
    expect(unwrap(log.append([entry(3)])).firstIndex).toBe(3);
    expect(numbersIn(log)).toEqual([0, 1, 2, 3]);
    expect(numbersIn(reopened(directory))).toEqual([0, 1, 2, 3]);
    expect(verifyFaults(directory)).toEqual([]);
  });

  test('full, at the checkpoint', () => {
    const { directory, log, block } = blocked();
    const before = filesOf(directory);
    rmSync(block, { recursive: true });
    symlinkSync('/dev/full', block);
    const full = log.append(entries(100, 2));
    expect(full).toMatchObject({ ok: false, fault: { code: 'LOG_UNAVAILABLE', retry: 'after-remedy' } });
    expect(!full.ok && full.fault.problem.en).toContain('ENOSPC');
    expect(filesOf(directory)).toEqual(before);
  });

  test('and cannot be brought back: every append is refused until it can', () => {
    const { directory, log, block } = blocked();
    const [checkpoint, hidden] = [join(directory, 'checkpoint'), join(directory, 'hidden')];
    // Without the checkpoint nobody can say how far the failed append came, so it cannot be undone.
    renameSync(checkpoint, hidden);
    expect(codeOf(log.append(entries(100, 2)))).toBe('LOG_UNAVAILABLE');
    rmSync(block, { recursive: true });
    for (let attempt = 0; attempt < 3; attempt += 1) expect(codeOf(log.append([entry(3)]))).toBe('LOG_UNAVAILABLE');
    expect(log.head().size).toBe(3);
    renameSync(hidden, checkpoint);
    expect(unwrap(log.append([entry(3)])).firstIndex).toBe(3);
    expect(numbersIn(reopened(directory))).toEqual([0, 1, 2, 3]);
  });

  test('after the new head was in place: not acknowledged, and not denied either', () => {
    const directory = scratchDirectory();
    const log = logOf(directory, [3]);
    onTestFinished(() => log.close());
    const failed = withUnreadable(directory, () => {
      const codes = [codeOf(log.append(entries(3, 2))), codeOf(log.append([entry(5)]))];
      return { codes, size: log.head().size };
    });
    expect(failed).toEqual({ codes: ['LOG_UNAVAILABLE', 'LOG_UNAVAILABLE'], size: 3 });
    expect(verifyFaults(directory)).toEqual([]);
    // A reader may hold the head of size 5 by now; a log that signed another of that size would contradict itself.
    expect(unwrap(log.append([entry(5)])).firstIndex).toBe(5);
    expect(numbersIn(log)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(numbersIn(reopened(directory))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test.skipIf(!hasCommand('prlimit'))('full, at the entries, after part of them (needs prlimit)', () => {
    const directory = scratchDirectory();
    const log = logOf(directory, [3]);
    onTestFinished(() => log.close());
    const before = filesOf(directory);
    const full = withFileSizeLimit(before.entries.length + 500_000, () => log.append([entry(100), large(101)]));
    expect(full).toMatchObject({ ok: false, fault: { code: 'LOG_UNAVAILABLE' } });
    expect(!full.ok && full.fault.problem.en).toContain('EFBIG');
    expect(filesOf(directory)).toEqual(before);
    expect(unwrap(log.append([entry(3)])).firstIndex).toBe(3);
    expect(numbersIn(reopened(directory))).toEqual([0, 1, 2, 3]);
    expect(verifyFaults(directory)).toEqual([]);
  });

  test('full for good: a file system of 256 KiB takes what it can, and holds all it said it had (needs root)', (context) => {
    const directory = join(scratchDirectory(), 'small');
    mkdirSync(directory);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory]).status === 0;
    context.skip(!mounted, 'mounting takes root');
    onTestFinished(() => void execFileSync('umount', [directory]));
    const log = logOf(join(directory, 'log'));
    let acknowledged = 0;
    let last = log.append([]);
    // About 90 appends of 3 kB fit; the limit only keeps a broken test from running for ever.
    while (last.ok && acknowledged < 1_000) {
      last = log.append([{ ...entry(acknowledged), document: { number: acknowledged, text: 'x'.repeat(3_000) } }]);
      if (last.ok) acknowledged += 1;
    }
    expect(!last.ok && last.fault.problem.en).toContain('ENOSPC');
    expect(acknowledged).toBeGreaterThan(10);
    expect(codeOf(log.append([large(0)]))).toBe('LOG_UNAVAILABLE');
    expect(verifyFaults(join(directory, 'log'))).toEqual([]);
    log.close();
    const again = unwrap(openLog(optionsFor(join(directory, 'log'))));
    expect(numbersIn(again)).toEqual(Array.from({ length: acknowledged }, (_, number) => number));
    again.close();
  });
});

describe('a second hand on the files', () => {
  test('a second writer is noticed, and the first one stops for good', () => {
    const directory = scratchDirectory();
    const first = logOf(directory, [3]);
    onTestFinished(() => first.close());
    const second = reopened(directory);
    unwrap(second.append([entry(3)]));
    expect(codeOf(first.append([entry(30)]))).toBe('LOG_CORRUPT');
    expect(codeOf(first.append([entry(30)]))).toBe('LOG_CORRUPT');
    expect(codeOf(first.append([]))).toBe('LOG_CORRUPT');
    unwrap(second.append([entry(4)]));
    expect(numbersIn(reopened(directory))).toEqual([0, 1, 2, 3, 4]);
    expect(verifyFaults(directory)).toEqual([]);
  });

  test('files put back as they were do not bring it on again; opening the log anew does', () => {
    const directory = scratchDirectory();
    const log = logOf(directory, [3]);
    onTestFinished(() => log.close());
    const before = filesOf(directory);
    writeFileSync(join(directory, 'entries.log'), before.entries.subarray(1));
    expect(codeOf(log.append([entry(3)]))).toBe('LOG_CORRUPT');
    writeFileSync(join(directory, 'entries.log'), before.entries);
    expect(codeOf(log.append([entry(3)]))).toBe('LOG_CORRUPT');
    expect(filesOf(directory)).toEqual(before);
    expect(unwrap(reopened(directory).append([entry(3)])).firstIndex).toBe(3);
  });

  test('a tree head changed while an append failed: nothing is cut off on its word', () => {
    const { directory, log, block } = blocked();
    const before = filesOf(directory);
    writeFileSync(join(directory, 'checkpoint'), 'somebody else was here\n');
    expect(codeOf(log.append([entry(3)]))).toBe('LOG_UNAVAILABLE');
    rmSync(block, { recursive: true });
    expect(codeOf(log.append([entry(3)]))).toBe('LOG_CORRUPT');
    expect(filesOf(directory).entries.length).toBeGreaterThan(before.entries.length);
    expect(filesOf(directory).checkpoint.toString()).toBe('somebody else was here\n');
  });

  test('a directory replaced by another log gets no entry of this one', () => {
    const [directory, other] = [scratchDirectory(), scratchDirectory()];
    const log = logOf(directory, [3]);
    onTestFinished(() => log.close());
    logOf(other, [3]).close();
    renameSync(directory, `${directory}.moved`);
    onTestFinished(() => rmSync(`${directory}.moved`, { recursive: true }));
    expect(codeOf(log.append([entry(3)]))).toBe('LOG_UNAVAILABLE');
    renameSync(other, directory);
    expect(codeOf(log.append([entry(3)]))).toBe('LOG_CORRUPT');
    expect(numbersIn(reopened(directory))).toEqual([0, 1, 2]);
    expect(numbersIn(reopened(`${directory}.moved`))).toEqual([0, 1, 2]);
  });
});

/** Runs work while the directory can be written and searched but not opened, so that its sync fails after the rename. */
function withUnreadable<T>(directory: string, work: () => T): T {
  const nobody = 65_534;
  const isRoot = process.geteuid?.() === 0;
  // Root opens anything, so it steps down to the owner of the directory meanwhile.
  if (isRoot) chownSync(directory, nobody, nobody);
  chmodSync(join(directory, 'checkpoint'), 0o666);
  chmodSync(directory, 0o300);
  if (isRoot) process.seteuid?.(nobody);
  try {
    return work();
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(directory, 0o700);
  }
}

/** Runs work while this process may not make a file longer than `bytes`; Node ignores the signal, so a write fails. */
function withFileSizeLimit<T>(bytes: number, work: () => T): T {
  const limit = (value: string) => execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${value}`]);
  limit(`${bytes}:unlimited`);
  try {
    return work();
  } finally {
    limit('unlimited:unlimited');
  }
}

function hasCommand(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0;
}
