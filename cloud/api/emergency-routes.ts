import { z } from 'zod';
import { emergencyFault } from '../emergency/emergency-fault.ts';
import { RESUME_WAIT_MS, RESUMES_MIN, resumeExports, standingOf } from '../emergency/resume-exports.ts';
import { type EmergencyParts, keepStop, recordOf, stopExports } from '../emergency/stop-exports.ts';
import { type StopReportFacts, stopReport } from '../emergency/stop-report.ts';
import type { StopRecord } from '../ports/emergency.ts';
import { markdownOf } from '../report/markdown.ts';
import { type ApiRoute, answered, apiRoute, outcomeOf, refused } from './route.ts';

export interface EmergencyRoutesParts {
  readonly parts: EmergencyParts;
  readonly reportFacts: (record: StopRecord) => StopReportFacts;
}

const TEXT_MAX = 4_096;
const Stop = z.strictObject({ reason: z.string().min(1).max(TEXT_MAX) });
const Resume = z.strictObject({});
const invalid = () => emergencyFault('EMERGENCY_INVALID');

/** `GET /emergency`, `POST /emergency/stop` and `/resume`. Anybody who can ask may stop. */
export function emergencyRoutes(of: EmergencyRoutesParts): readonly ApiRoute[] {
  const { parts } = of;
  return [
    apiRoute({
      method: 'GET',
      path: '/emergency',
      summary: 'the stop in force, what of it is done, and the draft of the report',
      invalid,
      answer: () => answered(shown(recordOf(parts), of)),
    }),
    apiRoute({
      method: 'POST',
      path: '/emergency/stop',
      summary: 'stop all exports at once',
      body: Stop,
      by: { key: 'by', in: 'body', form: z.string().min(1).max(TEXT_MAX) },
      invalid,
      answer: ({ body, by }) => {
        const stopped = stopExports({ ...body, by }, parts);
        if (!stopped.ok) return refused(409, stopped.fault);
        const { record, faults } = stopped.value;
        return answered({ ...shown(record, of), faults });
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/emergency/resume',
      summary: "one person's word that exports may go on; two are wanted",
      body: Resume,
      by: { key: 'by', in: 'body', form: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/) },
      isSigned: true,
      invalid,
      answer: ({ by }) => outcomeOf(resumeExports(by, parts)),
    }),
  ];
}

/** The stop in force, what of it is done, and the draft of the report. */
function shown(noticed: StopRecord | undefined, { parts, reportFacts }: EmergencyRoutesParts): object {
  if (noticed === undefined) return { stopped: false };
  const { record } = noticed.isLifting ? { record: noticed } : keepStop(noticed, parts);
  const { note, source, logIndex, isAlerted, isMarked, hasIncident } = record;
  const now = parts.clock.now();
  const approvals = standingOf(record, now, parts).map(({ account, person, at, logIndex: index }) => ({
    account,
    person,
    logIndex: index,
    until: new Date(at + RESUME_WAIT_MS).toISOString(),
  }));
  const facts = reportFacts(record);
  const document = stopReport(facts);
  return {
    stopped: true,
    stop: note,
    source,
    done: { logged: logIndex !== undefined, alerted: isAlerted, marked: isMarked, incident: hasIncident },
    revoked: facts.transfers.map(({ transferId }) => transferId),
    resume: { approvalsMin: RESUMES_MIN, approvals },
    report: { zh: markdownOf(document, 'zh'), en: markdownOf(document, 'en') },
  };
}
