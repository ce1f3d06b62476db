import { lstatSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { FrameSource } from '../ports/frame-source.ts';

/** Writers that may be connected to one socket at a time. */
export const WRITERS_MAX = 4;

/** Who may connect: the agent's own user, or everybody in its group. */
export type Writers = 'owner' | 'group';

const UMASKS = { owner: 0o177, group: 0o117 } as const;

/** Longest path of a Unix socket on Linux, bytes. Node would cut a longer one and listen somewhere else. */
const PATH_BYTES_MAX = 107;

/**
 * Listens on a Unix socket. The socket file is made anew, readable and writable by `writers` only; a file that is no socket
 * is left alone, since a wrong path must not cost it.
 *
 * @returns once it listens
 * @throws the system's error (a path too long, a directory that is missing, no right to write there)
 */
export async function listenOnSocket(
  path: string,
  writers: Writers,
  onWriter: (socket: Socket) => void,
): Promise<FrameSource> {
  if (Buffer.byteLength(path) > PATH_BYTES_MAX)
    throw new Error(`the socket's path has more than ${PATH_BYTES_MAX} bytes`);
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    onWriter(socket);
  });
  server.maxConnections = WRITERS_MAX;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Set while binding, so that there is no moment in which somebody else could connect.
    const before = process.umask(UMASKS[writers]);
    server.listen(path, () => {
      resolve({
        close: () =>
          new Promise((closed) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => closed());
          }),
      });
    });
    process.umask(before);
  });
}
