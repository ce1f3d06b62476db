import { lstatSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { FrameSource, FrameSourceEvents } from '../ports/frame-source.ts';
import { splitLines } from './line-splitter.ts';
import { LINE_BYTES_MAX, parseRawFrame } from './parse-raw-frame.ts';

/** Writers that may be connected to one vehicle's socket at a time. */
const WRITERS_MAX = 4;

/** Longest path of a Unix socket on Linux, bytes. Node would cut a longer one and listen somewhere else. */
const PATH_BYTES_MAX = 107;

/**
 * Listens on a Unix socket for raw frames, one JSON object a line. The socket file is made anew, readable and writable
 * by its owner only; a file that is no socket is left alone, since a wrong path must not cost it.
 *
 * @returns once it listens
 * @throws the system's error (a path too long, a directory that is missing, no right to write there)
 */
export async function listenForFrames(path: string, events: FrameSourceEvents): Promise<FrameSource> {
  if (Buffer.byteLength(path) > PATH_BYTES_MAX)
    throw new Error(`the socket's path has more than ${PATH_BYTES_MAX} bytes`);
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    feed(socket, { ...events, onEnd: () => undefined });
  });
  server.maxConnections = WRITERS_MAX;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Set while binding, so that there is no moment in which somebody else could connect.
    const before = process.umask(0o177);
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

/** Reads raw frames from a stream that ends, such as standard input. */
export function readFrames(stream: Readable, events: FrameSourceEvents): FrameSource {
  feed(stream, events);
  return {
    close: async () => {
      stream.destroy();
    },
  };
}

function feed(stream: Readable, events: FrameSourceEvents): void {
  const lines = splitLines(
    LINE_BYTES_MAX,
    (line) => {
      const frame = parseRawFrame(line);
      if (frame === undefined) events.onMalformed();
      else events.onFrame(frame);
    },
    events.onMalformed,
  );
  stream.on('data', (chunk: Buffer) => lines.push(chunk));
  stream.on('end', () => {
    lines.end();
    events.onEnd();
  });
}
