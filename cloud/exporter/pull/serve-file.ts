import type { ServerResponse } from 'node:http';
import type { CheckedFile } from '../open-parcel.ts';
import { readChecked } from '../read-checked.ts';
import { digestField } from '../repr-digest.ts';
import type { ByteRange } from './byte-range.ts';
import type { Session } from './pull-session.ts';

/** How often a permit, a stop and a revocation are looked for while a slow reader takes its time. */
export const LOOK_MS = 100;

/** Sends a range of a checked file; breaks the connection off, short of the promised length, when it may not go on. */
export async function serveFile(
  response: ServerResponse,
  file: CheckedFile,
  asked: { readonly range: ByteRange; readonly isHead: boolean; readonly session: Session },
): Promise<void> {
  const { range, isHead, session } = asked;
  response.writeHead(range.isPart ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'content-length': String(range.end - range.start),
    'accept-ranges': 'bytes',
    'repr-digest': digestField(file.sha256),
    etag: `"${file.sha256}"`,
    ...(range.isPart ? { 'content-range': `bytes ${range.start}-${range.end - 1}/${file.bytes}` } : {}),
  });
  if (isHead) {
    response.end();
    return;
  }
  const watch = setInterval(() => {
    if (!mayStill(session)) response.destroy();
  }, LOOK_MS);
  try {
    for await (const piece of pieces(file, range, session)) await writeWhole(response, piece);
    response.end();
  } catch {
    // The reader went away, or we broke it off: either way the length that was promised is not there.
    response.destroy();
  } finally {
    clearInterval(watch);
  }
}

/** Resolves once TLS has taken the piece, and rejects when the connection is over. */
function writeWhole(response: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('gone'));
    if (response.destroyed) return gone();
    response.once('close', gone);
    response.write(piece, (cause) => {
      response.off('close', gone);
      return cause ? reject(cause) : resolve();
    });
  });
}

/** A look that throws has permitted nothing. */
function mayStill({ mayGoOn }: Session): boolean {
  try {
    return mayGoOn() === undefined;
  } catch {
    return false;
  }
}

async function* pieces(file: CheckedFile, { start, end }: ByteRange, session: Session): AsyncGenerator<Buffer, void> {
  let isChanged = false;
  let left = end - start;
  const onFault = () => {
    isChanged = true;
  };
  for await (const piece of readChecked(file, start, onFault)) {
    if (session.mayGoOn() !== undefined) throw new Error('stopped');
    yield piece.subarray(0, left);
    left -= Math.min(left, piece.length);
    if (left === 0) return;
  }
  if (isChanged || left > 0) throw new Error('changed');
}
