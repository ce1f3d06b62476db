import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ChildOrder } from './ingest-child.ts';

/** A process that ingests deliveries, and what it has said so far. */
export interface IngestProcess {
  readonly pid: number;
  /** Indexes answered `done`. */
  readonly done: ReadonlySet<number>;
  readonly faults: readonly number[];
  /** Codes of faults that the gateway told its operator. */
  readonly told: readonly string[];
  readonly ready: Promise<unknown>;
  /** Signal or status it ended with. */
  readonly ended: Promise<NodeJS.Signals | number | null>;
  readonly kill: () => void;
  /** Sends everything once that is not answered; resolves when all of it is answered one way or the other. */
  readonly pass: () => Promise<void>;
  /** Lets it close its stores and end. */
  readonly finish: () => Promise<NodeJS.Signals | number | null>;
  readonly errors: () => string;
}

/** @param wrapper - program and arguments to run it under, for limits */
export function startIngest(entry: string, order: ChildOrder, wrapper: readonly string[] = []): IngestProcess {
  const [program = process.execPath, ...args] = [...wrapper, process.execPath, entry, JSON.stringify(order)];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const done = new Set<number>();
  const faults: number[] = [];
  const told: string[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  // One that is gone takes nothing more, and `ended` tells it; a write on its way then is no error of the test.
  child.stdin.on('error', () => undefined);
  const marks = markers(child, (word, rest) => {
    if (word === 'done') done.add(Number(rest));
    else if (word === 'fault') faults.push(Number(rest));
    else if (word === 'told') told.push(rest);
  });
  // `close` comes once everything it wrote has been read, `exit` may come before.
  const ended = once(child, 'close').then(([status, signal]) => (signal ?? status) as NodeJS.Signals | number | null);
  return {
    pid: child.pid ?? 0,
    done,
    faults,
    told,
    ready: marks.next('ready'),
    ended,
    kill: () => child.kill('SIGKILL'),
    pass: async () => {
      const passed = marks.next('pass');
      child.stdin.write('pass\n');
      await passed;
    },
    finish: () => {
      child.stdin.end();
      return ended;
    },
    errors: () => stderr,
  };
}

interface Markers {
  readonly next: (word: string) => Promise<void>;
}

/** Tells lines apart; `next` resolves at the next line of a word, or when the process ends. */
function markers(child: ChildProcess, onLine: (word: string, rest: string) => void): Markers {
  const waiting = new Map<string, () => void>();
  if (child.stdout === null) throw new Error('the child has a pipe');
  createInterface({ input: child.stdout })
    .on('line', (line) => {
      const [word = '', rest = ''] = line.split(' ');
      onLine(word, rest);
      waiting.get(word)?.();
    })
    .on('close', () => {
      for (const resolve of waiting.values()) resolve();
    });
  return { next: (word) => new Promise((resolve) => waiting.set(word, resolve)) };
}
