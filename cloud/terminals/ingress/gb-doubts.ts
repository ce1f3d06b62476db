import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { RejectionCode } from '../../ingest/rejections.ts';
import type { Sender } from '../../ports/device-register.ts';
import { type GbFrame, IS_COMMAND } from '../gb32960/frame.ts';
import { readUnit, type UnitRead } from '../gb32960/unit.ts';
import type { SignatureStanding } from '../keys/signature-keys.ts';
import type { AnswerCause } from './gb-answer.ts';
import { observedAt } from './gb-records.ts';
import type { Outcome, SessionParts } from './session.ts';

/** Commands that vehicles and platforms send. */
export const COMMAND = {
  ...{ login: 1, realtime: 2, reissue: 3, logout: 4, platformLogin: 5, platformLogout: 6, heartbeat: 7, timeSync: 8 },
} as const;

/** Of 2025: activation, its answer, and the key of data units. Their layout is not certain, so they are kept and not done. */
const UNREAD: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0b]);
export const isUnreadCommand = ({ edition, command }: GbFrame): boolean => edition === 2025 && UNREAD.has(command);

/** Why a frame is not taken in: refused and forgotten, or kept as evidence. */
export type Doubt =
  | { readonly refused: Outcome; readonly cause: AnswerCause }
  | { readonly rejected: RejectionCode; readonly cause: AnswerCause };

/** Whom a connection speaks for. */
export interface Login {
  readonly bound: Sender;
  /** Stands for the vehicle in its records. */
  readonly tag: SubjectTag;
  readonly serial: number;
  /** What its logout was of. */
  readonly endedAt: Instant | undefined;
}

/** How far the clock of a terminal may run ahead: as far as a vehicle's. */
const AHEAD_MS_MAX = 600_000;
export const UNENCRYPTED = 1;
const DATA: ReadonlySet<number> = new Set([COMMAND.realtime, COMMAND.reissue]);
const AFTER_LOGIN: ReadonlySet<number> = new Set([...DATA, COMMAND.logout, COMMAND.heartbeat]);

/** What is wrong with a frame before anybody looks who sent it. */
export function doubtOfForm({ isChecksumGood, answer }: GbFrame): Outcome | undefined {
  // What terminals answer to us is to no command of ours: we send none.
  if (answer !== IS_COMMAND) return 'passed-answer';
  return isChecksumGood ? undefined : 'refused-checksum';
}

/** Whether a connection may send this frame, by what it logged in as. */
export function doubtOfSender(frame: GbFrame, login: Login | undefined): Doubt | undefined {
  if (login === undefined) return { refused: 'refused-not-logged-in', cause: 'error' };
  if (frame.vin !== login.bound.vin.reveal()) return { rejected: 'TERMINAL_VIN_MISMATCH', cause: 'error' };
  if (!AFTER_LOGIN.has(frame.command) && !isUnreadCommand(frame)) return { refused: 'refused-command', cause: 'error' };
  if (login.endedAt !== undefined && !isOfEnded(frame, login.endedAt))
    return { refused: 'refused-not-logged-in', cause: 'error' };
  const isOther =
    frame.command === COMMAND.logout && frame.encryption === UNENCRYPTED && serialOf(frame) !== login.serial;
  return isOther ? { refused: 'refused-serial', cause: 'error' } : undefined;
}

/** Cars send what was observed up to their logout after it, over the same connection. */
function isOfEnded(frame: GbFrame, endedAt: Instant): boolean {
  if (!DATA.has(frame.command) || frame.encryption !== UNENCRYPTED) return false;
  const at = observedAt(readUnit(frame));
  return at !== undefined && at <= endedAt;
}

export function serialOf(frame: GbFrame): number | undefined {
  const { serial } = readUnit(frame).fields;
  return typeof serial === 'number' ? serial : undefined;
}

/** Whether positions may be read at all. */
export function doubtOfIngress({ hasCustodian }: SessionParts): Doubt | undefined {
  return hasCustodian() ? undefined : { refused: 'refused-custodian', cause: 'error' };
}

/** A signature that its vehicle's key does not bear out: somebody changed the frame, or made it. */
export const doubtOfSignature = (standing: SignatureStanding): Doubt | undefined =>
  standing === 'failed' ? { rejected: 'TERMINAL_SIGNATURE', cause: 'signature' } : undefined;

/** What is wrong with what a frame says. */
export function doubtOfContent(unit: UnitRead, bound: Sender, now: Instant, parts: SessionParts): Doubt | undefined {
  const at = observedAt(unit);
  if (parts.isBarred(bound.number)) return { rejected: 'DEVICE_BARRED', cause: 'error' };
  if (unit.fault !== undefined || at === undefined) return { rejected: 'TERMINAL_LAYOUT', cause: 'structure' };
  return at > now + AHEAD_MS_MAX ? { rejected: 'TIME_IN_FUTURE', cause: 'error' } : undefined;
}
