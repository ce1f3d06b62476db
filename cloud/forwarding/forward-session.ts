import type { Clock } from '../../proto/words/time.ts';
import type { ForwardQueue, WaitingFrame } from '../ports/forward-queue.ts';
import { type GbFrame, IS_COMMAND, readGbFrame, writeGbFrame } from '../terminals/gb32960/frame.ts';
import { createGbStream } from '../terminals/gb32960/stream.ts';
import { platformLogin, platformLogout } from './platform-frames.ts';

/** Who we are to the platform. */
export interface PlatformAccount {
  readonly edition: 2016 | 2025;
  /** Unique identifier of the enterprise platform, 17 characters; stands where a VIN does. */
  readonly platform: string;
  readonly user: string;
  readonly password: string;
}

export type ForwardOutcome = 'acknowledged' | 'refused' | 'login-refused' | 'unanswered' | 'unreadable';

export interface ForwardParts {
  readonly account: PlatformAccount;
  /** Counts the logins of a day (7.4). */
  readonly serial: number;
  readonly clock: Clock;
  readonly queue: ForwardQueue;
  readonly count: (outcome: ForwardOutcome) => void;
  readonly write: (bytes: Buffer) => void;
  readonly end: () => void;
}

/** One connection to a platform. */
export interface ForwardSession {
  readonly push: (segment: Buffer) => void;
  /** Sends what waits, as far as the window lets it. */
  readonly pump: () => void;
  /** Called about once a second. */
  readonly tick: () => void;
  /** Says goodbye. */
  readonly leave: () => void;
  readonly isLoggedIn: () => boolean;
}

/** Frames that wait for their answers. */
export const WINDOW_MAX = 64;
/** After so long without an answer the connection is given up, and what waited is sent again over another. */
export const ANSWER_MS_MAX = 60_000;
const OK = 1;
const COMMAND = { realtime: 2, reissue: 3, platformLogin: 5 } as const;

interface Flying {
  readonly ids: number[];
  readonly sentAt: number;
}

interface State {
  readonly parts: ForwardParts;
  readonly flying: Map<string, Flying>;
  /** Frames up to this one waited while there was no connection. */
  readonly waitedTo: number;
  readonly begunAt: number;
  isLoggedIn: boolean;
  last: number;
}

/** Begins with the login. Frames go out in their order, and leave the queue when the platform says that it has them. */
export function createForwardSession(parts: ForwardParts): ForwardSession {
  const begunAt = parts.clock.now();
  const state: State = {
    parts,
    flying: new Map(),
    waitedTo: parts.queue.newest(),
    begunAt,
    isLoggedIn: false,
    last: 0,
  };
  const stream = createGbStream({ frame: (frame) => take(state, frame), fault: () => parts.end() });
  parts.write(platformLogin(parts.account, parts.serial, begunAt));
  return {
    push: stream.push,
    pump: () => pump(state),
    tick: () => tick(state),
    leave: () => {
      if (state.isLoggedIn) parts.write(platformLogout(parts.account, parts.serial, parts.clock.now()));
    },
    isLoggedIn: () => state.isLoggedIn,
  };
}

function pump(state: State): void {
  const { parts, isLoggedIn, flying } = state;
  if (!isLoggedIn || flying.size >= WINDOW_MAX) return;
  for (const waiting of parts.queue.after(state.last, WINDOW_MAX - flying.size)) {
    state.last = waiting.id;
    send(state, waiting);
  }
}

function send({ parts, flying, waitedTo }: State, { id, octets }: WaitingFrame): void {
  const read = readGbFrame(Buffer.from(octets));
  const bytes = read.ok ? writeGbFrame(asForwarded(read.value, id <= waitedTo)) : read;
  if (!read.ok || !bytes.ok) {
    // It was taken in as a frame; a queue that was changed is not forwarded.
    parts.count('unreadable');
    parts.queue.remove(id);
    return;
  }
  const key = keyOf(asForwarded(read.value, id <= waitedTo));
  const before = flying.get(key);
  flying.set(key, { ids: [...(before?.ids ?? []), id], sentAt: before?.sentAt ?? parts.clock.now() });
  parts.write(bytes.value);
}

/** What waited while there was no connection is no realtime report any more (7.2). */
const asForwarded = (frame: GbFrame, hasWaited: boolean): GbFrame =>
  frame.command === COMMAND.realtime && hasWaited ? { ...frame, command: COMMAND.reissue } : frame;

const TIME_BYTES = 6;

/** An answer repeats the command, whose it is, and of when. */
const keyOf = ({ command, vin, unit }: GbFrame): string =>
  `${command}/${vin}/${unit.toString('hex', 0, Math.min(TIME_BYTES, unit.length))}`;

function take(state: State, frame: GbFrame): void {
  const { parts, flying } = state;
  // We carry no commands of a platform to vehicles.
  if (frame.answer === IS_COMMAND || !frame.isChecksumGood) return;
  if (!state.isLoggedIn) {
    if (frame.command !== COMMAND.platformLogin) return;
    if (frame.answer === OK) {
      state.isLoggedIn = true;
      pump(state);
      return;
    }
    parts.count('login-refused');
    parts.end();
    return;
  }
  const key = keyOf(frame);
  const flown = flying.get(key);
  const id = flown?.ids.shift();
  if (flown === undefined || id === undefined) return;
  if (flown.ids.length === 0) flying.delete(key);
  parts.queue.remove(id);
  parts.count(frame.answer === OK ? 'acknowledged' : 'refused');
  pump(state);
}

function tick(state: State): void {
  const { parts, flying, begunAt, isLoggedIn } = state;
  const now = parts.clock.now();
  const isLate = (since: number): boolean => Math.abs(now - since) > ANSWER_MS_MAX;
  const [oldest] = flying.values();
  if (isLoggedIn ? oldest !== undefined && isLate(oldest.sentAt) : isLate(begunAt)) {
    parts.count('unanswered');
    parts.end();
    return;
  }
  pump(state);
}
