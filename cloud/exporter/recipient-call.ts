import type { Client, Dispatcher } from 'undici';
import { z } from 'zod';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Cut } from './cut.ts';
import { type ExporterFault, errorCode, exporterFault } from './exporter-fault.ts';

/** A receipt is below 66 KiB and a problem document far below. */
export const ANSWER_BYTES_MAX = 131_072;

export interface Answer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly body: Buffer;
  /** Of a problem document (RFC 9457), where it has one of ours. */
  readonly code?: string;
}

/** Longest times of the recipient; `exporter.yaml` has them. */
export interface Patience {
  readonly connectMs: number;
  /** Until an answer begins, and again until all of it is there. */
  readonly answerMs: number;
  /** For taking one piece of a file. */
  readonly pieceMs: number;
}

export interface Call {
  readonly patience: Patience;
  readonly client: Client;
  readonly cut: Cut;
  /** Asked before every request and every piece of a file; a fault ends the attempt. */
  readonly mayGoOn: () => ExporterFault | undefined;
}

/** One request to the recipient and the whole of its answer. */
export async function callRecipient(
  { client, cut, mayGoOn, patience }: Call,
  asked: Dispatcher.RequestOptions,
): Promise<Result<Answer, ExporterFault>> {
  const stop = cut.reason() ?? mayGoOn();
  if (stop !== undefined) return fail(stop);
  try {
    const { statusCode: status, headers, body: answered } = await client.request({ ...asked, signal: cut.signal });
    // An answer that drips is not silent, so its whole has a time of its own.
    const body = Buffer.from(await inTime(cut, patience.answerMs, () => answered.arrayBuffer()));
    const code = problemCode(body);
    return ok(code === undefined ? { status, headers, body } : { status, headers, body, code });
  } catch (cause) {
    // Whatever undici makes of it: our own reason for ending the attempt comes first.
    return fail(cut.reason() ?? brokenOff(errorCode(cause)));
  }
}

/** Cuts the attempt when work is not done in time. */
export async function inTime<T>(cut: Cut, ms: number, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => cut.cut(exporterFault('RECIPIENT_SLOW')), ms);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

export function answerFault({ status, code }: Answer): ExporterFault {
  return exporterFault('RECIPIENT_ANSWER', code === undefined ? `${status}` : `${status} ${code}`);
}

/** An alert of TLS after our handshake: with TLS 1.3 a server refuses our certificate only then. */
function brokenOff(code: string): ExporterFault {
  if (SILENCES.includes(code)) return exporterFault('RECIPIENT_SLOW', code);
  return exporterFault(code.startsWith('ERR_SSL') || code === 'EPROTO' ? 'RECIPIENT_TLS' : 'RECIPIENT_BROKE_OFF', code);
}

/** What undici says of a recipient that neither takes nor answers. */
const SILENCES: readonly string[] = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

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
