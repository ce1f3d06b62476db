import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { fail, ok, type Result } from '../words/result.ts';
import { BATCH_WORDS } from './batch-words.ts';

/** Bytes of a SealedBatch before they are deflated, and the most that is inflated of anything. */
export const INFLATED_BYTES_MAX = 262_144;

/** Written at once while inflating, so that a small batch takes little memory. */
const CHUNK_BYTES = 4_096;

const dictionary = Buffer.from(BATCH_WORDS);

/** @param bytes - at most `INFLATED_BYTES_MAX` */
export function deflate(bytes: Uint8Array): Uint8Array {
  return deflateRawSync(bytes, bytes.length <= SMALL_BYTES_MAX ? SMALL : { dictionary });
}

/**
 * Words and bytes fit one window of 4 KiB, and one block of as many symbols: the stream is the one that the compressor's own
 * settings give, for which it clears 256 KiB each time.
 */
const SMALL_BYTES_MAX = 2_000;
const SMALL = { dictionary, windowBits: 12, memLevel: 5 } as const;

/**
 * Bytes of a raw deflate stream (RFC 1951) over the words of `batch-words.ts`, whoever wrote it and however well it is compressed.
 *
 * Which stream stands for the bytes is free, since it differs from one version of a compressor to the next; all else is
 * not: it ends where the bytes end, and it is given up as soon as it unfolds to more than `INFLATED_BYTES_MAX`.
 */
export function inflate(stream: Uint8Array): Result<Uint8Array, 'no-stream' | 'too-large'> {
  try {
    const options = { dictionary, maxOutputLength: INFLATED_BYTES_MAX, chunkSize: CHUNK_BYTES, info: true } as const;
    const { buffer, engine } = inflateRawSync(stream, options) as unknown as Inflated;
    return engine.bytesWritten === stream.length ? ok(buffer) : fail('no-stream');
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return fail(isTooLarge ? 'too-large' : 'no-stream');
  }
}

/** What the library gives when it is asked for `info`; `bytesWritten` is how much of the stream it has used. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}
