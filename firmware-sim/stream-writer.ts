import type { Writable } from 'node:stream';

/**
 * Writes to a stream at the pace of its reader.
 *
 * @returns a function that resolves when more may be written, or when the stream is gone
 */
export function streamWriter(stream: Writable): (text: string) => Promise<void> {
  return (text) =>
    new Promise((resolve) => {
      if (stream.destroyed || stream.write(text)) {
        resolve();
        return;
      }
      const settle = () => {
        stream.off('drain', settle);
        stream.off('close', settle);
        resolve();
      };
      stream.on('drain', settle);
      stream.on('close', settle);
    });
}
