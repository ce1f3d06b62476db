import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Calls that write, name and settle the files of a log. */
const CALLS = ['openSync', 'writeSync', 'fsyncSync', 'renameSync', 'closeSync'] as const;

/** Times what a process spends in these from now on. @returns milliseconds so far */
export function timeFiles(): () => number {
  let spent = 0;
  const calls = fs as unknown as Record<(typeof CALLS)[number], (...args: unknown[]) => unknown>;
  for (const name of CALLS) {
    const call = calls[name];
    calls[name] = (...args) => {
      const begun = performance.now();
      try {
        return call(...args);
      } finally {
        spent += performance.now() - begun;
      }
    };
  }
  syncBuiltinESMExports();
  return () => spent;
}
