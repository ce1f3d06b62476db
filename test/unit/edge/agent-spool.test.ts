import { describe, expect, test } from 'vitest';
import { PENDING_FRAMES_MAX } from '../../../edge/pending-frames.ts';
import { acknowledgeAll, createRig, feedSpeeds, type Rig, speedsIn } from '../../support/edge/agent-rig.ts';
import { later, MORNING } from '../../support/edge/candidates.ts';
import { policyOf } from '../../support/edge/policies.ts';

const policy = policyOf();

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** A row of numbers fits nearly any number of frames into a batch, so that a spool is filled by batches. */
function feedBatch(rig: Rig, count: number, from: number): void {
  feedSpeeds(rig, count, from);
  rig.agent.flush();
}

describe('a spool that cannot be written', () => {
  test('frames wait, within bounds; what is past them is dropped and counted; the rest is sealed once it can be written', () => {
    const rig = createRig();
    rig.agent.usePolicy(policy);
    rig.database.pragma('query_only = ON');
    expect(PENDING_FRAMES_MAX).toBe(4_096);
    feedSpeeds(rig, PENDING_FRAMES_MAX + 1_000);
    rig.agent.flush();
    expect(new Set(rig.faults)).toEqual(new Set(['SPOOL_UNAVAILABLE']));
    // A blocked spool is asked once by the frame that fills a batch and then by the timer, not by every frame.
    expect(rig.faults.length).toBeLessThanOrEqual(3);
    expect(rig.agent.removals()).toEqual({ 'spool-full': 1_000 });
    rig.database.pragma('query_only = OFF');
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual(upTo(PENDING_FRAMES_MAX));
    expect(rig.batches().flatMap(({ removals }) => removals)).toEqual([{ cause: 'spool-full', count: 1_000 }]);
    feedSpeeds(rig, 600);
    rig.agent.flush();
    expect(speedsIn(rig).length).toBeGreaterThan(PENDING_FRAMES_MAX);
  });

  test('large frames that wait are bounded by their bytes', () => {
    const paths = upTo(256).map((index) => `Vehicle.${'A'.repeat(90)}${index}`);
    const rig = createRig();
    rig.agent.usePolicy(policyOf({ allowedPaths: new Set(paths) }));
    rig.database.pragma('query_only = ON');
    const signals = Object.fromEntries(paths.map((path) => [path, 1]));
    const frames = 200;
    for (let index = 0; index < frames; index += 1)
      rig.agent.take({ kind: 'signals', at: later(MORNING, index * 1_000), signals });
    const dropped = rig.agent.removals()['spool-full'] ?? 0;
    rig.database.pragma('query_only = OFF');
    rig.agent.flush();
    const kept = rig.batches().reduce((sum, batch) => sum + batch.frames.length, 0);
    expect(kept + dropped).toBe(frames);
    expect(kept * 256 * 100).toBeLessThan(4_000_000);
    expect(kept).toBeGreaterThan(100);
  });

  test('an acknowledgement that cannot be carried out costs nothing: the batch stays until it can', () => {
    const rig = createRig();
    rig.agent.usePolicy(policy);
    feedSpeeds(rig, 3);
    rig.agent.flush();
    const acknowledgement = { epoch: rig.spool.epoch, ranges: [{ firstSequence: 0, count: 3, quarantined: false }] };
    rig.database.pragma('query_only = ON');
    rig.agent.acknowledge(acknowledgement);
    expect(rig.spool.status().framesWaiting).toBe(3);
    rig.database.pragma('query_only = OFF');
    rig.agent.acknowledge(acknowledgement);
    expect(rig.spool.status()).toEqual({ framesWaiting: 0, framesHeld: 0, bytes: 0 });
  });
});

describe('a spool that is full', () => {
  test('RejectNewData: what is refused has no sequence, is counted, and the count is told by the next batch', () => {
    const rig = createRig({ limits: { maxSize: 12_000, strategyOnFull: 'RejectNewData' } });
    rig.agent.usePolicy(policy);
    for (const start of upTo(100)) feedBatch(rig, 20, 20 * start);
    const stored = rig.spool.nextSequence();
    expect(stored).toBeGreaterThan(400);
    expect(stored).toBeLessThan(2_000);
    expect(new Set(rig.faults)).toEqual(new Set(['SPOOL_FULL']));
    expect(rig.agent.removals()).toEqual({ 'spool-full': 2_000 - stored });
    const told = () => rig.batches().flatMap(({ removals }) => removals.map(({ count }) => count));
    const toldBefore = told();
    acknowledgeAll(rig);
    feedSpeeds(rig, 10, 2_000);
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual(upTo(2_010).slice(2_000));
    expect(rig.spool.nextSequence()).toBe(stored + 10);
    expect([...toldBefore, ...told()].reduce((sum, count) => sum + count, 0)).toBe(2_000 - stored);
  });

  test('OverwriteOldestData: the batches that took their place tell the sequences that are gone, every one', () => {
    const rig = createRig({ limits: { maxSize: 6_000, strategyOnFull: 'OverwriteOldestData' } });
    rig.agent.usePolicy(policy);
    const gone = new Set<number>();
    for (let round = 0; round < 60; round += 1) {
      feedBatch(rig, 10, 10 * round);
      const newest = rig.batches().at(-1);
      for (const { firstSequence, count, cause } of newest?.drops ?? []) {
        expect(cause).toBe('spool-full');
        for (let sequence = firstSequence; sequence < firstSequence + count; sequence += 1) gone.add(sequence);
      }
    }
    const [oldest] = rig.batches();
    expect(gone.size).toBeGreaterThan(200);
    // What the newest batch itself overwrote, the next one will tell.
    for (const { firstSequence, count } of rig.spool.dropNotices()) {
      for (let sequence = firstSequence; sequence < firstSequence + count; sequence += 1) gone.add(sequence);
    }
    expect(gone).toEqual(new Set(upTo(oldest?.firstSequence ?? 0)));
    expect(rig.faults).toEqual([]);
  });
});
