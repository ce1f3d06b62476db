import type { FastifyReply } from 'fastify';
import { problemDocument } from '../../../proto/words/problem-document.ts';
import type { ExporterFault } from '../exporter-fault.ts';
import type { ExporterFaultCode } from '../faults.table.ts';

/** Answers with a fault as a problem document (RFC 9457) that also has our own four parts. */
export function sendProblem(reply: FastifyReply, fault: ExporterFault): FastifyReply {
  const status = STATUS[fault.code] ?? UNPROCESSABLE;
  const body = JSON.stringify(problemDocument(status, fault));
  return reply.code(status).type('application/problem+json').send(body);
}

/** What a parcel does wrong by itself. */
const UNPROCESSABLE = 422;

const STATUS: Readonly<Partial<Record<ExporterFaultCode, number>>> = {
  EXPORTER_UNKNOWN: 403,
  REQUEST_INVALID: 400,
  LENGTH_REQUIRED: 411,
  PARCEL_TOO_LARGE: 413,
  PARCEL_TOO_MANY_FILES: 413,
  FILE_BROKEN_OFF: 400,
  FILE_OFFSET: 409,
  TRANSFER_BUSY: 409,
  TRANSFER_ALREADY_RECEIVED: 409,
  TRANSFER_OTHER_PARCEL: 409,
  PARCEL_INCOMPLETE: 409,
  STAGING_FULL: 503,
  STORE_UNWRITABLE: 503,
};
