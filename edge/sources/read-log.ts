import { createReadStream } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { splitLines } from './line-splitter.ts';

/** Bytes of one file, unpacked: a gzip of a few megabytes could otherwise run for years. */
export const LOG_BYTES_MAX = 17_179_869_184;

export interface LogReader {
  /** A promise where the next line has to wait. */
  readonly onLine: (line: string) => Promise<void> | undefined;
  readonly onTooLong: () => void;
}

/**
 * Reads a text file line by line, at the pace of whoever takes the lines; gzip when the name ends in `.gz`.
 *
 * @param signal - aborts the reading, which then ends without a fault
 * @throws the system's error, that of a broken archive, or one for a file beyond `LOG_BYTES_MAX`; lines before it were given
 */
export async function readLog(file: string, bytesMax: number, reader: LogReader, signal: AbortSignal): Promise<void> {
  let waiting: string[] = [];
  const lines = splitLines(bytesMax, (line) => void waiting.push(line), reader.onTooLong);
  let bytes = 0;
  const give = async (): Promise<void> => {
    const given = waiting;
    waiting = [];
    for (const line of given) {
      const pause = reader.onLine(line);
      if (pause !== undefined) await pause;
    }
  };
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > LOG_BYTES_MAX) return done(new Error(`the file has more than ${LOG_BYTES_MAX} bytes`));
      lines.push(chunk);
      // A turn of the event loop each chunk, so that sealing and sending go on while a long log is read.
      void give().then(() => setImmediate(done), done);
    },
    final(done) {
      lines.end();
      void give().then(() => done(), done);
    },
  });
  try {
    await pipeline(createReadStream(file), file.endsWith('.gz') ? createGunzip() : new PassThrough(), sink, { signal });
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}
