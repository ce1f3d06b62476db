import { setTimeout as after } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;
const TRIES_MAX = 1_200;

/** `/readyz` at a port of loopback; undefined where nobody answers. */
export const askReady = (port: number): Promise<Response | undefined> =>
  fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);

/** Waits for statuses of `/readyz`: who stands by says so before its port is open. @throws Error with what was told in their place */
export async function untilReady(wanted: readonly (readonly [port: number, status: number])[]): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const told = await Promise.all(wanted.map(async ([port]) => (await askReady(port))?.status));
    if (wanted.every(([, status], at) => told[at] === status)) return;
    if (tries >= TRIES_MAX) throw new Error(`waited in vain: /readyz says ${told.join()}`);
    await after(LOOK_EVERY_MS);
  }
}
