import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_TURNS = 2_000;

/** Waits for something that another process or the other end of a socket brings about. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let turns = 0; turns < PATIENCE_TURNS; turns += 1) {
    if (isSo()) return;
    await sleep(5);
  }
  throw new Error(`waited in vain for ${isSo.toString()}`);
}
