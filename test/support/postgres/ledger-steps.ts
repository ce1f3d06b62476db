import type { PostgresSettings } from '../../../cloud/adapters/sql/postgres-messages.ts';
import { memoryStore } from '../../../cloud/classification/memory-store.ts';
import type { ObservedContent } from '../../../cloud/classification/observed.ts';
import { openAggregates, type RunningAggregates } from '../../../cloud/classification/running-aggregates.ts';
import type { Ledger, LedgerCommit, LedgerTotals } from '../../../cloud/ports/ledger.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { RULES, summaryOf } from '../classification/summary.ts';

/** What a process that takes steps in is told, as JSON in its first argument. */
export interface LedgerOrder {
  readonly settings: PostgresSettings;
  readonly steps: number;
}

export const TOPIC = 'books';
const FROM_MS = Date.UTC(2026, 10, 1);
const DAY_MS = 86_400_000;
const DEVICES = 7;

/** One frame of a device: a trip, whose length is a sum and shows what counted twice, or a picture on a day of its own. */
function contentOf(step: number): ObservedContent {
  if (step % 3 === 0) return { kind: 'trip', localDate: 20_261_101, distanceClass: 5, durationClass: 4 };
  return { kind: 'image', minute: (FROM_MS + (step % 50) * DAY_MS) / 60_000, camera: 1 };
}

/** What a record log would bring as its record of this number. */
export function stepOf(step: number, ledger: Pick<Ledger, 'totals'>, aggregates: RunningAggregates): LedgerCommit {
  const deviceNumber = step % DEVICES;
  const group = aggregates.begin();
  group.take(deviceNumber, contentOf(step));
  const before = ledger.totals();
  return {
    changes: [{ deviceNumber, epoch: 1, extents: [[0, step + 1]] }],
    notes: [
      {
        ...{ deviceNumber, epoch: 1, firstSequence: step, count: 1, receivedAt: FROM_MS as Instant, steps: [] },
        ...{ policyId: `p${step % 4}`, policyVersion: 1, removals: [{ cause: 'imagery', count: 1 }] },
      },
    ],
    totals: { ...before, framesAdmitted: before.framesAdmitted + 1 },
    upTo: { topic: TOPIC, partition: 0, offset: step + 1 },
    aggregates: group.changes(),
  };
}

/** The same in memory, each step once. */
export function commitsUpTo(steps: number): object {
  const store = memoryStore();
  const aggregates = openAggregates(RULES, store);
  let totals: LedgerTotals = { framesAdmitted: 0, duplicates: 0, framesQuarantined: 0, framesDroppedByVehicles: 0 };
  for (let step = 0; step < steps; step += 1) {
    const commit = stepOf(step, { totals: () => totals }, aggregates);
    totals = commit.totals;
    if (commit.aggregates === undefined) continue;
    store.write(commit.aggregates);
    aggregates.settle(commit.aggregates);
  }
  const positions = [{ topic: TOPIC, partition: 0, offset: steps }];
  return { totals, positions, removed: { imagery: steps }, counted: summaryOf(aggregates) };
}

/** Takes steps in, one commit each. */
export function takeSteps(ledger: Ledger, from: number, until: number): void {
  const aggregates = openAggregates(RULES, ledger.aggregates);
  for (let step = from; step < until; step += 1) {
    const commit = stepOf(step, ledger, aggregates);
    ledger.commit(commit);
    if (commit.aggregates !== undefined) aggregates.settle(commit.aggregates);
  }
}

/** All that a ledger says of steps that were taken in. */
export const ledgerSeen = (ledger: Ledger) => ({
  counted: summaryOf(openAggregates(RULES, ledger.aggregates)),
  told: [ledger.totals(), ledger.removed(), ledger.positions(TOPIC), ledger.latest(1, 9), ledger.extents(1, 1)],
});
