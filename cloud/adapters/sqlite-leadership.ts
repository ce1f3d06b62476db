import { statSync } from 'node:fs';
import type { Fault } from '../../proto/words/fault.ts';
import type { Lead, Leadership } from '../ports/leadership.ts';
import { leadLost } from './lead-lost.ts';
import { lockLog } from './log-lock.ts';

/** How often a leader looks whether the file it holds is still the one that others would ask for. */
const LOOK_EVERY_MS = 1_000;

/**
 * Leadership among processes of one machine, or of one file system with locks: a lock of a file that holds nothing.
 *
 * @param file - is made where there is none; its directory has to be there
 */
export function sqliteLeadership(file: string): Leadership {
  return {
    // A directory that is not there does not come back by itself.
    failuresMax: 0,
    take: async () => {
      const unlock = lockLog(file, 0);
      return unlock === undefined ? undefined : leadOf(file, unlock);
    },
  };
}

function leadOf(file: string, unlock: () => void): Lead {
  const own = numberOf(file);
  let isHeld = true;
  let tell: (fault: Fault) => void = () => undefined;
  const lost = new Promise<Fault>((resolve) => {
    tell = resolve;
  });
  // A file that was deleted stays locked for whoever has it open, while the next process makes another one.
  const timer = setInterval(() => {
    if (numberOf(file) === own) return;
    clearInterval(timer);
    isHeld = false;
    tell(leadLost('file'));
  }, LOOK_EVERY_MS);
  return {
    isHeld: () => isHeld,
    lost,
    release: async () => {
      clearInterval(timer);
      isHeld = false;
      unlock();
    },
  };
}

/** What the file system knows the file by; undefined where there is none, or nobody can look. */
function numberOf(file: string): bigint | undefined {
  try {
    return statSync(file, { bigint: true }).ino;
  } catch {
    return undefined;
  }
}
