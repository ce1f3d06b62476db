import type { Instant } from '../../../proto/words/time.ts';
import type { Arrival } from '../../ingest/sort-out.ts';
import type { Sender } from '../../ports/device-register.ts';
import { type GbFrame, writeGbFrame } from '../gb32960/frame.ts';
import { readUnit } from '../gb32960/unit.ts';
import type { SignatureKeys } from '../keys/signature-keys.ts';
import type { TerminalKeys } from '../keys/terminal-keys.ts';
import type { Origin } from './binding.ts';
import { ANSWER, answerTo } from './gb-answer.ts';
import { type Doubt, doubtOfContent, doubtOfIngress, doubtOfSignature, type Login, UNENCRYPTED } from './gb-doubts.ts';
import type { PlatformDoor, PlatformLogin } from './gb-platform.ts';
import { observedAt, recordsOfGb } from './gb-records.ts';
import type { Present } from './presence.ts';
import type { Outcome, SessionLink, SessionParts } from './session.ts';

/** What sessions of GB/T 32960 share. */
export interface GbParts extends SessionParts {
  /** Opens encrypted units. */
  readonly keys: TerminalKeys;
  /** Looks at signatures. */
  readonly signatures: SignatureKeys;
  /** Who may log in as a platform. */
  readonly platforms: PlatformDoor;
}

/** Doubtful frames of one connection before it is ended: a peer that talks another language is not listened to for long. */
const DOUBTS_MAX = 100;

/** One connection. */
export interface GbSession {
  readonly parts: GbParts;
  readonly origin: Origin;
  readonly link: SessionLink;
  readonly present: Present;
  /** Of a vehicle that speaks for itself. */
  login: Login | undefined;
  /** Of a platform that speaks for vehicles. */
  platform: PlatformLogin | undefined;
  /** While the password of a platform is looked at. */
  isOpening: boolean;
  isClosed: boolean;
  heardAt: Instant;
  waiting: number;
  doubts: number;
}

export function countDoubt(session: GbSession, outcome: Outcome): void {
  session.parts.count(outcome);
  session.doubts += 1;
  // One vehicle that is not on its list must not cut off a platform with thousands that are.
  if (session.doubts >= DOUBTS_MAX && session.platform === undefined) session.link.end();
}

/** @returns undefined when its unit is encrypted and does not open */
export function openedOf(frame: GbFrame, { keys }: GbParts): GbFrame | undefined {
  return frame.encryption === UNENCRYPTED || frame.unit.length === 0 ? frame : keys.open(frame);
}

/** @param sender - whom it counts against, where it is kept as evidence */
export function refuse(session: GbSession, frame: GbFrame, doubt: Doubt, sender = session.login?.bound): void {
  if ('rejected' in doubt) {
    // Evidence first: the answer goes out when the frame lies in quarantine.
    if (sender !== undefined) quarantine(session, sender, frame, doubt);
    return;
  }
  countDoubt(session, doubt.refused);
  session.link.write(answerTo(frame, doubt.cause));
}

/** @returns whether it is on its way to the zones */
export function store(session: GbSession, { bound, tag }: Login, frame: GbFrame): boolean {
  const { parts, link } = session;
  const unit = readUnit(frame);
  const receivedAt = parts.clock.now();
  const standing = parts.signatures.stand(frame, unit);
  const doubt = doubtOfIngress(parts) ?? doubtOfContent(unit, bound, receivedAt, parts) ?? doubtOfSignature(standing);
  if (doubt !== undefined) {
    refuse(session, frame, doubt, bound);
    return false;
  }
  const octets = octetsOf(frame);
  const batch = recordsOfGb({ frame, unit, octets, standing }, observedAt(unit) ?? receivedAt, tag);
  const arrival = { device: bound, payload: octets, receivedAt, batch, rejection: undefined };
  commit(session, arrival, 'stored', () => link.write(answerTo(frame, ANSWER.ok)));
  return true;
}

/** Kept where positions are kept, since nothing says what is in it; answered as an error, since nothing was done about it. */
export function keepUnread(session: GbSession, { bound, tag }: Login, frame: GbFrame): void {
  const { parts, link } = session;
  const receivedAt = parts.clock.now();
  const doubt = doubtOfIngress(parts);
  if (doubt !== undefined || parts.isBarred(bound.number)) {
    refuse(session, frame, doubt ?? { rejected: 'DEVICE_BARRED', cause: 'error' }, bound);
    return;
  }
  const octets = octetsOf(frame);
  const batch = recordsOfGb({ frame, unit: readUnit(frame), octets }, receivedAt, tag);
  const arrival = { device: bound, payload: octets, receivedAt, batch, rejection: undefined };
  commit(session, arrival, 'kept-unread', () => link.write(answerTo(frame, 'error')));
}

function quarantine(
  session: GbSession,
  device: Sender,
  frame: GbFrame,
  doubt: Extract<Doubt, { rejected: string }>,
): void {
  const receivedAt = session.parts.clock.now();
  const arrival = { device, payload: octetsOf(frame), receivedAt, batch: undefined, rejection: doubt.rejected };
  commit(session, arrival, 'quarantined', () => session.link.write(answerTo(frame, doubt.cause)));
}

function commit(session: GbSession, arrival: Arrival, outcome: Outcome, answer: () => void): void {
  const { parts, link } = session;
  session.waiting += 1;
  link.waiting(session.waiting);
  parts.take(arrival, (failed) => {
    session.waiting -= 1;
    link.waiting(session.waiting);
    if (failed !== undefined) {
      // Without an answer the terminal sends it again, over a connection of its own.
      parts.count('failed-store');
      link.end();
      return;
    }
    if (outcome === 'quarantined') countDoubt(session, outcome);
    else parts.count(outcome);
    answer();
  });
}

/** The frame as it came: what was read is written again byte for byte. */
export function octetsOf(frame: GbFrame): Buffer {
  const bytes = writeGbFrame(frame);
  return bytes.ok ? bytes.value : frame.unit;
}
