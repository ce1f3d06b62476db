import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Said } from './dialect.ts';
import { gbDialect, platformWords, type SimPlatform } from './gb-dialect.ts';
import type { TerminalSimIo, TerminalSimOptions, TerminalSummary } from './run-terminals.ts';
import { planTerminal, type TerminalPlan } from './terminal-plan.ts';
import type { TerminalCounts } from './terminal-run.ts';

/** After so long without an answer to something, the run is over. */
const ANSWER_MS_MAX = 60_000;

interface Talk {
  readonly socket: Socket;
  readonly counts: TerminalCounts;
  /** Who waits for which answer. */
  readonly awaited: Map<string, (isAccepted: boolean) => void>;
  readonly say: (said: Said) => Promise<boolean>;
}

/** One platform over one connection: logs in, and then each of its vehicles does, reports at its pace, and logs out. */
export async function runPlatform(
  platform: SimPlatform,
  options: TerminalSimOptions,
  io: TerminalSimIo,
): Promise<TerminalSummary> {
  const counts: TerminalCounts = { connected: 0, loggedIn: 0, sent: 0, acknowledged: 0, refused: 0, broken: 0 };
  const talk = begin(platform, options, io, counts);
  void io.stopRequested.then(() => talk.socket.destroy());
  if (await talk.say(platformWords(platform, 'platform-login', io.clock.now()))) {
    const plans = Array.from({ length: options.vehicles }, (_, index) => planTerminal(options.seed, index + 1));
    await Promise.all(
      plans.map((plan, index) => drive(plan, index / options.vehicles, talk, options, io, platform.edition)),
    );
    await talk.say(platformWords(platform, 'platform-logout', io.clock.now()));
  } else counts.broken += 1;
  talk.socket.destroy();
  const unanswered = counts.sent - counts.acknowledged - counts.refused;
  return { terminals: options.vehicles, ...counts, unanswered };
}

function begin(
  { edition }: SimPlatform,
  { host, port }: TerminalSimOptions,
  { codec }: TerminalSimIo,
  counts: TerminalCounts,
): Talk {
  const socket = connect({ host, port, noDelay: true });
  const awaited: Talk['awaited'] = new Map();
  const { verdictOf } = gbDialect(edition);
  const hear = codec.listen((answer) => {
    const verdict = verdictOf(answer);
    if (verdict.kind === 'other') return;
    awaited.get(verdict.key)?.(verdict.kind === 'accepted');
    awaited.delete(verdict.key);
  });
  socket.once('connect', () => {
    counts.connected += 1;
  });
  socket.on('data', hear);
  socket.on('error', () => undefined);
  socket.once('close', () => {
    for (const settle of awaited.values()) settle(false);
    awaited.clear();
  });
  const say = ({ words, key }: Said): Promise<boolean> =>
    new Promise((resolve) => {
      const bytes = codec.encode(words);
      if (bytes === undefined || socket.destroyed) {
        resolve(false);
        return;
      }
      const late = setTimeout(() => socket.destroy(), ANSWER_MS_MAX);
      awaited.set(key, (isAccepted) => {
        clearTimeout(late);
        resolve(isAccepted);
      });
      socket.write(bytes);
    });
  return { socket, counts, awaited, say };
}

async function drive(
  plan: TerminalPlan,
  share: number,
  { say, counts, socket }: Talk,
  { everyMs, reports }: TerminalSimOptions,
  { clock }: TerminalSimIo,
  edition: 2016 | 2025,
): Promise<void> {
  const { greeting, report, farewell } = gbDialect(edition);
  // Vehicles do not report at the same moment.
  await wait(share * everyMs);
  for (const greet of greeting)
    if (!(await say(greet({ plan, now: clock.now(), serial: 1, report: 0, secret: '' })))) return;
  counts.loggedIn += 1;
  for (let sent = 0; sent < reports && !socket.destroyed; sent += 1) {
    const pause = wait(everyMs);
    counts.sent += 1;
    const isAccepted = await say(report({ plan, now: clock.now(), serial: sent + 2, report: sent, secret: '' }));
    if (isAccepted) counts.acknowledged += 1;
    else if (!socket.destroyed) counts.refused += 1;
    await pause;
  }
  await say(farewell({ plan, now: clock.now(), serial: reports + 2, report: reports, secret: '' }));
}
