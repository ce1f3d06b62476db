import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** No test of the suite takes a tenth of this; past it a process of the runner is not slow but stands still. */
const STILL_MS = Number(process.env['STILL_MS'] ?? 300_000);

/** What a run ended with, for `run.mjs`. */
interface Ending {
  /** Modules that were begun and never ended. */
  readonly still: readonly string[];
  /** Whether anything else went wrong. */
  readonly failed: boolean;
}

/**
 * Ends a process of the runner in which nothing moves.
 *
 * A test's own time limit is a timer of the process that runs it, and does not pass while that process is caught in one call:
 * the run would stand until somebody ends it, without a word of where. This looks from outside, says what the process does
 * (threads, system calls, descriptors), kills it, and the runner goes on with a new one.
 */
export function stillness(): Reporter {
  const running = new Set<string>();
  const still = new Set<string>();
  let moved = Date.now();
  const timer = setInterval(() => {
    if (running.size === 0 || Date.now() - moved < STILL_MS) return;
    for (const name of running) still.add(name);
    process.stderr.write(`\nnothing moved for ${STILL_MS / 1000} s in: ${[...running].join(', ')}\n`);
    for (const pid of workers()) {
      process.stderr.write(describe(pid));
      process.kill(pid, 'SIGKILL');
    }
    running.clear();
    moved = Date.now();
  }, 5_000);
  const move = (): void => {
    moved = Date.now();
  };
  return {
    onTestModuleStart: ({ relativeModuleId }: TestModule) => {
      move();
      running.add(relativeModuleId);
    },
    onTestCaseResult: move,
    onTestModuleEnd: ({ relativeModuleId }: TestModule) => {
      move();
      running.delete(relativeModuleId);
    },
    onTestRunEnd: (modules, errors, reason) => {
      clearInterval(timer);
      const file = process.env['STILL_FILE'];
      if (file === undefined) return;
      const others = modules.filter(({ relativeModuleId }) => !still.has(relativeModuleId));
      const failed = others.some((module) => module.state() === 'failed') || (still.size === 0 && reason !== 'passed');
      const unforeseen = errors.length > still.size;
      writeFileSync(file, JSON.stringify({ still: [...still], failed: failed || unforeseen } satisfies Ending));
    },
  };
}

/** Processes that this one has started and that run tests. */
function workers(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const stat = readIfThere(`/proc/${pid}/stat`);
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return parent === process.pid && readIfThere(`/proc/${pid}/cmdline`).includes('vitest');
    })
    .map(Number);
}

function describe(pid: number): string {
  const threads = list(`/proc/${pid}/task`).map((thread) => {
    const of = (name: string) => readIfThere(`/proc/${pid}/task/${thread}/${name}`).trim();
    return `  thread ${thread} ${of('comm')}: ${/State:\s*(.*)/.exec(of('status'))?.[1]}, ${of('wchan')}, ${of('syscall')}\n`;
  });
  // Only a debugger sees which call of whose library it is; where there is none, the system calls have to do.
  const stacks = spawnSync('gdb', ['-batch', '-p', String(pid), '-ex', 'thread apply all bt 25'], { timeout: 120_000 });
  return `process ${pid}\n${threads.join('')}  ${list(`/proc/${pid}/fd`).length} descriptors\n${stacks.stdout ?? ''}\n`;
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
