import { Readable } from 'node:stream';
import { type buildConnector, Client, type Dispatcher } from 'undici';
import { z } from 'zod';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Cut } from './cut.ts';
import { type ExporterFault, errorCode, exporterFault } from './exporter-fault.ts';
import type { TransferId } from './names.ts';
import type { CheckedFile, OpenParcel } from './open-parcel.ts';
import { readChecked } from './read-checked.ts';

export interface UploadOptions {
  readonly id: TransferId;
  readonly endpoint: string;
  readonly parcel: OpenParcel;
  /** Lower-case hex. */
  readonly manifestSha256: string;
  readonly connector: buildConnector.connector;
  readonly cut: Cut;
  /** Asked before every request and every piece of a file; a fault ends the attempt. */
  readonly mayGoOn: () => ExporterFault | undefined;
  /** An earlier attempt was under way, so the recipient may hold the whole parcel already. */
  readonly isResumed: boolean;
}

/** Longest silence of the recipient while a request is under way; a complete parcel is hashed within it. */
export const SILENCE_MS_MAX = 120_000;
/** A receipt is below 66 KiB and a problem document far below. */
export const ANSWER_BYTES_MAX = 131_072;

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** Of a problem document (RFC 9457), where it has one of ours. */
  readonly code?: string;
}

/**
 * Sends a parcel (docs/receiver.md): every file by PUT, then `complete`, on one connection unless the recipient closes it.
 *
 * A resumed transfer asks for the receipt first and sends nothing if the recipient has the parcel.
 *
 * @returns the body of the answer to `complete`, which should be a receipt and has not been checked
 */
export async function upload(options: UploadOptions): Promise<Result<Buffer, ExporterFault>> {
  const { origin, pathname } = new URL(options.endpoint);
  const client = new Client(origin, {
    connect: options.connector,
    pipelining: 1,
    headersTimeout: SILENCE_MS_MAX,
    bodyTimeout: SILENCE_MS_MAX,
    maxResponseSize: ANSWER_BYTES_MAX,
  });
  const base = `${pathname === '/' ? '' : pathname}/v1/transfers/${options.id}`;
  try {
    return await exchange(client, base, options);
  } finally {
    await client.destroy();
  }
}

async function exchange(client: Client, base: string, options: UploadOptions): Promise<Result<Buffer, ExporterFault>> {
  if (options.isResumed) {
    const early = await complete(client, base, options);
    const isWanting = early.ok && (early.value.code === 'PARCEL_INCOMPLETE' || early.value.status === 404);
    if (!isWanting) return receiptOf(early);
  }
  for (const file of options.parcel.files) {
    const put = await putFile(client, `${base}/files/${file.name}`, { ...options, file });
    if (!put.ok) return put;
    if (put.value.code === 'TRANSFER_ALREADY_RECEIVED') break;
    if (put.value.status !== 204) return fail(answerFault(put.value));
  }
  return receiptOf(await complete(client, base, options));
}

function receiptOf(answer: Result<Answer, ExporterFault>): Result<Buffer, ExporterFault> {
  if (!answer.ok) return answer;
  return answer.value.status === 200 ? ok(answer.value.body) : fail(answerFault(answer.value));
}

function complete(client: Client, base: string, options: UploadOptions): Promise<Result<Answer, ExporterFault>> {
  const body = JSON.stringify({ manifestSha256: options.manifestSha256 });
  const headers = { 'content-type': 'application/json' };
  return request(client, { method: 'POST', path: `${base}/complete`, headers, body }, options);
}

function putFile(
  client: Client,
  path: string,
  options: UploadOptions & { readonly file: CheckedFile },
): Promise<Result<Answer, ExporterFault>> {
  const { file } = options;
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(file.bytes) };
  const body = Readable.from(pieces(options), { objectMode: false, highWaterMark: 1 });
  return request(client, { method: 'PUT', path, headers, body }, options);
}

/** The pieces of a file for as long as the attempt may go on. Ending early breaks the promised length, so nobody takes it for whole. */
async function* pieces(options: UploadOptions & { readonly file: CheckedFile }): AsyncGenerator<Buffer, void> {
  const { cut, file, mayGoOn } = options;
  for await (const piece of readChecked(file, cut.cut)) {
    const stop = mayGoOn();
    if (stop !== undefined) return cut.cut(stop);
    yield piece;
  }
}

async function request(
  client: Client,
  asked: Dispatcher.RequestOptions,
  options: UploadOptions,
): Promise<Result<Answer, ExporterFault>> {
  const stop = options.cut.reason() ?? options.mayGoOn();
  if (stop !== undefined) return fail(stop);
  try {
    const { statusCode: status, body: answered } = await client.request({ ...asked, signal: options.cut.signal });
    const body = Buffer.from(await answered.arrayBuffer());
    const code = problemCode(body);
    return ok(code === undefined ? { status, body } : { status, body, code });
  } catch (cause) {
    // Whatever undici makes of it: our own reason for ending the attempt comes first.
    return fail(options.cut.reason() ?? brokenOff(errorCode(cause)));
  }
}

/** An alert of TLS after our handshake: with TLS 1.3 a server refuses our certificate only then. */
function brokenOff(code: string): ExporterFault {
  return exporterFault(code.startsWith('ERR_SSL') || code === 'EPROTO' ? 'RECIPIENT_TLS' : 'RECIPIENT_BROKE_OFF', code);
}

function answerFault(answer: Answer): ExporterFault {
  return exporterFault(
    'RECIPIENT_ANSWER',
    answer.code === undefined ? `${answer.status}` : `${answer.status} ${answer.code}`,
  );
}

function problemCode(body: Buffer): string | undefined {
  try {
    const problem = Problem.safeParse(JSON.parse(body.toString('utf8')));
    return problem.success ? problem.data.code : undefined;
  } catch {
    return undefined;
  }
}

/** From abroad, so only its form is trusted: it may stand in a fault. */
const Problem = z.looseObject({ code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/) });
