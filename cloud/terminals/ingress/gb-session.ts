import type { Instant } from '../../../proto/words/time.ts';
import type { Arrival } from '../../ingest/sort-out.ts';
import type { Sender } from '../../ports/device-register.ts';
import { type GbFrame, writeGbFrame } from '../gb32960/frame.ts';
import { createGbStream } from '../gb32960/stream.ts';
import { readUnit } from '../gb32960/unit.ts';
import type { TerminalKeys } from '../keys/terminal-keys.ts';
import { bindLogin, type Origin } from './binding.ts';
import { ANSWER, answerTo, serverTime } from './gb-answer.ts';
import {
  COMMAND,
  type Doubt,
  doubtOfContent,
  doubtOfForm,
  doubtOfIngress,
  doubtOfSender,
  isUnreadCommand,
  type Login,
  serialOf,
  UNENCRYPTED,
} from './gb-doubts.ts';
import { observedAt, recordsOfGb } from './gb-records.ts';
import type { Present } from './presence.ts';
import type { Outcome, SessionLink, SessionParts, TerminalSession } from './session.ts';

/** What sessions of GB/T 32960 share. */
export interface GbParts extends SessionParts {
  /** Opens encrypted units. */
  readonly keys: TerminalKeys;
}

/** Doubtful frames of one connection before it is ended: a peer that talks another language is not listened to for long. */
const DOUBTS_MAX = 100;

interface Session {
  readonly parts: GbParts;
  readonly origin: Origin;
  readonly link: SessionLink;
  readonly present: Present;
  login: Login | undefined;
  heardAt: Instant;
  waiting: number;
  doubts: number;
}

/**
 * One connection of GB/T 32960, of either edition: login first, then data, each frame answered once it is durable. A frame
 * that is refused is answered as an error, so that its terminal keeps it or sends it again.
 */
export function createGbSession(parts: GbParts, origin: Origin, link: SessionLink): TerminalSession {
  const present: Present = { heardAt: () => session.heardAt, end: link.end };
  const heardAt = parts.clock.now();
  const session: Session = { parts, origin, link, present, login: undefined, heardAt, waiting: 0, doubts: 0 };
  const stream = createGbStream({
    frame: (frame) => takeFrame(session, frame),
    fault: (code) => countDoubt(session, code === 'TERMINAL_TOO_LONG' ? 'refused-too-long' : 'refused-start'),
  });
  return {
    push: (segment) => {
      session.heardAt = parts.clock.now();
      stream.push(segment);
    },
    held: stream.held,
    isLoggedIn: () => session.login !== undefined && session.login.endedAt === undefined,
    close: () => leave(session),
  };
}

function countDoubt(session: Session, outcome: Outcome): void {
  session.parts.count(outcome);
  session.doubts += 1;
  if (session.doubts >= DOUBTS_MAX) session.link.end();
}

function leave({ login, parts, present }: Session): void {
  if (login !== undefined) parts.presence.leave(login.bound.device, present);
}

function takeFrame(session: Session, frame: GbFrame): void {
  const { parts, link } = session;
  const spoilt = doubtOfForm(frame);
  if (spoilt === 'passed-answer') parts.count(spoilt);
  else if (spoilt !== undefined) refuse(session, frame, { refused: spoilt, cause: 'structure' });
  else if (frame.command === COMMAND.timeSync) {
    parts.count('time-sync');
    link.write(answerTo(frame, ANSWER.ok, serverTime(parts.clock.now())));
  } else {
    const opened = openedOf(frame, parts);
    if (opened === undefined) takeUnopened(session, frame);
    else if (frame.command === COMMAND.login) takeLogin(session, opened);
    else takeOfLogin(session, opened);
  }
}

/** @returns undefined when its unit is encrypted and does not open */
function openedOf(frame: GbFrame, { keys }: GbParts): GbFrame | undefined {
  return frame.encryption === UNENCRYPTED || frame.unit.length === 0 ? frame : keys.open(frame);
}

/** What does not open is kept as it came and answered so, whoever sent it; nothing in it is guessed. */
function takeUnopened(session: Session, frame: GbFrame): void {
  const { login, parts, link } = session;
  const doubt = { rejected: 'TERMINAL_UNDECRYPTED', cause: 'decryption' } as const;
  if (login !== undefined) {
    const other = doubtOfSender(frame, login);
    refuse(session, frame, other ?? doubt);
  } else if (frame.command === COMMAND.login) {
    countDoubt(session, 'refused-encrypted');
    parts.unbound(octetsOf(frame), () => link.write(answerTo(frame, doubt.cause)), doubt.rejected);
  } else refuse(session, frame, { refused: 'refused-not-logged-in', cause: 'error' });
}

function refuse(session: Session, frame: GbFrame, doubt: Doubt): void {
  if ('rejected' in doubt) {
    // Evidence first: the answer goes out when the frame lies in quarantine.
    const sender = session.login?.bound;
    if (sender !== undefined) quarantine(session, sender, frame, doubt);
    return;
  }
  countDoubt(session, doubt.refused);
  session.link.write(answerTo(frame, doubt.cause));
}

function takeOfLogin(session: Session, frame: GbFrame): void {
  const { login, parts, link } = session;
  const doubt = doubtOfSender(frame, login);
  if (doubt !== undefined || login === undefined) {
    refuse(session, frame, doubt ?? { refused: 'refused-not-logged-in', cause: 'error' });
  } else if (frame.command === COMMAND.heartbeat) {
    parts.count('heartbeat');
    link.write(answerTo(frame, ANSWER.ok));
  } else if (isUnreadCommand(frame)) keepUnread(session, login.bound, frame);
  else if (store(session, login.bound, frame) && frame.command === COMMAND.logout) {
    session.login = { ...login, endedAt: observedAt(readUnit(frame)) ?? parts.clock.now() };
    leave(session);
  }
}

function takeLogin(session: Session, frame: GbFrame): void {
  const { parts, origin, present, link, login } = session;
  const doubt = doubtOfIngress(parts);
  const { fields, fault } = readUnit(frame);
  const code = parts.digestOf(typeof fields['iccid'] === 'string' ? fields['iccid'] : '');
  const claim = { protocol: 'gb32960', name: frame.vin, code } as const;
  const bound = doubt === undefined && fault === undefined ? bindLogin(claim, origin, parts.register) : undefined;
  if (doubt !== undefined) refuse(session, frame, doubt);
  else if (bound === undefined) {
    parts.count('refused-unbound');
    parts.unbound(octetsOf(frame), () => {
      link.write(answerTo(frame, 'unknown'));
      link.end();
    });
    // A second vehicle over one connection is a session of its own; whoever speaks for many is a platform.
  } else if (login !== undefined && login.bound.device !== bound.device)
    refuse(session, frame, { rejected: 'TERMINAL_VIN_MISMATCH', cause: 'error' });
  else if (!parts.presence.enter(bound.device, present, parts.clock.now()))
    refuse(session, frame, { refused: 'refused-duplicate', cause: 'duplicate' });
  else {
    session.login = { bound, serial: serialOf(frame) ?? 0, endedAt: undefined };
    store(session, bound, frame);
  }
}

/** @returns whether it is on its way to the zones */
function store(session: Session, bound: Sender, frame: GbFrame): boolean {
  const { parts, link } = session;
  const unit = readUnit(frame);
  const receivedAt = parts.clock.now();
  const doubt = doubtOfIngress(parts) ?? doubtOfContent(unit, bound, receivedAt, parts);
  if (doubt !== undefined) {
    refuse(session, frame, doubt);
    return false;
  }
  const octets = octetsOf(frame);
  const batch = recordsOfGb({ frame, unit, octets }, observedAt(unit) ?? receivedAt, parts.tagOf(bound));
  const arrival = { device: bound, payload: octets, receivedAt, batch, rejection: undefined };
  commit(session, arrival, 'stored', () => link.write(answerTo(frame, ANSWER.ok)));
  return true;
}

/** Kept where positions are kept, since nothing says what is in it; answered as an error, since nothing was done about it. */
function keepUnread(session: Session, bound: Sender, frame: GbFrame): void {
  const { parts, link } = session;
  const receivedAt = parts.clock.now();
  const doubt = doubtOfIngress(parts);
  if (doubt !== undefined || parts.isBarred(bound.number)) {
    refuse(session, frame, doubt ?? { rejected: 'DEVICE_BARRED', cause: 'error' });
    return;
  }
  const octets = octetsOf(frame);
  const batch = recordsOfGb({ frame, unit: readUnit(frame), octets }, receivedAt, parts.tagOf(bound));
  const arrival = { device: bound, payload: octets, receivedAt, batch, rejection: undefined };
  commit(session, arrival, 'kept-unread', () => link.write(answerTo(frame, 'error')));
}

function quarantine(
  session: Session,
  device: Sender,
  frame: GbFrame,
  doubt: Extract<Doubt, { rejected: string }>,
): void {
  const receivedAt = session.parts.clock.now();
  const arrival = { device, payload: octetsOf(frame), receivedAt, batch: undefined, rejection: doubt.rejected };
  commit(session, arrival, 'quarantined', () => session.link.write(answerTo(frame, doubt.cause)));
}

function commit(session: Session, arrival: Arrival, outcome: Outcome, answer: () => void): void {
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
function octetsOf(frame: GbFrame): Buffer {
  const bytes = writeGbFrame(frame);
  return bytes.ok ? bytes.value : frame.unit;
}
