import { randomBytes } from 'node:crypto';
import { EXIT, type RoleSurroundings } from '../proto/config/role.ts';
import { bilingual, type Fault, renderFault } from '../proto/words/fault.ts';
import type { Instant } from '../proto/words/time.ts';

/** A fault that repeats is told once in this time, with how often it came in between. */
const FAULT_EVERY_MS = 60_000;

/**
 * The real outside world of a command that does one thing and ends: clock, chance, streams, and the parent that may have started it.
 * It is never asked to stop: a signal ends its process, as the system does it (`whileMaking` clears away what it had begun).
 */
export function processSurroundings(role: string): RoleSurroundings {
  return { ...surroundings(role), stopRequested: new Promise(() => undefined) };
}

/** The same for a command that serves until it is asked to stop, by a signal or by the end of the parent that started it. */
export function servingSurroundings(role: string): RoleSurroundings {
  return { ...surroundings(role), stopRequested: stopRequested() };
}

function surroundings(role: string): Omit<RoleSurroundings, 'stopRequested'> {
  const err = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  // Whoever read the results has enough (`| head`): that is no fault, and the role stops as if it were asked to.
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE') return process.emit('SIGTERM', 'SIGTERM');
    err(renderFault(role, resultUnwritten(cause.message)));
    return process.exit(EXIT.fault);
  });
  // Words for people that nobody can keep, as on a full disk, stop no role.
  process.stderr.on('error', () => undefined);
  return {
    environment: process.env,
    clock: { now: () => Date.now() as Instant },
    chance,
    stdin: process.stdin,
    out: (line) => {
      process.stdout.write(`${line}\n`);
    },
    err,
    fault: throttled((fault, times) => err(`${renderFault(role, fault)}${times > 1 ? ` (${times} times)` : ''}`)),
    report: (status) => {
      // A parent that is gone in this very moment is no fault.
      if (process.connected) process.send?.(status, () => undefined);
    },
  };
}

function resultUnwritten(cause: string): Fault<'RESULT_UNWRITTEN'> {
  return {
    code: 'RESULT_UNWRITTEN',
    problem: bilingual(`the result cannot be written: ${cause}`, `无法写出结果：${cause}`),
    remedy: bilingual(
      'free space where standard output goes, then run the command again',
      '请为标准输出所在位置释放空间，然后重新运行命令',
    ),
    retry: 'after-remedy',
  };
}

/** Where whoever runs this command is logged in from, if over SSH. */
export const loginAddress = (): string | undefined => process.env['SSH_CONNECTION']?.split(' ')[0];

/** Who runs this process, and from where: what a command that reads is judged by. */
export function readerOf({ environment }: Pick<RoleSurroundings, 'environment'>) {
  return { uid: process.getuid?.(), remote: environment['SSH_CONNECTION'] };
}

/** Cryptographically strong, in [0, 1): margins and hold-backs rest on it. */
export function chance(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}

/**
 * A child whose parent is gone stops too, so that nothing is left behind after `up` is killed. A ctrl-C at a terminal reaches a child as well
 * as its parent, which stops each when its turn has come: one that stopped by itself would seem to have failed.
 */
function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.on('SIGINT', () => undefined);
    else process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.once('disconnect', () => resolve());
  });
}

function throttled(tell: (fault: Fault, times: number) => void): (fault: Fault) => void {
  const told = new Map<string, { at: number; times: number }>();
  return (fault) => {
    const now = Date.now();
    const last = told.get(fault.code);
    if (last !== undefined && now - last.at < FAULT_EVERY_MS) {
      last.times += 1;
      return;
    }
    tell(fault, (last?.times ?? 0) + 1);
    told.set(fault.code, { at: now, times: 0 });
  };
}
