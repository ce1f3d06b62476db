import { lstat } from 'node:fs/promises';
import { errorCode } from './exporter-fault.ts';

/** Whether there is something of this name, a broken link included. @throws the system error of anything but absence */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return false;
    throw cause;
  }
}
