import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExporterFault, exporterFault } from '../exporter-fault.ts';
import { parseRange } from './byte-range.ts';
import type { Caller, PullSessions, Session } from './pull-session.ts';
import { serveFile } from './serve-file.ts';

export interface Handling {
  readonly caller: Caller;
  readonly sessions: PullSessions;
}

/** A receipt is far below this. */
const RECEIPT_BYTES_MAX = 66_560;

/** Answers one request of docs/receiver.md, "Pull", or gives the fault to answer with. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { caller, sessions }: Handling,
): Promise<ExporterFault | undefined> {
  const { method = '', url = '' } = request;
  const [, id, rest] = /^\/v1\/transfers\/([^/?]{1,64})\/(manifest|receipt|files\/[^/?]{1,128})$/.exec(url) ?? [];
  if (id === undefined || rest === undefined) return exporterFault('REQUEST_INVALID', 'no such address');
  const isReceipt = rest === 'receipt';
  if (!(isReceipt ? method === 'POST' : method === 'GET' || method === 'HEAD'))
    return exporterFault('REQUEST_INVALID', 'method');
  const opened = await sessions.open(id, caller);
  if (!opened.ok) return opened.fault;
  const session = opened.value;
  const stop = session.mayGoOn();
  if (stop !== undefined) return stop;
  if (!isReceipt)
    return answerFile(request, response, {
      session,
      name: rest === 'manifest' ? 'manifest.json' : rest.slice('files/'.length),
    });
  const receipt = await readBody(request);
  if (receipt === undefined) return exporterFault('RECEIPT_INVALID', 'length');
  const settled = await sessions.settle(session, receipt, caller);
  if (!settled.ok) return settled.fault;
  response.writeHead(204).end();
  return undefined;
}

async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  { session, name }: { readonly session: Session; readonly name: string },
): Promise<ExporterFault | undefined> {
  const file = session.prepared.parcel.files.find((one) => one.name === name);
  if (file === undefined) return exporterFault('PULL_UNKNOWN');
  const range = parseRange(request.headers.range, file.bytes);
  if (range === undefined) return exporterFault('PULL_RANGE', name);
  await serveFile(response, file, { range, isHead: request.method === 'HEAD', session });
  return undefined;
}

/** Undefined for a body that is too long, and for one that broke off. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length;
      if (bytes > RECEIPT_BYTES_MAX) return undefined;
      chunks.push(chunk as Buffer);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
