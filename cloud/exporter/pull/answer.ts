import type { ServerResponse } from 'node:http';
import { problemDocument } from '../../../proto/words/problem-document.ts';
import type { ExporterFault } from '../exporter-fault.ts';
import type { ExporterFaultCode } from '../faults.table.ts';

/** Answers with a fault as a problem document (RFC 9457), and ends the connection: whoever errs begins anew. */
export function answerProblem(response: ServerResponse, fault: ExporterFault): void {
  const status = STATUS[fault.code] ?? UNAVAILABLE;
  response.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' });
  response.end(JSON.stringify(problemDocument(status, fault)));
}

const UNAVAILABLE = 503;

const STATUS: Readonly<Partial<Record<ExporterFaultCode, number>>> = {
  REQUEST_INVALID: 400,
  EXPORTER_UNKNOWN: 403,
  PULL_UNKNOWN: 404,
  TRANSFER_BUSY: 409,
  PULL_RANGE: 416,
  RECEIPT_INVALID: 422,
  PULL_TOO_OFTEN: 429,
  PULL_CONNECTIONS_TOO_OFTEN: 429,
};
