import { type buildConnector, Client } from 'undici';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { ExporterFault } from './exporter-fault.ts';
import type { TransferId } from './names.ts';
import type { OpenParcel } from './open-parcel.ts';
import { putFile } from './put-file.ts';
import { ANSWER_BYTES_MAX, type Answer, answerFault, type Call, callRecipient } from './recipient-call.ts';

export interface UploadOptions extends Omit<Call, 'client'> {
  readonly id: TransferId;
  readonly endpoint: string;
  readonly parcel: OpenParcel;
  /** Lower-case hex. */
  readonly manifestSha256: string;
  readonly connector: buildConnector.connector;
  /** An earlier attempt was under way, so the recipient may hold some of the parcel, or all of it. */
  readonly isResumed: boolean;
}

/**
 * Sends a parcel (docs/receiver.md): every file by PUT, then `complete`, on one connection unless the recipient closes it.
 *
 * A resumed transfer asks for the receipt first and sends nothing if the recipient has the parcel; else it asks of each file
 * how much is there, and sends the rest.
 *
 * @returns the body of the answer to `complete`, which should be a receipt and has not been checked
 */
export async function upload(options: UploadOptions): Promise<Result<Buffer, ExporterFault>> {
  const { origin, pathname } = new URL(options.endpoint);
  const { cut, mayGoOn, patience } = options;
  const client = new Client(origin, {
    connect: options.connector,
    pipelining: 1,
    headersTimeout: patience.answerMs,
    bodyTimeout: patience.answerMs,
    maxResponseSize: ANSWER_BYTES_MAX,
  });
  const base = `${pathname === '/' ? '' : pathname}/v1/transfers/${options.id}`;
  try {
    return await exchange({ client, cut, mayGoOn, patience }, base, options);
  } finally {
    await client.destroy();
  }
}

async function exchange(call: Call, base: string, options: UploadOptions): Promise<Result<Buffer, ExporterFault>> {
  const { isResumed, manifestSha256, parcel } = options;
  if (isResumed) {
    const early = await complete(call, base, manifestSha256);
    const isWanting = early.ok && (early.value.code === 'PARCEL_INCOMPLETE' || early.value.status === 404);
    if (!isWanting) return receiptOf(early);
  }
  for (const file of parcel.files) {
    const put = await putFile(call, `${base}/files/${file.name}`, { file, isResumed });
    if (!put.ok) return put;
    if (put.value === 'held') continue;
    if (put.value.code === 'TRANSFER_ALREADY_RECEIVED') break;
    if (put.value.status !== 204) return fail(answerFault(put.value));
  }
  return receiptOf(await complete(call, base, manifestSha256));
}

function receiptOf(answer: Result<Answer, ExporterFault>): Result<Buffer, ExporterFault> {
  if (!answer.ok) return answer;
  return answer.value.status === 200 ? ok(answer.value.body) : fail(answerFault(answer.value));
}

function complete(call: Call, base: string, manifestSha256: string): Promise<Result<Answer, ExporterFault>> {
  const body = JSON.stringify({ manifestSha256 });
  const headers = { 'content-type': 'application/json' };
  return callRecipient(call, { method: 'POST', path: `${base}/complete`, headers, body });
}
