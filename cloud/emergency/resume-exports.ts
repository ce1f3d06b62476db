import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { civilDateOf, HOUR_MS, type Instant } from '../../proto/words/time.ts';
import { isAsThen, isSamePerson, whoMay } from '../approvals/four-eyes.ts';
import type { ResumeApproval, StopRecord } from '../ports/emergency.ts';
import type { AuthorityRow } from '../ports/transfer-register.ts';
import { emergencyFault } from './emergency-fault.ts';
import { ACTOR, type EmergencyParts, keepStop, recordOf } from './stop-exports.ts';

/** Different natural persons who have to resume; who stopped may be one of them. */
export const RESUMES_MIN = 2;

/** The first person's word waits at most this long for the second. */
export const RESUME_WAIT_MS = 24 * HOUR_MS;

export interface ResumeOutcome {
  readonly stop: string;
  readonly state: 'resumed' | 'waiting';
  readonly approvals: number;
}

/**
 * Takes one person's word that exports may go on: weighed, in the operations log, and only then counted. The second one
 * lifts the stop, in the log before the mark goes. Permits stay revoked: every transfer is asked for anew.
 *
 * Faults: it does not count, and log and alerts say so; or the log's own, and then nothing was lifted.
 */
export function resumeExports(by: string, parts: EmergencyParts): Result<ResumeOutcome, Fault> {
  const noticed = recordOf(parts);
  if (noticed === undefined) return fail(emergencyFault('EMERGENCY_NOT_STOPPED'));
  const { record } = keepStop(noticed, parts);
  if (record.logIndex === undefined) return fail(emergencyFault('EMERGENCY_UNLOGGED'));
  const now = parts.clock.now();
  const standing = standingOf(record, now, parts);
  const row = weigh(by, record, standing, now, parts);
  if (!row.ok) return refuse(by, record, row.fault, parts);
  const { account, person } = row.value;
  const entry = { kind: 'emergency-resume', transferId: '', actor: account };
  const logged = parts.operations.append([{ ...entry, document: { stop: record.note.id, authority: row.value } }]);
  if (!logged.ok) return logged;
  const approval = { account, person, at: now, logIndex: logged.value.firstIndex };
  const counted = { ...record, approvals: [...standing, approval] };
  parts.memory.save(counted);
  return advanceResume(counted, parts);
}

/** Lifts a stop that two persons have resumed; called by the second, and after a crash by the watch. */
export function advanceResume(record: StopRecord, parts: EmergencyParts): Result<ResumeOutcome, Fault> {
  const stop = record.note.id;
  const standing = standingOf(record, parts.clock.now(), parts);
  const outcome = { stop, approvals: standing.length };
  if (!record.isLifting) {
    if (standing.length < RESUMES_MIN) return ok({ ...outcome, state: 'waiting' });
    const document = { stop, approvals: standing.map(({ logIndex }) => logIndex) };
    const logged = parts.operations.append([{ kind: 'emergency-resumed', transferId: '', actor: ACTOR, document }]);
    if (!logged.ok) return logged;
    const alert = { code: 'EMERGENCY_RESUMED', ...document };
    const told = parts.alerts.append([{ kind: 'alert', transferId: '', actor: ACTOR, document: alert }]);
    if (!told.ok) return told;
    parts.memory.save({ ...record, isLifting: true });
  }
  const removed = parts.mark.remove();
  if (!removed.ok) return removed;
  parts.memory.forget();
  return ok({ ...outcome, state: 'resumed' });
}

/** What counts still: not too old, by a row that stands as it did, of different persons, and in the log as it is told. */
export function standingOf(record: StopRecord, now: Instant, parts: EmergencyParts): readonly ResumeApproval[] {
  const standing: ResumeApproval[] = [];
  for (const one of record.approvals) {
    const isFresh = now >= one.at && now - one.at < RESUME_WAIT_MS;
    const row = weigh(one.account, record, standing, now, parts);
    const isSame = row.ok && isSamePerson(row.value.person, one.person);
    if (isFresh && isSame && isLogged(one, record, parts)) standing.push(one);
  }
  return standing;
}

function isLogged({ account, logIndex }: ResumeApproval, { note }: StopRecord, { entryAt }: EmergencyParts): boolean {
  const entry = entryAt(logIndex);
  return entry?.kind === 'emergency-resume' && entry.actor === account && entry.document['stop'] === note.id;
}

function weigh(
  account: string,
  record: StopRecord,
  standing: readonly ResumeApproval[],
  now: Instant,
  { matrix }: EmergencyParts,
): Result<AuthorityRow, Fault> {
  const row = whoMay('resume', account, matrix(), civilDateOf(now));
  if (!row.ok) return row;
  if (!isAsThen(row.value, record.matrix ?? [])) return fail(emergencyFault('EMERGENCY_ROLE_CHANGED'));
  const isTwice = standing.some(({ person }) => isSamePerson(person, row.value.person));
  return isTwice ? fail(emergencyFault('EMERGENCY_SAME_PERSON')) : row;
}

/** Nobody is refused in silence. */
function refuse(by: string, { note }: StopRecord, fault: Fault, parts: EmergencyParts): Result<never, Fault> {
  const document = { stop: note.id, code: fault.code };
  parts.alerts.append([
    {
      kind: 'alert',
      transferId: '',
      actor: ACTOR,
      document: { ...document, code: 'EMERGENCY_RESUME_REFUSED', because: fault.code, by },
    },
  ]);
  const logged = parts.operations.append([{ kind: 'emergency-resume-refused', transferId: '', actor: by, document }]);
  return fail(logged.ok ? fault : logged.fault);
}
