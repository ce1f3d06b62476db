import type { AddressInfo } from 'node:net';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';

/** What passed in both directions of one TCP connection, so far. */
export interface Recording {
  readonly clientToServer: Buffer;
  readonly serverToClient: Buffer;
}

export interface Tap {
  /** Port that clients connect to instead of the server's. */
  readonly port: number;
  /** One entry for each connection, in order of arrival; also those that are open still. */
  readonly connections: () => readonly Recording[];
  /** Closes the port and every connection; what was recorded stays readable. */
  readonly close: () => Promise<void>;
}

/** All taps of one test together should stay in memory; a test that sends more is wrong about itself. */
const RECORDED_MAX_BYTES = 1024 * 2 ** 20;
const LOOPBACK = '127.0.0.1';

/**
 * Starts a TCP proxy on loopback that records every byte it passes on, before it passes it on. It does not look inside:
 * TLS goes through end to end. A connection that either side ends or resets is ended or reset on the other.
 *
 * @param ports - `listenPort` 0 lets the system choose
 * @throws the system's error when the port cannot be had; Error above 1 GiB recorded, in the process that taps
 */
export async function startTap(ports: { readonly listenPort: number; readonly targetPort: number }): Promise<Tap> {
  const tracks: Track[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const target = dial({ host: LOOPBACK, port: ports.targetPort, allowHalfOpen: true });
    const track: Track = { clientToServer: [], serverToClient: [] };
    tracks.push(track);
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => sockets.delete(socket));
    }
    pass(client, target, track.clientToServer);
    pass(target, client, track.serverToClient);
  });
  await listen(server, ports.listenPort);
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => tracks.map(recordingOf),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

interface Track {
  readonly clientToServer: Buffer[];
  readonly serverToClient: Buffer[];
}

function pass(from: Socket, to: Socket, track: Buffer[]): void {
  let recorded = 0;
  from.on('data', (chunk: Buffer) => {
    recorded += chunk.length;
    if (recorded > RECORDED_MAX_BYTES)
      throw new Error(`tap recorded more than ${RECORDED_MAX_BYTES} bytes of one direction`);
    track.push(chunk);
    if (!to.write(chunk)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
  // A reset, or a server that is not there: nothing more can pass, and the other side must learn it the same way.
  from.on('error', () => to.resetAndDestroy());
  from.on('close', () => {
    if (!from.readableEnded) to.destroy();
  });
}

function recordingOf({ clientToServer, serverToClient }: Track): Recording {
  return { clientToServer: Buffer.concat(clientToServer), serverToClient: Buffer.concat(serverToClient) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
