import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import type { Attestation } from '../../proto/codec/telemetry-codec.ts';
import type { Fault } from '../../proto/words/fault.ts';
import type { RawFix } from '../../proto/words/raw-frame.ts';
import { fail, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import type { ConfidentialityProcessor, ConfidentialityRemoval, ProcessedPosition } from '../ports/confidentiality.ts';
import { splitLines } from '../sources/line-splitter.ts';
import { confidentialityFault } from './confidentiality-fault.ts';
import { ANSWER_BYTES_MAX, FIXES_AT_ONCE_MAX, readAnswer, requestLine } from './confidentiality-lines.ts';

export interface ConfidentialityPlugIn {
  readonly attestation: Attestation;
  readonly executable: string;
  readonly arguments: readonly string[];
  /** Hexadecimal. */
  readonly sha256: string;
  readonly datum: 'WGS-84' | 'own';
  readonly timeLimitMs: number;
}

/** Starts in a row that gave no good answer; after so many it is started no more until the agent is. */
export const STARTS_FAILED_MAX = 5;

const RESTART_MIN_MS = 1_000;
const RESTART_MAX_MS = 60_000;
const EXECUTABLE_BYTES_MAX = 268_435_456;
const CHUNK_BYTES = 1_048_576;

type Answered = Result<readonly ProcessedPosition[], ConfidentialityRemoval>;
type Child = ChildProcessByStdio<Writable, Readable, null>;

/** What waits for the one answer that is outstanding. */
interface Asked {
  readonly id: number;
  readonly count: number;
  readonly settle: (answer: Answered) => void;
}

/**
 * Runs the operator's plug-in as a program of its own: no shell, the configured arguments, an empty environment, `/` as its
 * directory, and nothing of what it writes to standard error is kept. A program that is late, breaks off or answers
 * anything but what was asked is ended, and the fixes are withheld.
 */
export function confidentialityProcess(
  plugIn: ConfidentialityPlugIn,
  clock: Clock,
  onFault: (fault: Fault) => void,
): ConfidentialityProcessor {
  let child: Child | undefined;
  let asked: Asked | undefined;
  let nextId = 1;
  let failedStarts = 0;
  let startAgainAt = Number.NEGATIVE_INFINITY;
  let closed = false;

  const attestation = (): Attestation | undefined => {
    const { validFromMs, validUntilMs } = plugIn.attestation;
    return clock.now() >= validFromMs && clock.now() < validUntilMs ? plugIn.attestation : undefined;
  };

  const settle = (answer: Answered): void => {
    const waiting = asked;
    asked = undefined;
    waiting?.settle(answer);
  };

  const stop = (): void => {
    child?.kill('SIGKILL');
    child = undefined;
  };

  const broke = (cause: ConfidentialityRemoval): void => {
    stop();
    failedStarts += 1;
    startAgainAt = clock.now() + Math.min(RESTART_MAX_MS, RESTART_MIN_MS * 2 ** (failedStarts - 1));
    onFault(
      confidentialityFault(failedStarts >= STARTS_FAILED_MAX ? 'CONFIDENTIALITY_GIVEN_UP' : 'CONFIDENTIALITY_FAILED'),
    );
    settle(fail(cause));
  };

  const take = (line: string): void => {
    const answer = asked === undefined ? undefined : readAnswer(line, asked.id, asked.count);
    if (answer === undefined) {
      broke('confidentiality-failed');
      return;
    }
    failedStarts = 0;
    settle(answer);
  };

  const start = async (): Promise<ConfidentialityRemoval | undefined> => {
    if (failedStarts >= STARTS_FAILED_MAX || clock.now() < startAgainAt) return 'confidentiality-missing';
    const digest = await digestOf(plugIn.executable);
    if (closed) return 'confidentiality-stopped';
    if (digest !== plugIn.sha256) {
      const isThere = digest !== undefined;
      failedStarts += 1;
      startAgainAt = clock.now() + RESTART_MAX_MS;
      onFault(confidentialityFault(isThere ? 'CONFIDENTIALITY_CHANGED' : 'CONFIDENTIALITY_MISSING'));
      return isThere ? 'confidentiality-changed' : 'confidentiality-missing';
    }
    child = listenTo(spawnPlugIn(plugIn), { take, broke, isCurrent: (own) => own === child });
    return undefined;
  };

  const ask = (running: Child, fixes: readonly RawFix[]): Promise<Answered> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => broke('confidentiality-slow'), plugIn.timeLimitMs);
      const id = nextId;
      nextId += 1;
      asked = {
        ...{ id, count: fixes.length },
        settle: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
      };
      running.stdin.write(requestLine(id, fixes));
    });

  return {
    datum: plugIn.datum,
    attestation,
    processFixes: async (fixes) => {
      if (closed) return fail('confidentiality-stopped');
      if (asked !== undefined || fixes.length > FIXES_AT_ONCE_MAX) return fail('confidentiality-failed');
      if (attestation() === undefined) return fail('confidentiality-expired');
      const why = child === undefined ? await start() : undefined;
      if (why !== undefined || child === undefined) return fail(why ?? 'confidentiality-missing');
      return ask(child, fixes);
    },
    close: async () => {
      closed = true;
      const running = child;
      stop();
      settle(fail('confidentiality-stopped'));
      if (running !== undefined) await ended(running);
    },
  };
}

function spawnPlugIn({ executable, arguments: given }: ConfidentialityPlugIn): Child {
  return spawn(executable, [...given], { shell: false, env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] });
}

interface Listener {
  readonly take: (line: string) => void;
  readonly broke: (cause: ConfidentialityRemoval) => void;
  readonly isCurrent: (child: Child) => boolean;
}

/** Of a program that was given up nothing is heard any more. */
function listenTo(child: Child, { take, broke, isCurrent }: Listener): Child {
  const fails = (): void => {
    if (isCurrent(child)) broke('confidentiality-failed');
  };
  const onLine = (line: string): void => {
    if (isCurrent(child)) take(line);
  };
  const lines = splitLines(ANSWER_BYTES_MAX, onLine, fails);
  child.stdout.on('data', lines.push);
  child.stdin.on('error', () => undefined);
  child.on('error', fails);
  child.once('close', fails);
  return child;
}

function ended(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => child.once('close', () => resolve()));
}

/** SHA-256 of a file, hexadecimal; undefined for one that cannot be read or is too large to be a plug-in. */
async function digestOf(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file, 'r');
    try {
      if ((await handle.stat()).size > EXECUTABLE_BYTES_MAX) return undefined;
      const hash = createHash('sha256');
      for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: CHUNK_BYTES }))
        hash.update(chunk);
      return hash.digest('hex');
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}
