import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../proto/words/time.ts';
import type { SimProtocol, TerminalCodec } from './codec.ts';
import { gbDialect } from './gb-dialect.ts';
import { JT_DIALECT } from './jt-dialect.ts';
import { planTerminal } from './terminal-plan.ts';
import { createTerminalRun, type TerminalCounts } from './terminal-run.ts';

export interface TerminalSimOptions {
  readonly protocol: SimProtocol;
  readonly vehicles: number;
  readonly seed: string;
  readonly host: string;
  readonly port: number;
  /** Between two reports of one terminal. */
  readonly everyMs: number;
  /** Of each terminal; then it logs out. */
  readonly reports: number;
  /** New connections in a second. */
  readonly connectRate: number;
}

export interface TerminalSimIo {
  readonly clock: Clock;
  readonly codec: TerminalCodec;
  readonly stopRequested: Promise<void>;
  readonly onProgress: (counts: TerminalSummary) => void;
}

export interface TerminalSummary extends Readonly<TerminalCounts> {
  readonly terminals: number;
  /** Sent, and neither accepted nor refused. */
  readonly unanswered: number;
}

const PROGRESS_MS = 1_000;
const ROUND_MS = 50;

/** Connects the terminals at their rate, lets each report, and resolves when the last connection is over. */
export async function runTerminals(options: TerminalSimOptions, io: TerminalSimIo): Promise<TerminalSummary> {
  const dialect =
    options.protocol === 'jt808' ? JT_DIALECT : gbDialect(options.protocol === 'gb32960-2025' ? 2025 : 2016);
  const counts: TerminalCounts = { connected: 0, loggedIn: 0, sent: 0, acknowledged: 0, refused: 0, broken: 0 };
  const { codec, clock } = io;
  const runs = Array.from({ length: options.vehicles }, (_, index) =>
    createTerminalRun(planTerminal(options.seed, index + 1), { ...options, codec, clock, dialect, counts }),
  );
  const summary = (): TerminalSummary => ({
    ...{ terminals: options.vehicles, ...counts },
    unanswered: counts.sent - counts.acknowledged - counts.refused,
  });
  const stopping = new AbortController();
  void io.stopRequested.then(() => {
    stopping.abort();
    for (const run of runs) run.stop();
  });
  const told = setInterval(() => io.onProgress(summary()), PROGRESS_MS);
  const batch = Math.max(1, Math.floor((options.connectRate * ROUND_MS) / 1_000));
  for (let from = 0; from < runs.length && !stopping.signal.aborted; from += batch) {
    for (const run of runs.slice(from, from + batch)) run.start();
    await wait(ROUND_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
  await Promise.all(runs.map(({ ended }) => ended));
  clearInterval(told);
  return summary();
}
