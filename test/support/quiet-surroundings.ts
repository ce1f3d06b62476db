import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { Instant } from '../../proto/words/time.ts';

/** The outside world of a role that nobody listens to and nobody stops, with the real clock. */
export function quietSurroundings(): RoleSurroundings {
  return {
    environment: {},
    clock: { now: () => Date.now() as Instant },
    chance: Math.random,
    stdin: process.stdin,
    out: () => undefined,
    err: () => undefined,
    fault: () => undefined,
    report: () => undefined,
    stopRequested: new Promise(() => undefined),
  };
}
