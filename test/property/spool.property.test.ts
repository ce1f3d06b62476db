import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openAgentDatabase } from '../../edge/adapters/sqlite-state.ts';
import type { Instant } from '../../proto/words/time.ts';
import { sqliteSpool } from '../support/edge/one-spool.ts';
import { batchAt, heldRow } from '../support/edge/spooled.ts';
import { tempDirectory } from '../support/edge/temp-directory.ts';

type Step =
  | { readonly do: 'append'; readonly count: number; readonly size: number; readonly releases: number }
  | { readonly do: 'acknowledge'; readonly pick: number; readonly isWhole: boolean }
  | { readonly do: 'hold'; readonly rows: number }
  | { readonly do: 'reopen' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      count: fc.integer({ min: 1, max: 5 }),
      size: fc.integer({ min: 8, max: 1_200 }),
      releases: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('acknowledge' as const), pick: fc.nat(), isWhole: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hold' as const), rows: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
);

const strategy = fc.constantFrom('RejectNewData' as const, 'OverwriteOldestData' as const);
const MAX_SIZE = 4_000;

/** What the spool should hold, kept beside it in plain variables. */
interface Expected {
  readonly waiting: Map<number, { count: number; size: number }>;
  /** Ranges [first, end) that some batch has told as lost. */
  readonly told: [number, number][];
  readonly appended: [first: number, count: number][];
  readonly acknowledged: Set<number>;
  held: number;
}

test('whatever is appended, held, acknowledged and reopened: every batch waits, was acknowledged, or is told as lost', () => {
  const directory = tempDirectory();
  let run = 0;
  fc.assert(
    fc.property(strategy, fc.array(step, { minLength: 5, maxLength: 40 }), (strategyOnFull, steps) => {
      run += 1;
      const file = join(directory, `${run}.db`);
      const open = () => sqliteSpool(openAgentDatabase(file), { maxSize: MAX_SIZE, strategyOnFull });
      let spool = open();
      const expected: Expected = { waiting: new Map(), told: [], appended: [], acknowledged: new Set(), held: 0 };
      for (const now of steps) {
        if (now.do === 'reopen') {
          spool.close();
          spool = open();
        } else take(spool, now, expected);
        compare(spool, expected);
      }
      spool.close();
    }),
    { numRuns: 25 },
  );
});

type OpenSpool = ReturnType<typeof sqliteSpool>;

function take(spool: OpenSpool, now: Exclude<Step, { do: 'reopen' }>, expected: Expected): void {
  if (now.do === 'hold') {
    if (spool.hold(Array.from({ length: now.rows }, () => heldRow(1))).ok) expected.held += now.rows;
    forgetOverwritten(spool, expected);
    return;
  }
  if (now.do === 'acknowledge') {
    const [first, batch] = [...expected.waiting][now.pick % Math.max(1, expected.waiting.size)] ?? [0, undefined];
    const count = (batch?.count ?? 0) + (now.isWhole ? 0 : 1);
    expect(spool.acknowledge(first, count)).toBe(batch !== undefined && now.isWhole ? count : 0);
    if (batch === undefined || !now.isWhole) return;
    expected.waiting.delete(first);
    expected.acknowledged.add(first);
    return;
  }
  const first = spool.nextSequence();
  const released = spool.due(9 as Instant, now.releases).map(({ id }) => id);
  const told = spool.dropNotices();
  const stored = spool.append({ batch: batchAt(first, now.count, now.size), released, told });
  if (!stored.ok) return;
  expected.told.push(
    ...told.map(({ firstSequence, count }): [number, number] => [firstSequence, firstSequence + count]),
  );
  expected.appended.push([first, now.count]);
  expected.held -= released.length;
  forgetOverwritten(spool, expected);
  expected.waiting.set(first, { count: now.count, size: now.size });
}

/** What the notices name has been overwritten, by a batch or by rows that are held. */
function forgetOverwritten(spool: OpenSpool, expected: Expected): void {
  for (const { firstSequence, count } of spool.dropNotices()) {
    for (const waiting of [...expected.waiting.keys()]) {
      if (waiting >= firstSequence && waiting < firstSequence + count) expected.waiting.delete(waiting);
    }
  }
}

function compare(spool: OpenSpool, { waiting, told, appended, acknowledged, held }: Expected): void {
  const read = spool.read(-1, 1_000).map(({ firstSequence, count, bytes }) => [firstSequence, count, bytes.length]);
  expect(read).toEqual([...waiting].map(([first, { count, size }]) => [first, count, size]));
  const status = spool.status();
  expect(status.framesWaiting).toBe([...waiting.values()].reduce((sum, { count }) => sum + count, 0));
  expect(status.framesHeld).toBe(held);
  expect(status.bytes).toBeLessThanOrEqual(MAX_SIZE);
  const lost = [
    ...told,
    ...spool.dropNotices().map(({ firstSequence, count }) => [firstSequence, firstSequence + count] as const),
  ];
  let next = 0;
  for (const [first, count] of appended) {
    expect(first).toBe(next);
    next = first + count;
    const isLost = lost.some(([from, end]) => from <= first && next <= end);
    expect(waiting.has(first) || acknowledged.has(first) || isLost).toBe(true);
  }
  expect(spool.nextSequence()).toBe(next);
}
