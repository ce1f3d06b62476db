import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way between vehicle and cloud that a test can break. */
export interface Link {
  readonly url: string;
  /** Nothing passes any more in either direction, and nobody is told: no FIN, no RST. */
  readonly freeze: () => void;
  /** New connections pass again; those that were frozen stay so. */
  readonly thaw: () => void;
  /** Ends every connection. */
  readonly cut: () => void;
  /** Connections made so far. */
  readonly made: () => number;
}

export async function openLink(port: number): Promise<Link> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isFrozen = false;
  let made = 0;
  const server = createServer((near) => {
    made += 1;
    const far = connect(port, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    if (isFrozen) return;
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  onTestFinished(() => {
    server.close();
    cut();
  });
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `mqtts://127.0.0.1:${own}`,
    freeze: () => {
      isFrozen = true;
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        near.pause();
        far.pause();
      }
    },
    thaw: () => {
      isFrozen = false;
    },
    cut,
    made: () => made,
  };
}
