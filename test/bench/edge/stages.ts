import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteSpools } from '../../../edge/adapters/sqlite-spool.ts';
import { openAgentDatabase } from '../../../edge/adapters/sqlite-state.ts';
import { type Agent, createAgent } from '../../../edge/agent.ts';
import { pathPriorities } from '../../../edge/priorities.ts';
import { parseRawFrame } from '../../../edge/sources/parse-raw-frame.ts';
import { runStages } from '../../../edge/stages/run-stages.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { benchPolicy, benchStages } from './policy.ts';
import { rawFix, rawSignals } from './raw-frames.ts';

/** One way through the edge, and how fast it is. */
export interface EdgeSpeed {
  readonly name: string;
  /** Raw frames in, a second of wall time. */
  readonly framesPerSecond: number;
  /** Raw frames in, a second of CPU time of the whole process: what one core would do if nobody else had it. */
  readonly framesPerCoreSecond: number;
}

/** Seconds of drive, each with a frame of signals and a fix. */
const SECONDS = 20_000;
const BATCH_FRAMES = 64;
const START_MS = Date.UTC(2026, 2, 1);

/** Every way once; the first is what the others are measured against. */
export function measureEdge(directory: string): readonly EdgeSpeed[] {
  const seconds = Array.from({ length: SECONDS }, (_, second) => second);
  const signals: readonly RawFrame[] = seconds.map((second) => rawSignals(second, START_MS));
  const fixes: readonly RawFrame[] = seconds.map((second) => rawFix(second, START_MS));
  const both = seconds.flatMap((second) => [signals[second], fixes[second]]).filter((frame) => frame !== undefined);
  const lines = both.map((frame) => JSON.stringify({ ...frame, at: new Date(frame.at).toISOString() }));
  return [
    timed('JSON.parse and JSON.stringify of the same lines', lines.length, () => roundTrips(lines)),
    timed('stages and inspection, signals and fixes in turn', both.length, staged('strict', both)),
    timed('stages and inspection, 10 signals of which 7 are allowed', signals.length, staged('strict', signals)),
    timed('stages and inspection, fixes, preset strict', fixes.length, staged('strict', fixes)),
    timed('stages and inspection, fixes, preset fleet', fixes.length, staged('fleet', fixes)),
    timed('parsing the lines (outside the stages)', lines.length, () => parsed(lines)),
    timed('agent: stages, inspection, sealing, signing, spooling by 64', both.length, spooled(directory, both)),
  ];
}

function roundTrips(lines: readonly string[]): void {
  let characters = 0;
  for (const line of lines) characters += JSON.stringify(JSON.parse(line)).length;
  assert(characters > lines.length, 'what is measured is used');
}

function parsed(lines: readonly string[]): void {
  for (const line of lines) assert(parseRawFrame(line) !== undefined, 'every line is a frame');
}

function staged(preset: 'strict' | 'fleet', frames: readonly RawFrame[]): () => void {
  return () => {
    const policy = benchPolicy(preset);
    const stages = benchStages(policy);
    let sealed = 0;
    for (const frame of frames) sealed += runStages(stages, policy, frame, ignore).length;
    assert(sealed > 0, 'something comes out');
  };
}

const ignore = (): void => undefined;

/** The whole agent into a spool on disk; a batch is sealed, signed and durable every 64 frames of signals. */
function spooled(directory: string, frames: readonly RawFrame[]): () => void {
  return () => {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    const spools = sqliteSpools(openAgentDatabase(join(directory, 'agent.sqlite')), {
      maxSize: 268_435_456,
      strategyOnFull: 'RejectNewData',
    });
    const policy = benchPolicy('strict');
    const agent: Agent = createAgent({
      spools,
      priorities: pathPriorities({}),
      deviceKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
      clock: { now: () => (START_MS + SECONDS * 1_000) as Instant },
      vehicleTime: 'source',
      chance: () => 0.5,
      stagesFor: benchStages,
      onFault: ({ code }) => assert(false, `the spool takes everything, and said ${code}`),
      onSpooled: ignore,
    });
    agent.usePolicy(policy);
    let taken = 0;
    for (const frame of frames) {
      agent.take(frame);
      if (frame.kind !== 'signals') continue;
      taken += 1;
      if (taken % BATCH_FRAMES === 0) agent.flush();
    }
    agent.flush();
    assert(spools.of.statistics.nextSequence() >= taken, 'every frame of signals is spooled');
    spools.close();
    rmSync(directory, { recursive: true, force: true });
  };
}

/** The second of two runs: the first one warms up. */
export function timed(name: string, frames: number, work: () => void): EdgeSpeed {
  work();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  work();
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { name, framesPerSecond: frames / seconds, framesPerCoreSecond: frames / ((user + system) / 1e6) };
}
