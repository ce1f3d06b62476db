import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port where a recipient could be. It answers nothing and counts who comes. */
export interface SpyServer {
  readonly endpoint: string;
  readonly connections: () => number;
  readonly close: () => void;
}

export async function startSpyServer(): Promise<SpyServer> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { endpoint: `https://127.0.0.1:${port}`, connections: () => connections, close: () => server.close() };
}
