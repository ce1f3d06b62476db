import { Readable } from 'node:stream';
import { ok, type Result } from '../../proto/words/result.ts';
import { type ExporterFault, exporterFault } from './exporter-fault.ts';
import type { CheckedFile } from './open-parcel.ts';
import { readChecked } from './read-checked.ts';
import { type Answer, type Call, callRecipient } from './recipient-call.ts';
import { digestField } from './repr-digest.ts';

/** What a PUT came to; `held` when the recipient had the whole file before it. */
export type Put = Answer | 'held';

/**
 * Sends a file by PUT, or what the recipient lacks of it (docs/receiver.md).
 *
 * @param isResumed - an earlier attempt was under way: ask first how much of this file, by its hash, the recipient holds
 */
export async function putFile(
  call: Call,
  path: string,
  sent: { readonly file: CheckedFile; readonly isResumed: boolean },
): Promise<Result<Put, ExporterFault>> {
  const { file, isResumed } = sent;
  const held = isResumed ? await askHeld(call, path, file) : ok(0);
  if (!held.ok) return held;
  const from = held.value;
  if (from === file.bytes && from > 0) return ok('held');
  const headers: Record<string, string> = {
    'content-type': 'application/octet-stream',
    'content-length': String(file.bytes - from),
    'repr-digest': digestField(file.sha256),
  };
  if (from > 0) headers['content-range'] = `bytes ${from}-${file.bytes - 1}/${file.bytes}`;
  const body = Readable.from(pieces(call, file, from), { objectMode: false, highWaterMark: 1 });
  return callRecipient(call, { method: 'PUT', path, headers, body });
}

/** Bytes of this file that the recipient holds. One that does not know the question holds nothing: the file is sent whole. */
async function askHeld(call: Call, path: string, file: CheckedFile): Promise<Result<number, ExporterFault>> {
  const headers = { 'repr-digest': digestField(file.sha256) };
  // `reset`: undici would give up the connection after a HEAD, for servers that answer one with a body.
  const answer = await callRecipient(call, { method: 'HEAD', path, headers, reset: false });
  if (!answer.ok) return answer;
  const offset = String(answer.value.headers['upload-offset'] ?? '');
  const isTold = answer.value.status === 204 && /^\d{1,15}$/.test(offset) && Number(offset) <= file.bytes;
  return ok(isTold ? Number(offset) : 0);
}

/** The pieces of a file for as long as the attempt may go on. Ending early breaks the promised length, so nobody takes it for whole. */
async function* pieces(
  { cut, mayGoOn, patience }: Call,
  file: CheckedFile,
  from: number,
): AsyncGenerator<Buffer, void> {
  for await (const piece of readChecked(file, from, cut.cut)) {
    const stop = mayGoOn();
    if (stop !== undefined) return cut.cut(stop);
    const late = setTimeout(() => cut.cut(exporterFault('RECIPIENT_SLOW', file.name)), patience.pieceMs);
    try {
      yield piece;
    } finally {
      clearTimeout(late);
    }
  }
}
