import { randomBytes } from 'node:crypto';
import type { RoleSurroundings } from '../proto/config/role.ts';
import { type Fault, renderFault } from '../proto/words/fault.ts';
import type { Instant } from '../proto/words/time.ts';

/** A fault that repeats is told once in this time, with how often it came in between. */
const FAULT_EVERY_MS = 60_000;

/** The real outside world of one process: clock, chance, streams, signals, and the parent that may have started it. */
export function processSurroundings(role: string): RoleSurroundings {
  const err = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  // Whoever read the results has enough (`| head`): that is no fault, and the role stops as if it were asked to.
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EPIPE') throw cause;
    process.emit('SIGTERM', 'SIGTERM');
  });
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
    stopRequested: stopRequested(),
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

/** A child whose parent is gone stops too, so that nothing is left behind after `up` is killed. */
function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
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
