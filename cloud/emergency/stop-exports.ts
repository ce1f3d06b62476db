import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Clock, toIso } from '../../proto/words/time.ts';
import type { Matrix } from '../approvals/four-eyes.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { StopMark, StopMemory, StopNote, StopRecord } from '../ports/emergency.ts';
import { believedNote, newStopId, plainName, plainReason } from './stop-note.ts';

/** An entry of the operations log, read back. */
export interface LoggedAct {
  readonly kind: string;
  readonly actor: string;
  readonly document: Readonly<Record<string, unknown>>;
}

export interface EmergencyParts {
  readonly clock: Clock;
  /** Random bytes as lower-case hexadecimal. */
  readonly draw: (bytes: number) => string;
  readonly mark: StopMark;
  readonly memory: StopMemory;
  readonly operations: AppendOnly;
  readonly alerts: AppendOnly;
  /** Undefined for an entry that is not there or cannot be read. */
  readonly entryAt: (index: number) => LoggedAct | undefined;
  /** The authority matrix as it stands now. */
  readonly matrix: () => Matrix;
  /** Transfers whose permits stand. */
  readonly permitted: () => readonly string[];
  /** Withdraws every permit that stands; may be called again. */
  readonly revokePermits: () => void;
  /** Enters the incident of a stop in the register, once; what is there already is done. */
  readonly enterIncident: (note: StopNote) => Result<void, Fault>;
}

export interface StopOutcome {
  readonly record: StopRecord;
  /** What could not be done yet; it is tried again until it is. */
  readonly faults: readonly Fault[];
}

/** Who the log names for what the cloud does of itself. */
export const ACTOR = 'cloud';

/**
 * Stops all exports: remembered, logged, alerted, marked, permits revoked, incident entered, in that order. A step that
 * fails keeps none of those after it waiting: a stop that could not be logged is a stop all the same.
 *
 * Fault EMERGENCY_STOP_FAILED: no mark could be written, so the exporter goes on.
 */
export function stopExports(
  asked: { readonly reason: string; readonly by: string },
  parts: EmergencyParts,
): Result<StopOutcome, Fault> {
  const now = parts.clock.now();
  const by = plainName(asked.by);
  const note = { id: newStopId(now, parts.draw), at: now, by, reason: plainReason(asked.reason) };
  const known = recordOf(parts);
  const record = known ?? begun(note, 'command', parts);
  const kept = keepStop(record, parts);
  if (known !== undefined) say(parts, by, { kind: 'emergency-stop-again', stop: known.note.id, reason: note.reason });
  const unmarked = kept.faults.find(({ code }) => code === 'EMERGENCY_STOP_FAILED');
  return unmarked === undefined ? ok(kept) : fail(unmarked);
}

/** The stop in force, noticed if only its mark is there; undefined when there is none. */
export function recordOf(parts: EmergencyParts): StopRecord | undefined {
  const record = parts.memory.load();
  if (record !== 'none' && record !== 'unreadable') return record;
  const seen = parts.mark.read();
  if (seen === 'absent' && record === 'none') return undefined;
  const note = believedNote(seen === 'absent' ? 'unreadable' : seen, parts.clock.now(), parts.draw);
  return begun(note, 'mark', parts);
}

function begun(note: StopNote, source: StopRecord['source'], parts: EmergencyParts): StopRecord {
  const matrix = parts.matrix();
  const kept = matrix === undefined ? {} : { matrix };
  const open = { isAlerted: false, isMarked: false, hasIncident: false, approvals: [], isLifting: false };
  const record = { note, source, ...kept, ...open, permitted: parts.permitted() };
  try {
    parts.memory.save(record);
  } catch {
    // Remembered by this process until the disk takes it; the mark stands for it after a restart.
  }
  return record;
}

/** Brings a stop as far as it goes. Called at the stop, at a start, and time and again. */
export function keepStop(begin: StopRecord, parts: EmergencyParts): StopOutcome {
  const faults: Fault[] = [];
  let record = begin;
  const step = (work: () => Result<StopRecord, Fault>): void => {
    try {
      const done = work();
      if (!done.ok) faults.push(done.fault);
      else if (done.value !== record) {
        record = done.value;
        parts.memory.save(record);
      }
    } catch (cause) {
      faults.push(undone(causeText(cause)));
    }
  };
  step(() => ok(adopted(record, parts)));
  step(() => logged(record, parts));
  step(() => alerted(record, parts));
  step(() => marked(record, parts));
  step(() => entered(record, parts));
  try {
    parts.revokePermits();
  } catch (cause) {
    faults.push(undone(causeText(cause)));
  }
  return { record, faults };
}

/** Without a profile at the stop, the first one after it says who may resume; later changes count for nothing. */
function adopted(record: StopRecord, parts: EmergencyParts): StopRecord {
  const matrix = record.matrix === undefined ? parts.matrix() : undefined;
  return matrix === undefined ? record : { ...record, matrix };
}

function logged(record: StopRecord, { operations }: EmergencyParts): Result<StopRecord, Fault> {
  if (record.logIndex !== undefined) return ok(record);
  const { note, source } = record;
  const document = { stop: note.id, stoppedAt: toIso(note.at), reason: note.reason, source };
  const entry = operations.append([{ kind: 'emergency-stop', transferId: '', actor: note.by, document }]);
  return entry.ok ? ok({ ...record, logIndex: entry.value.firstIndex }) : entry;
}

function alerted(record: StopRecord, { alerts }: EmergencyParts): Result<StopRecord, Fault> {
  if (record.isAlerted) return ok(record);
  const document = { code: 'EMERGENCY_STOPPED', stop: record.note.id, by: record.note.by };
  const entry = alerts.append([{ kind: 'alert', transferId: '', actor: ACTOR, document }]);
  return entry.ok ? ok({ ...record, isAlerted: true }) : entry;
}

/** A mark that was there and is gone was taken away by somebody whom nobody resumed by. */
function marked(record: StopRecord, parts: EmergencyParts): Result<StopRecord, Fault> {
  const isThere = parts.mark.read() !== 'absent';
  if (!isThere && record.isMarked) {
    const document = { code: 'EMERGENCY_MARK_REMOVED', stop: record.note.id };
    parts.alerts.append([{ kind: 'alert', transferId: '', actor: ACTOR, document }]);
    say(parts, ACTOR, { kind: 'emergency-mark-restored', stop: record.note.id });
  }
  // Also where one mark is there: the other name is made good.
  const written = isThere && record.isMarked ? ok(undefined) : parts.mark.write(record.note);
  if (!written.ok) return written;
  return ok(record.isMarked ? record : { ...record, isMarked: true });
}

function entered(record: StopRecord, { enterIncident }: EmergencyParts): Result<StopRecord, Fault> {
  if (record.hasIncident) return ok(record);
  const done = enterIncident(record.note);
  return done.ok ? ok({ ...record, hasIncident: true }) : done;
}

interface Told {
  readonly kind: string;
  readonly stop: string;
  readonly reason?: string;
}

/** Told in the log where it takes it; nothing waits for it. */
function say({ operations }: EmergencyParts, actor: string, { kind, ...document }: Told): void {
  try {
    operations.append([{ kind, transferId: '', actor, document }]);
  } catch {
    // A log that throws does not stand between anybody and a stop.
  }
}

function undone(cause: string): Fault<'EMERGENCY_STEP_OPEN'> {
  return {
    code: 'EMERGENCY_STEP_OPEN',
    problem: bilingual(
      `a step of the emergency stop could not be done yet: ${cause}`,
      `紧急停止的某一步骤尚未完成：${cause}`,
    ),
    remedy: bilingual(
      'free space on the data partition; the stop stands, and the step is tried again by itself',
      '请释放数据分区空间；停止持续有效，该步骤会自动重试',
    ),
    retry: 'later',
  };
}
