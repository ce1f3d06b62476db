import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { FrameSource, FrameSourceEvents } from '../ports/frame-source.ts';
import { CANDUMP_LINE_BYTES_MAX, parseCandumpLine } from '../sources/can/can-frame.ts';
import { type TranslatorSettings, translateFrames } from '../sources/can/translate-frames.ts';
import { splitLines } from '../sources/line-splitter.ts';
import { programFault } from '../sources/source-fault.ts';

export interface CandumpProcess extends TranslatorSettings {
  /** Name of the interface, or `any`. */
  readonly interface: string;
  /** The program; `candump` of can-utils, looked for on the PATH. */
  readonly program: string;
}

const RESTART_MIN_MS = 1_000;
const RESTART_MAX_MS = 60_000;

/** A program that ran for this long had begun well: the next pause is the shortest again. */
const RAN_WELL_MS = 60_000;

const FAULT_CHARACTERS_MAX = 200;

/**
 * Listens to a bus through `candump -L`: Node has no raw sockets, and a program of its own needs no native part here, has
 * rights of its own (CAP_NET_RAW goes to none of our code), and cannot take the agent with it. Its output is read as the
 * agent takes it; when the agent is slow the kernel drops frames of the bus, as it does for every listener.
 *
 * When it ends it is told as a fault and started again, after 1 s, 2 s, ... 60 s.
 */
export function listenToBus(settings: CandumpProcess, events: FrameSourceEvents): FrameSource {
  const translator = translateFrames(settings, events);
  // The bus may fall silent in the middle of an interval.
  const flushing = setInterval(translator.flush, settings.intervalMs);
  let child: ChildProcessWithoutNullStreams | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = RESTART_MIN_MS;
  let closed = false;

  const start = (): void => {
    const running = spawn(settings.program, ['-L', settings.interface], { stdio: ['pipe', 'pipe', 'pipe'] });
    child = running;
    running.stdin.on('error', () => undefined);
    running.stdin.end();
    const settled = setTimeout(() => {
      pauseMs = RESTART_MIN_MS;
    }, RAN_WELL_MS);
    let said = '';
    running.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('latin1')).slice(0, FAULT_CHARACTERS_MAX);
    });
    readLines(running, translator.take, events);
    let cause: unknown;
    running.on('error', (error) => {
      cause = error;
    });
    running.once('close', (status) => {
      clearTimeout(settled);
      if (closed) return;
      events.onFault(programFault(settings.program, cause ?? (said.trim() || `exit status ${status}`)));
      timer = setTimeout(start, pauseMs);
      pauseMs = Math.min(RESTART_MAX_MS, 2 * pauseMs);
    });
  };

  start();
  return {
    close: async () => {
      closed = true;
      clearInterval(flushing);
      clearTimeout(timer);
      await end(child);
      translator.flush();
    },
  };
}

function readLines(
  { stdout }: ChildProcessWithoutNullStreams,
  take: ReturnType<typeof translateFrames>['take'],
  events: Pick<FrameSourceEvents, 'onMalformed'>,
): void {
  const onLine = (line: string): void => {
    const frame = parseCandumpLine(line);
    if (frame === undefined) events.onMalformed();
    else if (frame !== 'no-data') take(frame);
  };
  const lines = splitLines(CANDUMP_LINE_BYTES_MAX, onLine, events.onMalformed);
  stdout.on('data', lines.push);
}

function end(child: ChildProcessWithoutNullStreams | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.kill('SIGKILL');
  });
}
