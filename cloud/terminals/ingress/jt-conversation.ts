import type { Fault } from '../../../proto/words/fault.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { AttestedAdapter } from '../../ingest/recheck-attestation.ts';
import type { RejectionCode } from '../../ingest/rejections.ts';
import type { Arrival } from '../../ingest/sort-out.ts';
import type { Sender } from '../../ports/device-register.ts';
import type { EnrolmentRegister } from '../../ports/terminal-register.ts';
import type { Assembly, AssemblyRoom } from '../jt808/assembly.ts';
import { type JtFrame, writeJtFrame } from '../jt808/frame.ts';
import type { Fields } from '../value.ts';
import type { Origin } from './binding.ts';
import { platformMessage, RESULT } from './jt-answer.ts';
import type { PictureIntake } from './picture-intake.ts';
import type { Present } from './presence.ts';
import type { RecentMessages } from './recent-messages.ts';
import type { Outcome, SessionLink, SessionParts } from './session.ts';

/** What sessions of JT/T 808 share. */
export interface JtParts extends SessionParts {
  readonly enrolments: EnrolmentRegister;
  /** A new authentication code, which nobody can guess. */
  readonly drawCode: () => string;
  /** Which edition a header without a version is of: it does not say. */
  readonly older: 2011 | 2013;
  readonly adapters: readonly AttestedAdapter[];
  readonly recent: RecentMessages;
  readonly pictures: PictureIntake;
  readonly room: AssemblyRoom;
}

/** Whom a connection speaks for. */
export interface JtLogin {
  readonly bound: Sender;
  /** Telephone number without zeros before it. */
  readonly name: string;
}

export interface Conversation {
  readonly parts: JtParts;
  readonly origin: Origin;
  readonly link: SessionLink;
  readonly present: Present;
  readonly assembly: Assembly;
  /** What was answered to messages in parts, by the name of their assembly. */
  readonly answered: Map<string, () => void>;
  login: JtLogin | undefined;
  heardAt: Instant;
  waiting: number;
  doubts: number;
  registrations: number;
  serial: number;
}

/** A message that is whole, the serials of its parts, and its name where it came in some. */
export interface Incoming {
  readonly frame: JtFrame;
  readonly serials: readonly number[];
  readonly assembled: string | undefined;
}

export const single = (frame: JtFrame): Incoming => ({ frame, serials: [frame.serial], assembled: undefined });

/** Doubtful frames of one connection before it is ended: a peer that talks another language is not listened to for long. */
const DOUBTS_MAX = 100;
const ANSWERS_REMEMBERED_MAX = 8;

export const nameOf = ({ phone }: JtFrame): string => phone.replace(/^0+/, '');

export function countDoubt(talk: Conversation, outcome: Outcome): void {
  talk.parts.count(outcome);
  talk.doubts += 1;
  if (talk.doubts >= DOUBTS_MAX) talk.link.end();
}

/** Sends a message of the platform to whoever sent a frame. */
export function send(talk: Conversation, frame: JtFrame, message: string, body: Fields): void {
  talk.serial = (talk.serial + 1) & 0xffff;
  talk.link.write(platformMessage(frame, talk.serial, message, body));
}

export function answer(talk: Conversation, { frame, serials }: Incoming, result: number): void {
  for (const answeredSerial of serials)
    send(talk, frame, 'platform-answer', { answeredSerial, answeredId: frame.id, result });
}

/** Answers a message that is kept; should a part of it come again, the same is answered again. */
export function acknowledge(talk: Conversation, incoming: Incoming, reply: () => void): void {
  reply();
  if (incoming.assembled === undefined) return;
  talk.answered.set(incoming.assembled, reply);
  for (const name of talk.answered.keys()) if (talk.answered.size > ANSWERS_REMEMBERED_MAX) talk.answered.delete(name);
}

/** Refuses and forgets. */
export function refuse(talk: Conversation, incoming: Incoming, outcome: Outcome, result: number): void {
  countDoubt(talk, outcome);
  if (incoming.assembled !== undefined) talk.assembly.forget(incoming.assembled);
  answer(talk, incoming, result);
}

/** Keeps as evidence, and answers when it is kept. */
export function quarantine(
  talk: Conversation,
  incoming: Incoming,
  rejection: RejectionCode,
  sender: Sender,
  reply: () => void = () => answer(talk, incoming, RESULT.wrong),
): void {
  const receivedAt = talk.parts.clock.now();
  const payload = evidenceOf(incoming.frame);
  commit(talk, [{ device: sender, payload, receivedAt, batch: undefined, rejection }], () => {
    countDoubt(talk, 'quarantined');
    reply();
  });
}

/** Makes arrivals durable; `done` when all of them are, and the end of the connection when one is not. */
export function commit(talk: Conversation, arrivals: readonly Arrival[], done: () => void): void {
  const { parts, link } = talk;
  let left = arrivals.length;
  let fault: Fault | undefined;
  hold(talk, 1);
  for (const arrival of arrivals)
    parts.take(arrival, (failed) => {
      left -= 1;
      fault ??= failed;
      if (left > 0) return;
      hold(talk, -1);
      if (fault === undefined) {
        done();
        return;
      }
      // Without an answer the terminal sends it again, over a connection of its own.
      parts.count('failed-store');
      link.end();
    });
}

/** Counts messages that wait to be durable. */
export function hold(talk: Conversation, change: 1 | -1): void {
  talk.waiting += change;
  talk.link.waiting(talk.waiting);
}

const MEDIA = 0x0801;
const AUTHENTICATION = 0x0102;
/** Of a medium: its id, type, format, event and channel. */
const MEDIA_HEAD_BYTES = 8;

/** A frame as it came, but for what may lie nowhere: a raw picture, and a code that somebody tried. */
export function evidenceOf(frame: JtFrame): Buffer {
  const { id, body, part } = frame;
  const isFirst = part === undefined || part.index === 1;
  const kept = id === MEDIA ? (isFirst ? MEDIA_HEAD_BYTES : 0) : id === AUTHENTICATION ? 0 : body.length;
  const cut = { ...frame, body: body.subarray(0, kept) };
  const bytes = writeJtFrame(cut);
  return bytes.ok ? bytes.value : cut.body;
}
