import { connect, type Socket } from 'node:net';
import type { Clock } from '../../proto/words/time.ts';
import type { TerminalCodec } from './codec.ts';
import type { Dialect, Said, Saying, Verdict } from './dialect.ts';
import type { TerminalPlan } from './terminal-plan.ts';

/** Counts and no content. */
export interface TerminalCounts {
  connected: number;
  loggedIn: number;
  sent: number;
  acknowledged: number;
  refused: number;
  /** Connections that ended before their terminal was done. */
  broken: number;
}

export interface TerminalParts {
  readonly codec: TerminalCodec;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly counts: TerminalCounts;
  readonly host: string;
  readonly port: number;
  readonly reports: number;
  readonly everyMs: number;
}

/** One terminal: connects, logs in, reports at its pace, logs out. */
export interface TerminalRun {
  readonly start: () => void;
  /** Ends it as it is. */
  readonly stop: () => void;
  readonly ended: Promise<void>;
}

interface Talk {
  readonly plan: TerminalPlan;
  readonly socket: Socket;
  /** Reports that were sent and not answered. */
  readonly open: Set<string>;
  step: number;
  serial: number;
  sent: number;
  secret: string;
  /** Of the greeting or the farewell that waits for its answer. */
  awaited: string | undefined;
  isLeaving: boolean;
  /** A greeting was: calling again would change nothing. */
  wasRefused: boolean;
  timer: NodeJS.Timeout | undefined;
}

export function createTerminalRun(plan: TerminalPlan, parts: TerminalParts): TerminalRun {
  let talk: Talk | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isStopped = false;
  let attempts = 0;
  let settle: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const start = (): void => {
    talk = begin(plan, parts, talk?.sent ?? 0, (isDone, wasRefused) => {
      attempts += 1;
      const { max, pauseMs } = parts.counts.connected > 0 ? AGAIN : UNHEARD;
      if (isDone || wasRefused || isStopped || attempts >= max) settle();
      else retry = setTimeout(start, pauseMs);
    });
  };
  return {
    start,
    stop: () => {
      isStopped = true;
      clearTimeout(retry);
      if (talk === undefined || talk.socket.destroyed) settle();
      else talk.socket.destroy();
    },
    ended,
  };
}

/** A terminal whose connection broke calls again; how often, and after how long. */
const AGAIN = { max: 20, pauseMs: 5_000 };
/** Until anybody has been heard at all: who has the wrong port should not wait for minutes to be told so. */
const UNHEARD = { max: 4, pauseMs: 1_000 };

type Ended = (isDone: boolean, wasRefused: boolean) => void;

function begin(plan: TerminalPlan, parts: TerminalParts, sent: number, ended: Ended): Talk {
  const socket = connect({ host: parts.host, port: parts.port, noDelay: true });
  const talk: Talk = {
    ...{ plan, socket, open: new Set(), step: 0, serial: 0, sent, secret: '' },
    ...{ awaited: undefined, isLeaving: false, wasRefused: false, timer: undefined },
  };
  const hear = parts.codec.listen((answer) => take(talk, parts, parts.dialect.verdictOf(answer)));
  socket.once('connect', () => {
    parts.counts.connected += 1;
    greet(talk, parts);
  });
  socket.on('data', hear);
  // A gateway that is gone: what was not answered is counted as such.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    clearTimeout(talk.timer);
    if (!talk.isLeaving) parts.counts.broken += 1;
    ended(talk.isLeaving, talk.wasRefused);
  });
  return talk;
}

function greet(talk: Talk, parts: TerminalParts): void {
  const next = parts.dialect.greeting[talk.step];
  if (next !== undefined) {
    talk.awaited = write(talk, parts, next);
    return;
  }
  parts.counts.loggedIn += 1;
  talk.timer = setTimeout(() => report(talk, parts), fractionOf(talk.plan) * parts.everyMs);
}

/** Terminals of a fleet do not report at the same moment. */
const fractionOf = ({ phone }: TerminalPlan): number => (Number(phone.slice(-4)) % 997) / 997;

function report(talk: Talk, parts: TerminalParts): void {
  if (talk.sent >= parts.reports) {
    leaveWhenAnswered(talk, parts);
    return;
  }
  const key = write(talk, parts, parts.dialect.report);
  if (key === undefined) return;
  talk.open.add(key);
  talk.sent += 1;
  parts.counts.sent += 1;
  talk.timer = setTimeout(() => report(talk, parts), parts.everyMs);
}

function leaveWhenAnswered(talk: Talk, parts: TerminalParts): void {
  if (talk.sent < parts.reports || talk.open.size > 0 || talk.isLeaving) return;
  talk.isLeaving = true;
  talk.awaited = write(talk, parts, parts.dialect.farewell);
}

/** @returns by what its answer is known; undefined when it cannot be written, and then the connection ends */
function write(talk: Talk, parts: TerminalParts, say: (saying: Saying) => Said): string | undefined {
  talk.serial += 1;
  const { plan, serial, sent, secret } = talk;
  const { words, key } = say({ plan, now: parts.clock.now(), serial, report: sent, secret });
  const bytes = parts.codec.encode(words);
  if (bytes === undefined) {
    talk.socket.destroy();
    return undefined;
  }
  talk.socket.write(bytes);
  return key;
}

function take(talk: Talk, parts: TerminalParts, verdict: Verdict): void {
  if (verdict.kind === 'other') return;
  if (talk.open.delete(verdict.key)) {
    if (verdict.kind === 'accepted') parts.counts.acknowledged += 1;
    else parts.counts.refused += 1;
    leaveWhenAnswered(talk, parts);
    return;
  }
  if (verdict.key !== talk.awaited) return;
  if (talk.isLeaving || verdict.kind === 'refused') {
    talk.wasRefused = !talk.isLeaving;
    talk.socket.destroySoon();
    return;
  }
  talk.secret = verdict.secret ?? talk.secret;
  talk.step += 1;
  greet(talk, parts);
}
