import type { Readable } from 'node:stream';
import type { FrameSource, FrameSourceEvents } from '../ports/frame-source.ts';
import { splitLines } from './line-splitter.ts';
import { LINE_BYTES_MAX, parseRawFrame } from './parse-raw-frame.ts';
import { listenOnSocket, type Writers } from './unix-socket.ts';

/**
 * Listens on a Unix socket for raw frames, one JSON object a line.
 *
 * @returns once it listens
 * @throws the system's error
 */
export function listenForFrames(path: string, writers: Writers, events: FrameSourceEvents): Promise<FrameSource> {
  return listenOnSocket(path, writers, (socket) => feed(socket, { ...events, onEnd: () => undefined }));
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
