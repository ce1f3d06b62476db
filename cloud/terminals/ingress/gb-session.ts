import type { GbFrame } from '../gb32960/frame.ts';
import { createGbStream } from '../gb32960/stream.ts';
import { readUnit } from '../gb32960/unit.ts';
import { bindLogin, type Origin } from './binding.ts';
import { ANSWER, answerTo, serverTime } from './gb-answer.ts';
import { COMMAND, doubtOfForm, doubtOfIngress, doubtOfSender, isUnreadCommand, serialOf } from './gb-doubts.ts';
import {
  countDoubt,
  type GbParts,
  type GbSession,
  keepUnread,
  octetsOf,
  openedOf,
  refuse,
  store,
} from './gb-intake.ts';
import { leavePlatform, takeOverPlatform, takePlatformLogin } from './gb-over-platform.ts';
import { observedAt } from './gb-records.ts';
import type { Present } from './presence.ts';
import type { SessionLink, TerminalSession } from './session.ts';

/**
 * One connection of GB/T 32960, of either edition: login first, then data, each frame answered once it is durable. A frame
 * that is refused is answered as an error, so that its terminal keeps it or sends it again.
 */
export function createGbSession(parts: GbParts, origin: Origin, link: SessionLink): TerminalSession {
  const present: Present = { heardAt: () => session.heardAt, end: link.end };
  const heardAt = parts.clock.now();
  const session: GbSession = { parts, origin, link, present, ...NOBODY, heardAt };
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
    isLoggedIn: () =>
      session.platform !== undefined || (session.login !== undefined && session.login.endedAt === undefined),
    close: () => {
      session.isClosed = true;
      leave(session);
      leavePlatform(session);
    },
  };
}

/** A connection before anybody has logged in. */
const NOBODY = {
  login: undefined,
  platform: undefined,
  isOpening: false,
  isClosed: false,
  waiting: 0,
  doubts: 0,
} as const;

function leave({ login, parts, present }: GbSession): void {
  if (login !== undefined) parts.presence.leave(login.bound.device, present);
}

function takeFrame(session: GbSession, frame: GbFrame): void {
  const { parts, link } = session;
  const spoilt = doubtOfForm(frame);
  if (spoilt === 'passed-answer') parts.count(spoilt);
  else if (spoilt !== undefined) refuse(session, frame, { refused: spoilt, cause: 'structure' });
  else if (frame.command === COMMAND.timeSync) {
    parts.count('time-sync');
    link.write(answerTo(frame, ANSWER.ok, serverTime(parts.clock.now())));
  } else if (session.platform !== undefined) takeOverPlatform(session, session.platform, frame);
  else {
    const opened = openedOf(frame, parts);
    if (opened === undefined) takeUnopened(session, frame);
    else if (frame.command === COMMAND.login) takeLogin(session, opened);
    else if (frame.command === COMMAND.platformLogin && session.login === undefined)
      void takePlatformLogin(session, opened);
    else takeOfLogin(session, opened);
  }
}

/** What does not open is kept as it came and answered so, whoever sent it; nothing in it is guessed. */
function takeUnopened(session: GbSession, frame: GbFrame): void {
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

function takeOfLogin(session: GbSession, frame: GbFrame): void {
  const { login, parts, link } = session;
  const doubt = doubtOfSender(frame, login);
  if (doubt !== undefined || login === undefined) {
    refuse(session, frame, doubt ?? { refused: 'refused-not-logged-in', cause: 'error' });
  } else if (frame.command === COMMAND.heartbeat) {
    parts.count('heartbeat');
    link.write(answerTo(frame, ANSWER.ok));
  } else if (isUnreadCommand(frame)) keepUnread(session, login, frame);
  else if (store(session, login, frame) && frame.command === COMMAND.logout) {
    session.login = { ...login, endedAt: observedAt(readUnit(frame)) ?? parts.clock.now() };
    leave(session);
  }
}

function takeLogin(session: GbSession, frame: GbFrame): void {
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
    const login = { bound, tag: parts.tagOf(bound), serial: serialOf(frame) ?? 0, endedAt: undefined };
    session.login = login;
    store(session, login, frame);
  }
}
