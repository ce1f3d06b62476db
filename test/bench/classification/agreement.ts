import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteLedger } from '../../../cloud/adapters/sqlite-ledger.ts';
import { classificationDigest, classify } from '../../../cloud/classification/classification.ts';
import { classificationRules } from '../../../cloud/classification/classification-rules.ts';
import { createRecordsClassifier } from '../../../cloud/classification/classify-records.ts';
import { openAggregates, type RunningAggregates } from '../../../cloud/classification/running-aggregates.ts';
import { aggregateSubject } from '../../../cloud/classification/subjects.ts';
import { parseRecordLine } from '../../../cloud/cli/classify-lines.ts';
import { createLineAdmission } from '../../../cloud/cli/line-admission.ts';
import { SHIPPED_LAW } from '../../../cloud/rules/shipped-rules.ts';
import type { FrameContent, WithdrawalStatement } from '../../../proto/codec/telemetry-codec.ts';
import { assert } from '../../../proto/words/result.ts';
import type { CivilDate } from '../../../proto/words/time.ts';
import { benchFrame } from '../ingest/bench-frames.ts';

/** What the benchmark sends: everything but statements of withdrawal, which have no time. */
type Observed = Exclude<FrameContent, WithdrawalStatement | { kind: 'update' }>;

export interface Agreement {
  readonly records: number;
  readonly vehicles: number;
  readonly digest: string;
  readonly liveSeconds: number;
  readonly offlineSeconds: number;
  readonly restartSeconds: number;
}

const START_MS = Date.UTC(2026, 9, 20);
const ON = '2026-11-21' as CivilDate;
const DEVICES = 10_000;
const GROUP = 512;

/**
 * The same records through the ledger's file and as lines of a file, in the opposite order: every record, every aggregate and
 * the whole have to be the same, and so have the aggregates after a restart.
 */
export function measureAgreement(directory: string, records: number): Agreement {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const rules = classificationRules(SHIPPED_LAW);
  const file = join(directory, 'ledger.sqlite');
  const ledger = sqliteLedger(file);
  const live = openAggregates(rules, ledger.aggregates);
  const liveSeconds = timed(() => {
    for (let from = 0; from < records; from += GROUP) {
      const group = live.begin();
      for (let index = from; index < Math.min(records, from + GROUP); index += 1)
        group.take(deviceOf(index), frameOf(index));
      const aggregates = group.changes();
      ledger.commit({ changes: [], notes: [], totals: ledger.totals(), aggregates });
      live.settle(aggregates);
    }
  });
  const offline = createRecordsClassifier(rules);
  const admission = createLineAdmission();
  const offlineSeconds = timed(() => {
    for (let index = records - 1; index >= 0; index -= 1) {
      const parsed = parseRecordLine(lineOf(index), false);
      assert(parsed.ok && parsed.value !== undefined, 'the lines are records');
      const { who, key, content } = parsed.value;
      const number = admission.numberOf(who);
      assert(admission.admit(number, key), 'each line stands there once');
      offline.take(number, content);
      assert(isSame(offline.record(content), live, frameOf(index)), 'a record is the same on both ways');
    }
  });
  const whole = offline.result(ON, { year: 2026, stated: {}, figures: {} });
  const digest = digestOf(live);
  assert(digest === digestOf(offline.aggregates), 'both ways agree on the whole');
  ledger.close();
  const again = sqliteLedger(file);
  const restartSeconds = timed(() =>
    assert(digestOf(openAggregates(rules, again.aggregates)) === digest, 'a restart changes nothing'),
  );
  again.close();
  return { records, vehicles: whole.vehicles, digest, liveSeconds, offlineSeconds, restartSeconds };
}

function digestOf(aggregates: RunningAggregates): string {
  const subject = aggregateSubject(aggregates, { year: 2026, stated: {}, figures: {} });
  return classificationDigest(classify(subject, ON, aggregates.rules.on(ON)));
}

function isSame(
  one: { readonly classes: readonly string[]; readonly items: readonly string[] },
  live: RunningAggregates,
  frame: Observed,
): boolean {
  const { traits } = live.weigh(frame);
  const items = [...new Set(traits.flatMap(({ row }) => row.items))].sort();
  return items.join() === one.items.join();
}

const deviceOf = (index: number): number => index % DEVICES;

function frameOf(index: number): Observed {
  const device = deviceOf(index);
  const sequence = Math.floor(index / DEVICES);
  const signals = benchFrame('message', device, sequence * 20_000, START_MS);
  if (sequence % 25 === 7) {
    const hour = Math.floor(signals.observedAt / 3_600_000);
    return { kind: 'cell', subjectTag: signals.subjectTag, hour, sizeM: 5_000, zone: 40, row: 90, column: 80 };
  }
  if (sequence % 25 === 9)
    return { kind: 'trip', localDate: 20_261_101, distanceClass: index % 9, durationClass: index % 7 };
  if (sequence % 50 === 11) return { kind: 'objects', minute: Math.floor(signals.observedAt / 60_000), counts: [] };
  return signals;
}

function lineOf(index: number): string {
  const frame = frameOf(index);
  const head = { device: deviceOf(index), epoch: 1, sequence: Math.floor(index / DEVICES), kind: frame.kind };
  if (frame.kind === 'trip') {
    const { distanceClass, durationClass } = frame;
    return JSON.stringify({ ...head, localDate: '2026-11-01', distanceClass, durationClass });
  }
  if (frame.kind === 'cell') {
    const { sizeM, zone, row, column } = frame;
    return JSON.stringify({ ...head, at: new Date(frame.hour * 3_600_000).toISOString(), sizeM, zone, row, column });
  }
  if (frame.kind === 'objects') return JSON.stringify({ ...head, at: new Date(frame.minute * 60_000).toISOString() });
  assert(frame.kind === 'signals', 'the bench has no other kind');
  const signals = Object.fromEntries(frame.signals.map(({ path, value }) => [path, value]));
  return JSON.stringify({ ...head, at: new Date(frame.observedAt).toISOString(), signals });
}

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return (performance.now() - startedAt) / 1_000;
}
