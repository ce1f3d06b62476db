import { createServer, connect, type Socket } from 'node:net';

export interface Recorded { readonly clientToServer: Buffer; readonly serverToClient: Buffer }
export interface Tap { readonly port: number; readonly connections: () => readonly Recorded[]; readonly close: () => Promise<void> }

export function startTap({ listenPort, targetPort }: { listenPort: number; targetPort: number }): Promise<Tap> {
  const recorded: { up: Buffer[]; down: Buffer[] }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const one = { up: [] as Buffer[], down: [] as Buffer[] };
    recorded.push(one);
    const target = connect(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => { sockets.delete(socket); client.destroy(); target.destroy(); });
    }
    client.on('data', (chunk: Buffer) => { one.up.push(chunk); target.write(chunk); });
    target.on('data', (chunk: Buffer) => { one.down.push(chunk); client.write(chunk); });
    client.on('end', () => target.end());
    target.on('end', () => client.end());
  });
  return new Promise((resolve) => {
    server.listen(listenPort, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        connections: () => recorded.map(({ up, down }) => ({ clientToServer: Buffer.concat(up), serverToClient: Buffer.concat(down) })),
        close: async () => { for (const socket of sockets) socket.destroy(); server.close(); },
      });
    });
  });
}
