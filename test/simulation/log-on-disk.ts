import { createLog, type OpenLog, openLog } from '../../cloud/log/open-log.ts';
import type { Disk } from './disk.ts';
import type { World } from './world.ts';

/** The log of a machine, begun once; whoever starts opens it again. @returns throws where it does not open after a power cut */
export function beginLog(
  { disk, world }: { readonly disk: Disk; readonly world: World },
  origin: string,
  signingKey: Parameters<typeof openLog>[0]['signingKey'],
): () => OpenLog {
  const options = () => ({ directory: disk.at('log'), origin, signingKey, clock: world });
  const created = createLog(options());
  if (!created.ok) throw new Error(created.fault.code);
  created.value.close();
  return () => {
    const opened = openLog(options());
    if (!opened.ok) throw new Error(`the log ${origin} does not open after a power cut: ${opened.fault.code}`);
    return opened.value;
  };
}
