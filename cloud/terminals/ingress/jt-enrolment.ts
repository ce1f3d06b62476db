import type { RegisteredTerminal } from '../../ports/terminal-register.ts';
import { readBody } from '../jt808/body.ts';
import type { JtFrame } from '../jt808/frame.ts';
import type { Fields } from '../value.ts';
import { claimedTerminal, isSameCode, issuedCode, plateCode } from './binding.ts';
import { editionOf, REGISTRATION, RESULT } from './jt-answer.ts';
import {
  answer,
  type Conversation,
  commit,
  evidenceOf,
  nameOf,
  quarantine,
  refuse,
  send,
  single,
} from './jt-conversation.ts';
import { recordsOfMessage } from './jt-records.ts';

/** Registrations over one connection: each makes a code, and a code is written to the disk. */
const REGISTRATIONS_MAX = 8;

/** In a registration the plate is the VIN where there is no plate yet (8.8). */
const NO_PLATE = 0;

/**
 * A registration (8.8): only of a terminal that the operator registered, by telephone number, source and terminal id. It is
 * given a code of its own; a terminal that has shown its code is not given another before it deregisters, or the operator
 * says so.
 */
export function takeRegistration(talk: Conversation, frame: JtFrame): void {
  const { parts, origin, link } = talk;
  talk.registrations += 1;
  if (talk.registrations > REGISTRATIONS_MAX) {
    link.end();
    return;
  }
  const { fields, fault } = readBody(frame, editionOf(frame, parts.older));
  if (fault !== undefined) {
    refuse(talk, single(frame), 'refused-layout', RESULT.wrong);
    return;
  }
  const { terminalId } = fields;
  const terminal = claimedTerminal(nameOf(frame), origin, parts.register);
  const id = parts.digestOf(typeof terminalId === 'string' ? terminalId : '');
  if (terminal === undefined || !isSameCode(terminal.code, id))
    refuseUnbound(talk, frame, () => answerRegistration(talk, frame, REGISTRATION.noTerminal));
  else if (parts.isBarred(terminal.number))
    quarantine(talk, single(frame), 'DEVICE_BARRED', terminal, () =>
      answerRegistration(talk, frame, REGISTRATION.noTerminal),
    );
  else if (!isItsVehicle(fields, terminal, talk))
    quarantine(talk, single(frame), 'TERMINAL_VIN_MISMATCH', terminal, () =>
      answerRegistration(talk, frame, REGISTRATION.noVehicle),
    );
  else giveCode(talk, frame, terminal, fields);
}

function isItsVehicle({ plate, plateColour }: Fields, terminal: RegisteredTerminal, { parts }: Conversation): boolean {
  if (typeof plate !== 'string') return false;
  if (plateColour === NO_PLATE) return plate.replace(/\0+$/, '') === terminal.vin.reveal();
  const registered = parts.enrolments.enrolment(terminal.number)?.plate;
  return registered === undefined || isSameCode(registered, parts.digestOf(plateCode(plate.replace(/\0+$/, ''))));
}

function giveCode(talk: Conversation, frame: JtFrame, terminal: RegisteredTerminal, fields: Fields): void {
  const { parts } = talk;
  const enrolment = parts.enrolments.enrolment(terminal.number);
  if (enrolment === undefined || (enrolment.code !== undefined && enrolment.isCodeUsed)) {
    parts.count('refused-registered');
    answerRegistration(talk, frame, REGISTRATION.registered);
    return;
  }
  const code = parts.drawCode();
  parts.enrolments.issueCode(terminal.number, parts.digestOf(issuedCode(code)));
  keepIdentity(talk, frame, terminal, { message: 'registration', fields }, () => {
    parts.count('registered');
    answerRegistration(talk, frame, REGISTRATION.ok, code);
  });
}

function answerRegistration(talk: Conversation, frame: JtFrame, result: number, code = ''): void {
  send(talk, frame, 'registration-answer', { answeredSerial: frame.serial, result, code });
}

/** An authentication (8.11): data is taken from nobody who has not shown the code that was given at registration. */
export function takeAuthentication(talk: Conversation, frame: JtFrame): void {
  const { parts, origin, login } = talk;
  const { fields, fault } = readBody(frame, editionOf(frame, parts.older));
  const { code } = fields;
  const terminal = claimedTerminal(nameOf(frame), origin, parts.register);
  const enrolment = terminal === undefined ? undefined : parts.enrolments.enrolment(terminal.number);
  const shown = parts.digestOf(issuedCode(typeof code === 'string' ? code : ''));
  const isShown = fault === undefined && isSameCode(enrolment?.code ?? NO_CODE, shown);
  if (terminal === undefined || !isShown) refuseUnbound(talk, frame, () => answer(talk, single(frame), RESULT.failed));
  // A second vehicle over one connection is a conversation of its own.
  else if (login !== undefined && login.bound.device !== terminal.device)
    quarantine(talk, single(frame), 'TERMINAL_VIN_MISMATCH', login.bound);
  else {
    if (enrolment?.isCodeUsed === false) parts.enrolments.confirmCode(terminal.number);
    talk.login = { bound: terminal, name: nameOf(frame) };
    parts.presence.supersede(terminal.device, talk.present);
    keepIdentity(talk, frame, terminal, { message: 'authentication', fields }, () => {
      parts.count('authenticated');
      answer(talk, single(frame), RESULT.ok);
    });
  }
}

/** As long as a digest, and the digest of nothing. */
const NO_CODE: Uint8Array = new Uint8Array(16);

/** A deregistration (8.10): its code is void from then on. */
export function takeDeregistration(talk: Conversation, frame: JtFrame): void {
  const { parts, login } = talk;
  if (login === undefined) return;
  parts.enrolments.withdrawCode(login.bound.number);
  parts.presence.leave(login.bound.device, talk.present);
  talk.login = undefined;
  parts.count('deregistered');
  answer(talk, single(frame), RESULT.ok);
}

function refuseUnbound(talk: Conversation, frame: JtFrame, reply: () => void): void {
  talk.parts.count('refused-unbound');
  talk.parts.unbound(evidenceOf(frame), () => {
    reply();
    talk.link.end();
  });
}

/** Keeps what a terminal says of itself; it names no time, and no octets of it are kept. */
function keepIdentity(
  talk: Conversation,
  frame: JtFrame,
  terminal: RegisteredTerminal,
  { message, fields }: { readonly message: string; readonly fields: Fields },
  done: () => void,
): void {
  const { parts } = talk;
  const receivedAt = parts.clock.now();
  const said = Buffer.from(JSON.stringify([message, frame.serial, fields['imei'] ?? '', fields['plate'] ?? '']));
  const edition = editionOf(frame, parts.older);
  const head = { at: receivedAt, tag: parts.tagOf(terminal), edition, message, steps: [] };
  const batch = recordsOfMessage(fields, { name: said, octets: undefined }, head);
  // An authentication of the older editions says nothing but its code.
  if (batch.frames.length === 0) done();
  else commit(talk, [{ device: terminal, payload: said, receivedAt, batch, rejection: undefined }], done);
}
