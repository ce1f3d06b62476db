import type { Client, Dispatcher } from 'undici';
import { z } from 'zod';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Cut } from './cut.ts';
import { type ExporterFault, errorCode, exporterFault } from './exporter-fault.ts';

/** Longest silence of the recipient while a request is under way; a complete parcel is hashed within it. */
export const SILENCE_MS_MAX = 120_000;
/** A receipt is below 66 KiB and a problem document far below. */
export const ANSWER_BYTES_MAX = 131_072;

export interface Answer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly body: Buffer;
  /** Of a problem document (RFC 9457), where it has one of ours. */
  readonly code?: string;
}

export interface Call {
  readonly client: Client;
  readonly cut: Cut;
  /** Asked before every request and every piece of a file; a fault ends the attempt. */
  readonly mayGoOn: () => ExporterFault | undefined;
}

/** One request to the recipient and the whole of its answer. */
export async function callRecipient(
  { client, cut, mayGoOn }: Call,
  asked: Dispatcher.RequestOptions,
): Promise<Result<Answer, ExporterFault>> {
  const stop = cut.reason() ?? mayGoOn();
  if (stop !== undefined) return fail(stop);
  try {
    const { statusCode: status, headers, body: answered } = await client.request({ ...asked, signal: cut.signal });
    const body = Buffer.from(await answered.arrayBuffer());
    const code = problemCode(body);
    return ok(code === undefined ? { status, headers, body } : { status, headers, body, code });
  } catch (cause) {
    // Whatever undici makes of it: our own reason for ending the attempt comes first.
    return fail(cut.reason() ?? brokenOff(errorCode(cause)));
  }
}

export function answerFault({ status, code }: Answer): ExporterFault {
  return exporterFault('RECIPIENT_ANSWER', code === undefined ? `${status}` : `${status} ${code}`);
}

/** An alert of TLS after our handshake: with TLS 1.3 a server refuses our certificate only then. */
function brokenOff(code: string): ExporterFault {
  return exporterFault(code.startsWith('ERR_SSL') || code === 'EPROTO' ? 'RECIPIENT_TLS' : 'RECIPIENT_BROKE_OFF', code);
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
