import type { ServerResponse } from 'node:http';
import type { ExporterFault } from '../exporter-fault.ts';
import type { ExporterFaultCode } from '../faults.table.ts';

/** Answers with a fault as a problem document (RFC 9457), and ends the connection: whoever errs begins anew. */
export function answerProblem(response: ServerResponse, fault: ExporterFault): void {
  const status = STATUS[fault.code] ?? UNAVAILABLE;
  const { code, problem, remedy, retry } = fault;
  const body = JSON.stringify({
    type: `urn:tongguan:fault:${code}`,
    title: problem.en,
    status,
    code,
    problem,
    remedy,
    retry,
  });
  response.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' });
  response.end(body);
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
};
