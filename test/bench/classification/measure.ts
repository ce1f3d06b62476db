import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { classificationRules } from '../../../cloud/classification/classification-rules.ts';
import { memoryStore } from '../../../cloud/classification/memory-store.ts';
import type { ObservedContent } from '../../../cloud/classification/observed.ts';
import { openAggregates, type RunningAggregates } from '../../../cloud/classification/running-aggregates.ts';
import { createPartitioner } from '../../../cloud/partition/partition.ts';
import { SHIPPED_LAW } from '../../../cloud/rules/shipped-rules.ts';
import type { FrameContent, WithdrawalStatement } from '../../../proto/codec/telemetry-codec.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { benchFrame } from '../ingest/bench-frames.ts';

/** What the benchmark sends: everything but statements of withdrawal, which have no time. */
type Observed = Exclude<FrameContent, WithdrawalStatement | { kind: 'update' }>;

/** One way over the same records, in one thread. */
export interface ClassificationSpeed {
  readonly name: string;
  readonly recordsPerSecond: number;
  readonly microseconds: number;
}

const START_MS = Date.UTC(2026, 10, 1);
const DEVICES = 1_000;
const FRAMES_EACH = 100;
const ROUNDS = 10;
const GROUP = 512;

/** Records of a fleet: signals, with a cell, a row of a trip and a mosaic now and then. */
function records(size: 'message' | 'frame'): readonly (readonly [number, Observed])[] {
  return Array.from({ length: DEVICES * FRAMES_EACH }, (_, index) => {
    const device = index % DEVICES;
    const sequence = Math.floor(index / DEVICES);
    const signals = benchFrame(size, device, sequence, START_MS);
    const hour = Math.floor(signals.observedAt / 3_600_000);
    if (sequence % 25 === 7)
      return [
        device,
        { kind: 'cell', subjectTag: signals.subjectTag, hour, sizeM: 5_000, zone: 40, row: 90, column: 80 },
      ];
    if (sequence % 50 === 9)
      return [device, { kind: 'trip', localDate: 20_261_101, distanceClass: 5, durationClass: 3 }];
    return [device, signals];
  });
}

/** Classification and partition of one million records, against copying them. */
export function measureClassification(): readonly (readonly ClassificationSpeed[])[] {
  return (['message', 'frame'] as const).map((size) => {
    const all = records(size);
    const readings = size === 'message' ? 2 : 22;
    const aggregates = openAggregates(classificationRules(SHIPPED_LAW), memoryStore());
    return [
      timed(`a bare copy of records of ${readings} readings`, all, () => copyOf),
      timed(`partition of the same`, all, partitioner),
      timed(`classification and partition of the same`, all, () => classifier(aggregates)),
    ];
  });
}

type Work = (device: number, content: Observed) => number;

function copyOf(_: number, content: Observed): number {
  const copy =
    content.kind === 'signals' ? { ...content, signals: content.signals.map((one) => ({ ...one })) } : { ...content };
  return copy.kind.length;
}

/** As the gateway does it, with plans that outlive a record. */
function partitioner(): Work {
  const partition = createPartitioner();
  return (_, content) => partition(content).length;
}

/** As the gateway does it: groups that are settled. */
function classifier(aggregates: RunningAggregates): Work {
  const partition = createPartitioner();
  let group = aggregates.begin();
  let taken = 0;
  return (device, content) => {
    group.take(device, content);
    taken += 1;
    if (taken % GROUP === 0) {
      aggregates.settle(group.changes());
      group = aggregates.begin();
    }
    return partition(content).length;
  };
}

function timed(name: string, all: readonly (readonly [number, Observed])[], begin: () => Work): ClassificationSpeed {
  let sum = 0;
  const warm = begin();
  for (const [device, content] of all) sum += warm(device, content);
  const work = begin();
  // CPU and not the clock, with the collector's threads: what else runs on the machine takes none of it.
  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round += 1) for (const [device, content] of all) sum += work(device, content);
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  if (sum === 0) throw new Error('nothing was done');
  const count = all.length * ROUNDS;
  return { name, recordsPerSecond: count / seconds, microseconds: (seconds * 1_000_000) / count };
}

/** What was let go of is no memory of the aggregates; Node shows its collector only when it is asked to. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  assert(typeof gc === 'function', 'the collector can be called');
  gc();
}

/** Resident memory of aggregates of so many vehicles, each with signals, cells and a trip, over what the process had before. */
export function measureVehicles(vehicles: number): { readonly mb: number; readonly bytesEach: number } {
  collect();
  const before = process.memoryUsage();
  const aggregates = openAggregates(classificationRules(SHIPPED_LAW), memoryStoreOfNothing());
  let group = aggregates.begin();
  for (let device = 0; device < vehicles; device += 1) {
    for (const content of contentsOf(device)) group.take(device, content);
    if (device % GROUP !== GROUP - 1) continue;
    aggregates.settle(group.changes());
    group = aggregates.begin();
  }
  aggregates.settle(group.changes());
  collect();
  const after = process.memoryUsage();
  const bytes = after.heapUsed + after.external - before.heapUsed - before.external;
  if (aggregates.state.of.vehicles !== vehicles) throw new Error('vehicles are missing');
  return { mb: bytes / 1_000_000, bytesEach: bytes / vehicles };
}

/** Days lie on disk in the cloud. */
function memoryStoreOfNothing() {
  return { ...memoryStore(), daysOf: () => [] };
}

function contentsOf(device: number): readonly ObservedContent[] {
  const observedAt = (START_MS + device * 1_000) as Instant;
  const signals = [{ path: 'Vehicle.Speed', value: 1 }];
  return [
    { kind: 'signals', observedAt, signals },
    { kind: 'signals', observedAt: (observedAt + 1_000) as Instant, signals },
    { kind: 'cell', hour: Math.floor(observedAt / 3_600_000), sizeM: 5_000, zone: 40, row: 1, column: 1 },
    { kind: 'trip', localDate: 20_261_101, distanceClass: 3, durationClass: 3 },
  ];
}
