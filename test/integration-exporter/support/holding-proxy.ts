import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** Where a line stands still. */
export interface Hold {
  /** Bytes towards the recipient that are passed on; nothing of what follows is. */
  readonly up?: number;
  /** Once this is so, nothing more of what the recipient says is passed on. */
  readonly downWhen?: () => boolean;
}

/** A line to the receiver that stands still at a chosen place, with both its ends open: the moment to kill one of them. */
export async function startHoldingProxy(port: number) {
  let hold: Hold = {};
  let isHeld = false;
  const server = createServer((near) => {
    let passed = 0;
    const far = connect(port, '127.0.0.1');
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    const { up = Number.POSITIVE_INFINITY, downWhen = () => false } = hold;
    near.on('data', (chunk) => {
      const room = Math.max(0, up - passed);
      passed += chunk.length;
      if (room > 0) far.write(chunk.subarray(0, room));
      if (chunk.length <= room) return;
      near.pause();
      isHeld = true;
    });
    far.on('data', (chunk) => {
      isHeld ||= downWhen();
      if (!isHeld) near.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return {
    endpoint: `https://127.0.0.1:${own}`,
    /** For the connections that come from now on. */
    holdAt: (at: Hold) => {
      hold = at;
      isHeld = false;
    },
    isHeld: () => isHeld,
    close: () => server.close(),
  };
}
