import { createServer, connect as dial, type Server, type Socket } from 'node:net';

const LOOPBACK = '127.0.0.1';

/**
 * What stands before several `ingress` where they are restarted in turn: each new connection goes to the next port that takes it,
 * and ends with the one behind it. It does not look inside.
 *
 * @param targets - ports of loopback; nobody has to listen yet
 * @returns what closes it
 */
export async function balance(port: number, targets: readonly number[]): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  let next = 0;
  const server = createServer((near) => {
    keep(near);
    const from = next++;
    const order = targets.map((_, at) => targets[(from + at) % targets.length] ?? 0);
    near.on('error', () => undefined);
    void join(near, order, keep);
  });
  await listen(server, port);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

/** Nothing is read of the vehicle before somebody is there to read it. */
async function join(near: Socket, order: readonly number[], keep: (socket: Socket) => void): Promise<void> {
  for (const port of order) {
    const far = await reached(port);
    if (far === undefined) continue;
    keep(far);
    far.on('error', () => near.destroy());
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    if (near.destroyed) far.destroy();
    else near.pipe(far).pipe(near);
    return;
  }
  near.destroy();
}

function reached(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const far = dial(port, LOOPBACK);
    far.once('connect', () => resolve(far));
    far.once('error', () => resolve(undefined));
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
}
