import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { writeWhole } from '../write-whole.ts';

/** What is hashed and written at a time: records of TLS come by 16 KiB, and a call of the system for each would cost as much as the hash. */
export const WRITE_BYTES = 524_288;

/**
 * Writes a body into a file from a place on and syncs it. The next piece is gathered while the disk is at the one before.
 *
 * @param look - sees every piece, in order, before it is written; the piece is its own only until it returns
 * @throws the system's error, and Node's when the body breaks off: then what had come is in the file
 */
export async function writeBody(
  body: Readable,
  into: { readonly path: string; readonly from: number },
  look: (piece: Uint8Array) => void,
): Promise<void> {
  const handle = await open(into.path, into.from === 0 ? 'w' : 'r+', 0o640);
  let at = into.from;
  let written: Promise<void> = Promise.resolve();
  try {
    for await (const piece of gathered(body)) {
      look(piece);
      await written;
      written = writeWhole(handle, piece, at);
      // Whoever waits for it hears of its failure; a body that breaks off may come first.
      written.catch(() => undefined);
      at += piece.length;
    }
  } finally {
    await written.finally(() => handle.sync()).finally(() => handle.close());
  }
}

/** A body in long pieces, and what there was of one that broke off. There are two rooms: a piece holds until the next but one is asked for. */
async function* gathered(body: Readable): AsyncGenerator<Buffer, void> {
  const rooms = [Buffer.allocUnsafe(WRITE_BYTES), Buffer.allocUnsafe(WRITE_BYTES)] as const;
  let room: Buffer = rooms[0];
  let filled = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const taken = chunk.copy(room, filled, at);
        [at, filled] = [at + taken, filled + taken];
        if (filled < WRITE_BYTES) continue;
        yield room;
        [room, filled] = [room === rooms[0] ? rooms[1] : rooms[0], 0];
      }
    }
  } finally {
    if (filled > 0) yield room.subarray(0, filled);
  }
}
