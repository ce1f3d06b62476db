import { createLog, type OpenLog, openLog } from '../../cloud/log/open-log.ts';
import type { Clock } from '../../proto/words/time.ts';
import type { Disk } from './disk.ts';
import type { World } from './world.ts';

/** The log of a machine over all its starts, and when each entry was written by the clock of the world, which no machine has. */
export interface LogOnDisk {
  /** As a start does it. @throws where it does not open after a power cut */
  readonly open: () => OpenLog;
  readonly writtenAt: (index: number) => number;
}

export function beginLog(
  { disk, world, clock }: { readonly disk: Disk; readonly world: World; readonly clock: Clock },
  origin: string,
  signingKey: Parameters<typeof openLog>[0]['signingKey'],
): LogOnDisk {
  const options = () => ({ directory: disk.at('log'), origin, signingKey, clock });
  const times: number[] = [];
  const created = createLog(options());
  if (!created.ok) throw new Error(created.fault.code);
  created.value.close();
  const noted = (log: OpenLog): OpenLog => ({
    ...log,
    append: (entries) => {
      const appended = log.append(entries);
      while (times.length < log.head().size) times.push(world.now());
      return appended;
    },
  });
  return {
    writtenAt: (index) => times[index] ?? Number.POSITIVE_INFINITY,
    open: () => {
      const opened = openLog(options());
      if (!opened.ok) throw new Error(`the log ${origin} does not open after a power cut: ${opened.fault.code}`);
      // What a power cut tore away was never written, and what it left of it was.
      times.length = Math.min(times.length, opened.value.head().size);
      return noted(opened.value);
    },
  };
}
