import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CLOUD_FLAGS } from '../../../bin/cloud-flags.ts';
import { kafkaReader } from '../../../cloud/adapters/kafka-reader.ts';
import type { LogRecord } from '../../../cloud/ports/record-log.ts';
import { TOPIC_ZONES } from '../../../cloud/record-log/topics.ts';
import { decodeSegment } from '../../../cloud/record-log/zone-record.ts';
import { assert } from '../../../proto/words/result.ts';
import type { KafkaWorld } from '../../support/kafka/kafka-world.ts';
import type { WorkerOrder } from '../../support/kafka/worker.program.ts';

const LOOK_EVERY_MS = 20;
/** Until what the window did not measure is classified as well, so that it can be counted. */
const CLASSIFIED_MS_MAX = 120_000;
const SETTLED_MS = 500;
/** Before a segment on a topic. */
const MARK_BYTES = 32;

/** Frames a second of one worker, from its first commit to the last that was seen before it had all of them or the window was over. */
export async function classifyAll(
  world: KafkaWorld,
  directory: string,
  frames: number,
  windowMs: number,
): Promise<number> {
  const { log, faults } = world;
  const seen = new Map<string, number>();
  const commits: { readonly atMs: number; readonly frames: number }[] = [];
  const reader = await readAll(world, [log.topics.state], (records) => {
    for (const { key, value } of records) if (key !== undefined) seen.set(key, framesIn(value));
    commits.push({ atMs: performance.now(), frames: sum(seen.values()) });
  });
  const worker = hire({ directory, config: log.config }, faults);
  const [begun, done] = [() => commits[0]?.atMs, () => sum(seen.values()) >= frames];
  for (const last = performance.now() + CLASSIFIED_MS_MAX; !done() && performance.now() < last; ) {
    assert(faults.length === 0, `nothing goes wrong, and it was said: ${faults.join(', ')}`);
    await after(LOOK_EVERY_MS);
  }
  await reader.stop();
  await worker.leave();
  await checkZones(world, frames);
  const within = commits.filter(({ atMs }) => atMs <= (begun() ?? 0) + windowMs);
  const [first, last] = [within[0], within.at(-1)];
  assert(first !== undefined && last !== undefined && last.atMs > first.atMs, 'a rate wants two commits');
  return ((last.frames - first.frames) * 1_000) / (last.atMs - first.atMs);
}

/** A process of its own, as `tongguan cloud --role classify` is: in this one nobody would see a commit before the next is made. */
function hire(order: WorkerOrder, faults: string[]): { readonly leave: () => Promise<void> } {
  const program = fileURLToPath(new URL('../../support/kafka/worker.program.js', import.meta.url));
  const child = spawn(process.execPath, [...CLOUD_FLAGS, program, JSON.stringify(order)], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stderr.on('data', (chunk: Buffer) => faults.push(chunk.toString()));
  const ended = once(child, 'exit').then(([status]) => {
    if (status !== 0) faults.push(`the worker ended with ${status}`);
  });
  return {
    leave: () => {
      child.stdin.end();
      return ended;
    },
  };
}

/** What lies on the topics when the worker is done: every frame has something for the same zones and terms of retention, once each, and none is in quarantine. */
async function checkZones(world: KafkaWorld, frames: number): Promise<void> {
  const { topics } = world.log;
  let refused = 0;
  const counts = new Map<string, number>();
  const total = (): number => sum(counts.values());
  const all = [topics.quarantine, ...TOPIC_ZONES.map((zone) => topics.zone(zone))];
  const reader = await readAll(world, all, (records) => {
    for (const { topic, value } of records) {
      if (topic === topics.quarantine) {
        refused += 1;
        continue;
      }
      const { kind, retention, count } = decodeSegment(Buffer.from(value).subarray(MARK_BYTES)).head;
      const name = [topic, kind, retention].join('/');
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
  });
  let before = -1;
  for (let waited = 0; waited < CLASSIFIED_MS_MAX && (total() < frames || total() > before); waited += SETTLED_MS) {
    before = total();
    await after(SETTLED_MS);
  }
  await reader.stop();
  if (counts.size === 0) checkCounts({ admitted: 0, refused, sent: frames });
  for (const admitted of counts.values()) checkCounts({ admitted, refused, sent: frames });
}

function readAll(
  { log, faults }: KafkaWorld,
  topics: readonly string[],
  take: (records: readonly LogRecord[]) => void,
) {
  return kafkaReader(log.library, log.settings, {
    from: topics.map((topic) => ({ topic, positions: [] })),
    take: (_topic, records) => take(records),
    onEnd: (cause) => faults.push(`topics are not read: ${cause}`),
  });
}

function framesIn(value: Uint8Array): number {
  const { extents } = JSON.parse(Buffer.from(value).toString('utf8')) as { extents: readonly [number, number][] };
  return sum(extents.map(([first, end]) => end - first));
}

function sum(all: Iterable<number>): number {
  let total = 0;
  for (const one of all) total += one;
  return total;
}

/** A figure of something that did not happen is none. */
export function checkCounts(seen: {
  readonly sent: number;
  readonly admitted: number;
  readonly refused: number;
}): void {
  assert(seen.admitted === seen.sent && seen.refused === 0, `each frame is classified once: ${JSON.stringify(seen)}`);
}
