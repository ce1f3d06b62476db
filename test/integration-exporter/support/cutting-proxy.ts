import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A line to the receiver that breaks after so many bytes to it, once for each number given; later connections stand. */
export async function startCuttingProxy(
  port: number,
  cuts: readonly number[],
): Promise<{ readonly endpoint: string; readonly connections: () => number; readonly close: () => void }> {
  let connections = 0;
  const server = createServer((near) => {
    const cutAt = cuts[connections] ?? Number.POSITIVE_INFINITY;
    connections += 1;
    let passed = 0;
    const far = connect(port, '127.0.0.1');
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    far.pipe(near);
    near.on('data', (chunk) => {
      passed += chunk.length;
      far.write(chunk);
      // What was passed on arrives: the far end is closed in order, the near one is not.
      if (passed >= cutAt) {
        far.end();
        near.destroy();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  return { endpoint: `https://127.0.0.1:${bound}`, connections: () => connections, close: () => server.close() };
}
