import type { Arrival } from '../../ingest/sort-out.ts';
import type { Sender } from '../../ports/device-register.ts';
import { createAssembly } from '../jt808/assembly.ts';
import { messageName, positionsIn, readBody, readPosition } from '../jt808/body.ts';
import type { JtFrame } from '../jt808/frame.ts';
import { createJtStream } from '../jt808/stream.ts';
import type { TerminalFaultCode } from '../terminal-fault.ts';
import type { Origin } from './binding.ts';
import { editionOf, platformTime, RESULT } from './jt-answer.ts';
import {
  acknowledge,
  answer,
  type Conversation,
  commit,
  countDoubt,
  type Incoming,
  type JtParts,
  nameOf,
  quarantine,
  refuse,
  send,
  single,
} from './jt-conversation.ts';
import { claimsOf, doubtOfJtForm, doubtOfTime } from './jt-doubts.ts';
import { takeAuthentication, takeDeregistration, takeRegistration } from './jt-enrolment.ts';
import { askForMissing, MEDIA, takeMedium } from './jt-media.ts';
import { recordsOfMessage, recordsOfPosition } from './jt-records.ts';
import type { Present } from './presence.ts';
import { instantOf } from './record-batch.ts';
import type { Outcome, SessionLink, TerminalSession } from './session.ts';

const MESSAGE = {
  ...{ answer: 0x0001, heartbeat: 0x0002, deregistration: 0x0003, timeQuery: 0x0004, resendDown: 0x0005 },
  ...{ registration: 0x0100, authentication: 0x0102, location: 0x0200, positions: 0x0704 },
} as const;

/** Messages without a position that are kept: driver, CAN bus, event of a medium, data passed through. */
const KEPT: ReadonlySet<number> = new Set([0x0702, 0x0705, 0x0800, 0x0900]);

/** Positions of one batch: a terminal that was out of reach sends some hundred at a time. */
export const POSITIONS_MAX = 1_024;

/**
 * One connection of JT/T 808, of any edition: registration, authentication, and then data, each message answered once it is
 * durable. A message that is refused is answered so, and its terminal sends it again or lets it go.
 */
export function createJtSession(parts: JtParts, origin: Origin, link: SessionLink): TerminalSession {
  const talk = converse(parts, origin, link);
  const stream = createJtStream({
    frame: (frame) => takeFrame(talk, frame),
    fault: (code) => countDoubt(talk, outcomeOf(code)),
  });
  return {
    push: (segment) => {
      talk.heardAt = parts.clock.now();
      stream.push(segment);
    },
    held: stream.held,
    isLoggedIn: () => talk.login !== undefined,
    tick: () => askForMissing(talk),
    close: () => {
      talk.assembly.close();
      if (talk.login !== undefined) parts.presence.leave(talk.login.bound.device, talk.present);
    },
  };
}

function converse(parts: JtParts, origin: Origin, link: SessionLink): Conversation {
  const certified = origin.device?.device;
  const present: Present = {
    ...{ heardAt: () => talk.heardAt, end: link.end },
    ...(certified === undefined ? {} : { certified }),
  };
  const assembly = createAssembly(() => parts.count('lost-parts'), parts.room);
  const talk: Conversation = {
    ...{ parts, origin, link, present, assembly, answered: new Map(), login: undefined },
    ...{ heardAt: parts.clock.now(), waiting: 0, doubts: 0, registrations: 0, serial: 0 },
  };
  return talk;
}

const OUTCOMES: Readonly<Partial<Record<TerminalFaultCode, Outcome>>> = {
  TERMINAL_TOO_LONG: 'refused-too-long',
  TERMINAL_ESCAPE: 'refused-escape',
  TERMINAL_TRUNCATED: 'refused-length',
};
const outcomeOf = (code: TerminalFaultCode): Outcome => OUTCOMES[code] ?? 'refused-start';

function takeFrame(talk: Conversation, frame: JtFrame): void {
  const { parts, login } = talk;
  const doubt = doubtOfJtForm(frame);
  if (doubt?.result !== undefined) refuse(talk, single(frame), doubt.outcome, doubt.result);
  else if (doubt !== undefined) countDoubt(talk, doubt.outcome);
  else if (frame.part === undefined && frame.id === MESSAGE.registration) takeRegistration(talk, frame);
  else if (frame.part === undefined && frame.id === MESSAGE.authentication) takeAuthentication(talk, frame);
  else if (frame.part === undefined && frame.id === MESSAGE.timeQuery) {
    parts.count('time-sync');
    send(talk, frame, 'server-time', platformTime(parts.clock.now()));
  } else if (login === undefined) refuse(talk, single(frame), 'refused-not-logged-in', RESULT.failed);
  else if (nameOf(frame) !== login.name) quarantine(talk, single(frame), 'TERMINAL_VIN_MISMATCH', login.bound);
  else if (frame.part === undefined) takeMessage(talk, single(frame), login.bound);
  else takePart(talk, frame, login.bound);
}

function takePart(talk: Conversation, frame: JtFrame, bound: Sender): void {
  const { parts, assembly, answered } = talk;
  const assembled = assembly.push(frame, parts.clock.now());
  parts.count('part');
  if (assembled.kind === 'again') answered.get(assembled.name)?.();
  if (assembled.kind !== 'whole') return;
  const { name, serials } = assembled;
  answered.delete(name);
  takeMessage(talk, { frame: assembled.frame, serials, assembled: name }, bound);
}

function takeMessage(talk: Conversation, incoming: Incoming, bound: Sender): void {
  const { parts } = talk;
  const { id } = incoming.frame;
  if (id === MESSAGE.answer || id === MESSAGE.resendDown) parts.count('passed-answer');
  else if (id === MESSAGE.heartbeat) {
    parts.count('heartbeat');
    answer(talk, incoming, RESULT.ok);
  } else if (id === MESSAGE.deregistration) takeDeregistration(talk, incoming.frame);
  else if (!isTaken(id)) refuse(talk, incoming, 'refused-command', RESULT.unsupported);
  else if (!parts.hasCustodian()) refuse(talk, incoming, 'refused-custodian', RESULT.failed);
  else if (parts.isBarred(bound.number)) quarantine(talk, incoming, 'DEVICE_BARRED', bound);
  else if (id === MEDIA) takeMedium(talk, incoming, bound);
  else if (KEPT.has(id)) takeOther(talk, incoming, bound);
  else takePositions(talk, incoming, bound);
}

const isTaken = (id: number): boolean =>
  KEPT.has(id) || id === MEDIA || id === MESSAGE.location || id === MESSAGE.positions;

/** Each position for itself: one that nothing can be made of lies in quarantine, and keeps none of the others away. */
function takePositions(talk: Conversation, incoming: Incoming, bound: Sender): void {
  const { id, body } = incoming.frame;
  const positions = id === MESSAGE.location ? [body] : positionsIn(body);
  if (positions === undefined || positions.length === 0 || positions.length > POSITIONS_MAX) {
    quarantine(talk, incoming, 'TERMINAL_LAYOUT', bound);
    return;
  }
  const arrivals = positions.map((octets) => arrivalOf(talk, incoming, octets, bound));
  const kept = arrivals.filter(({ rejection }) => rejection === undefined).length;
  commit(talk, arrivals, () => {
    if (kept === arrivals.length) talk.parts.count('stored');
    else countDoubt(talk, kept > 0 ? 'stored' : 'quarantined');
    if (kept > 0) acknowledge(talk, incoming, () => answer(talk, incoming, RESULT.ok));
    else answer(talk, incoming, RESULT.wrong);
  });
}

function arrivalOf(talk: Conversation, { frame }: Incoming, octets: Buffer, bound: Sender): Arrival {
  const { parts } = talk;
  const receivedAt = parts.clock.now();
  const position = readPosition(octets);
  const at = instantOf(position?.['at']);
  const arrival = { device: bound, payload: octets, receivedAt, batch: undefined };
  if (position === undefined || at === undefined) return { ...arrival, rejection: 'TERMINAL_LAYOUT' };
  const rejection = doubtOfTime(at, receivedAt);
  if (rejection !== undefined) return { ...arrival, rejection };
  const batch = recordsOfPosition(position, octets, {
    ...{ at, tag: parts.tagOf(bound), edition: editionOf(frame, parts.older), message: messageName(frame.id) },
    steps: claimsOf(talk, position, bound, at),
  });
  return { ...arrival, batch, rejection };
}

function takeOther(talk: Conversation, incoming: Incoming, bound: Sender): void {
  const { parts } = talk;
  const { frame } = incoming;
  const receivedAt = parts.clock.now();
  const edition = editionOf(frame, parts.older);
  const { name: message, fields, fault } = readBody(frame, edition);
  const name = Buffer.concat([Buffer.from(`${frame.id} ${frame.serial} `), frame.body]);
  const at = instantOf(fields['at']) ?? parts.recent.firstReceived(bound.number, name.toString('latin1'), receivedAt);
  const rejection = fault === undefined ? doubtOfTime(at, receivedAt) : 'TERMINAL_LAYOUT';
  if (rejection !== undefined) {
    quarantine(talk, incoming, rejection, bound);
    return;
  }
  const head = { at, tag: parts.tagOf(bound), edition, message, steps: [] };
  const batch = recordsOfMessage(fields, { name, octets: frame.body }, head);
  commit(talk, [{ device: bound, payload: frame.body, receivedAt, batch, rejection }], () => {
    parts.count('stored');
    acknowledge(talk, incoming, () => answer(talk, incoming, RESULT.ok));
  });
}
