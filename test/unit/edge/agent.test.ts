import { describe, expect, test } from 'vitest';
import { FUTURE_TOLERANCE_MS, PAST_TOLERANCE_MS } from '../../../edge/agent.ts';
import { BATCH_FRAMES_MAX } from '../../../edge/batch-room.ts';
import { sealingIntervals } from '../../../edge/sealing-intervals.ts';
import { POSITION_PRESETS } from '../../../proto/codec/control-codec.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { PAYLOAD_BYTES_MAX } from '../../../proto/words/topics.ts';
import { createRig, feedSpeeds, openBatch, SYSTEM_NOW, speedFrame, speedsIn } from '../../support/edge/agent-rig.ts';
import { later, MORNING } from '../../support/edge/candidates.ts';
import { VIN_A } from '../../support/edge/made-vin.ts';
import { policyOf, SPEED } from '../../support/edge/policies.ts';
import { seededChance } from '../../support/edge/seeded.ts';

const policy = policyOf();
const image = {
  kind: 'image' as const,
  at: MORNING,
  camera: 'front',
  place: 'exterior' as const,
  bytes: Uint8Array.of(0xff, 0xd8, 0xff),
};

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe('sealing', () => {
  test('frames come into signed batches in order, without a gap, under the name and the steps of the policy', () => {
    const rig = createRig();
    rig.agent.usePolicy(policy);
    feedSpeeds(rig, 1_300);
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual(upTo(1_300));
    let next = 0;
    for (const batch of rig.batches()) {
      expect(batch).toMatchObject({ epoch: rig.spool.epoch, firstSequence: next, policyId: 'tour', policyVersion: 1 });
      expect(batch.steps.map(({ stage }) => stage)).toEqual([
        'drop-imagery',
        'position-strict',
        'strip-identifiers',
        'allow-signals',
        'tag-subject',
        'for-purposes',
      ]);
      next += batch.frames.length;
    }
    expect(next).toBe(1_300);
  });

  test('a full batch does not wait for the timer, and an empty flush writes nothing', () => {
    const rig = createRig();
    rig.agent.usePolicy(policyOf({ allowedPaths: new Set(['Vehicle.A']) }));
    const feed = (count: number) => {
      for (let index = 0; index < count; index += 1)
        rig.agent.take({ kind: 'signals', at: MORNING, signals: { 'Vehicle.A': true } });
    };
    feed(BATCH_FRAMES_MAX - 1);
    expect(rig.batches()).toEqual([]);
    feed(1);
    expect(rig.batches().map(({ frames }) => frames.length)).toEqual([BATCH_FRAMES_MAX]);
    rig.agent.flush();
    rig.agent.flush();
    expect(rig.batches()).toHaveLength(1);
  });

  test('a priority with an interval of its own waits for it, and an urgent one does not', () => {
    const rig = createRig({ priorities: { emergency: [SPEED] } });
    rig.agent.usePolicy(policyOf({ allowedPaths: new Set([SPEED, 'Vehicle.A']) }));
    const intervals = sealingIntervals({ intervalMs: 500, slowIntervalMs: { statistics: 60_000 } });
    expect(intervals).toEqual([
      { priorities: ['emergency', 'safety', 'diagnostics'], every: 500 },
      { priorities: ['statistics'], every: 60_000 },
    ]);
    rig.agent.take({ kind: 'signals', at: MORNING, signals: { 'Vehicle.A': 1, [SPEED]: 2 } });
    const framesIn = () => [rig.spools.of.emergency, rig.spools.of.statistics].map((spool) => spool.nextSequence());
    rig.agent.flush(intervals[0]?.priorities);
    expect(framesIn()).toEqual([1, 0]);
    rig.agent.flush(intervals[1]?.priorities);
    expect(framesIn()).toEqual([1, 1]);
  });

  test('frames that do not compress are cut into as many batches as they need, in order', () => {
    const rig = createRig();
    const allowed = Array.from({ length: 250 }, (_, index) => `Vehicle.P${index}`);
    rig.agent.usePolicy(policyOf({ allowedPaths: new Set(allowed) }));
    const chance = seededChance(3);
    for (let second = 0; second < 60; second += 1) {
      const signals = Object.fromEntries(allowed.map((path) => [path, chance() * 10 ** (9 * chance())]));
      rig.agent.take({ kind: 'signals', at: later(MORNING, second * 1_000), signals });
    }
    rig.agent.flush();
    const batches = rig.spool.read(-1, 100);
    expect(batches.length).toBeGreaterThan(1);
    for (const { bytes } of batches) expect(bytes.length).toBeLessThan(PAYLOAD_BYTES_MAX);
    const times = rig.batches().flatMap(({ frames }) => frames.map((one) => 'observedAt' in one && one.observedAt));
    expect(times).toEqual(Array.from({ length: 60 }, (_, second) => MORNING + second * 1_000));
  });

  test('no batch holds a VIN or a picture in any form of its bytes', () => {
    const rig = createRig();
    rig.agent.usePolicy(policyOf({ allowedPaths: new Set([SPEED, 'Vehicle.VehicleIdentification.VIN']) }));
    for (const value of [VIN_A, 1])
      rig.agent.take({
        kind: 'signals',
        at: MORNING,
        signals: { [SPEED]: value, 'Vehicle.VehicleIdentification.VIN': VIN_A },
      });
    rig.agent.take(image);
    rig.agent.flush();
    const bytes = Buffer.concat(rig.spool.read(-1, 9).map((batch) => batch.bytes)).toString('latin1');
    expect(bytes.length).toBeGreaterThan(100);
    expect(bytes.includes(VIN_A) || bytes.includes('/9j/')).toBe(false);
    expect(rig.agent.removals()).toEqual({ identifier: 3, imagery: 1 });
  });

  test.each([
    ['more different paths than one batch can name', 200, 40, 'Vehicle.A'],
    ['the longest paths and texts that the schema takes', 256, 12, `Vehicle.${'A'.repeat(112)}`],
  ])('%s are sealed in several batches', (_, signals, frames, prefix) => {
    const paths = upTo(signals * 5).map((index) => `${prefix}${String(index).padStart(4, '0')}`.slice(0, 128));
    const rig = createRig();
    rig.agent.usePolicy(policyOf({ allowedPaths: new Set(paths) }));
    for (let index = 0; index < frames; index += 1) {
      const own = paths.slice((index % 5) * signals, (index % 5) * signals + signals);
      rig.agent.take({
        kind: 'signals',
        at: later(MORNING, index * 1_000),
        signals: Object.fromEntries(own.map((path) => [path, 'A'.repeat(32)])),
      });
    }
    rig.agent.flush();
    expect(rig.batches().reduce((sum, batch) => sum + batch.frames.length, 0)).toBe(frames);
    for (const batch of rig.batches()) {
      const named = new Set(
        batch.frames.flatMap((frame) => (frame.kind === 'signals' ? frame.signals.map(({ path }) => path) : [])),
      );
      expect(named.size).toBeLessThanOrEqual(512);
    }
  });
});

describe('policy', () => {
  test('without one nothing is collected, and what came is counted', () => {
    const rig = createRig();
    feedSpeeds(rig, 3);
    rig.agent.takeMalformed();
    rig.agent.flush();
    expect([rig.batches(), rig.agent.removals()]).toEqual([[], { 'no-policy': 3, 'source-malformed': 1 }]);
  });

  test('one that has expired collects nothing from that moment on', () => {
    const rig = createRig();
    rig.agent.usePolicy(policyOf({ expiresAt: later(SYSTEM_NOW, 1_000) }));
    rig.clock.now = later(SYSTEM_NOW, 999);
    rig.agent.take(speedFrame(MORNING, 1));
    rig.clock.now = later(SYSTEM_NOW, 1_000);
    rig.agent.take(speedFrame(MORNING, 2));
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual([1]);
    expect(rig.agent.removals()).toEqual({ 'no-policy': 1 });
  });

  test('a new one seals what came before under the old name, and its allow-list holds from the next frame on', () => {
    const rig = createRig();
    rig.agent.usePolicy(policy);
    feedSpeeds(rig, 2);
    rig.agent.usePolicy(policyOf({ version: 2, allowedPaths: new Set() }));
    feedSpeeds(rig, 3);
    rig.agent.flush();
    expect(rig.batches().map(({ policyVersion, frames }) => [policyVersion, frames.length])).toEqual([[1, 2]]);
    expect(rig.agent.removals()).toEqual({ 'signal-not-allowed': 3 });
  });

  test('what the spool would not take never leaves under the name of another policy', () => {
    const rig = createRig();
    rig.agent.usePolicy(policy);
    feedSpeeds(rig, 5);
    rig.database.pragma('query_only = ON');
    rig.agent.usePolicy(policyOf({ version: 2 }));
    rig.database.pragma('query_only = OFF');
    rig.agent.take(speedFrame(MORNING, 99));
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual([99]);
    expect(rig.batches()[0]?.removals).toEqual([{ cause: 'spool-full', count: 5 }]);
  });

  test('the same one again changes nothing: a trip that is under way goes on', () => {
    const made: number[] = [];
    const rig = createRig({
      stagesFor: ({ version }) => {
        made.push(version);
        return [];
      },
    });
    for (const version of [1, 1, 2, 2]) rig.agent.usePolicy(policyOf({ version }));
    expect(made).toEqual([1, 2]);
  });

  test('withdrawn, it collects nothing more', () => {
    const rig = createRig();
    rig.agent.usePolicy(policy);
    feedSpeeds(rig, 1);
    rig.agent.usePolicy(undefined);
    feedSpeeds(rig, 2);
    rig.agent.flush();
    expect([speedsIn(rig), rig.agent.removals()]).toEqual([[0], { 'no-policy': 2 }]);
  });
});

describe('clocks', () => {
  test('a frame dated in the future is refused, to the millisecond, in both kinds of vehicle time', () => {
    for (const vehicleTime of ['system', 'source'] as const) {
      const rig = createRig({ vehicleTime });
      rig.agent.usePolicy(policy);
      rig.agent.take(speedFrame(later(SYSTEM_NOW, FUTURE_TOLERANCE_MS), 1));
      rig.agent.take(speedFrame(later(SYSTEM_NOW, FUTURE_TOLERANCE_MS + 1), 2));
      rig.agent.take(speedFrame(8.64e15 as Instant, 3));
      rig.agent.flush();
      expect(speedsIn(rig)).toEqual([1]);
      expect(rig.batches()[0]?.removals).toEqual([{ cause: 'time-in-future', count: 2 }]);
    }
  });

  test('a frame of a source that lost the time is refused, by the system clock or by what came before', () => {
    for (const vehicleTime of ['system', 'source'] as const) {
      const rig = createRig({ vehicleTime });
      rig.agent.usePolicy(policy);
      rig.agent.take(speedFrame(SYSTEM_NOW, 1));
      rig.agent.take(speedFrame(later(SYSTEM_NOW, -PAST_TOLERANCE_MS), 2));
      rig.agent.take(speedFrame(later(SYSTEM_NOW, -PAST_TOLERANCE_MS - 1), 3));
      rig.agent.take(speedFrame(later(SYSTEM_NOW, -200 * 86_400_000), 4));
      rig.agent.flush();
      expect(speedsIn(rig)).toEqual([1, 2]);
      expect(rig.batches()[0]?.removals).toEqual([{ cause: 'time-in-past', count: 2 }]);
    }
  });

  test('a replay of years ago goes by its own times', () => {
    const rig = createRig({ vehicleTime: 'source' });
    rig.agent.usePolicy(policy);
    rig.agent.take(speedFrame(later(SYSTEM_NOW, -900 * 86_400_000), 1));
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual([1]);
  });
});

describe('acknowledgements', () => {
  test('of another epoch delete nothing', () => {
    const rig = createRig();
    rig.agent.usePolicy(policy);
    feedSpeeds(rig, 3);
    rig.agent.flush();
    const ranges = [{ firstSequence: 0, count: 3, quarantined: false }];
    rig.agent.acknowledge({ epoch: rig.spool.epoch + 1, ranges });
    expect(rig.spool.status().framesWaiting).toBe(3);
    rig.agent.acknowledge({ epoch: rig.spool.epoch, ranges: [] });
    expect(rig.spool.status().framesWaiting).toBe(3);
    // Quarantined is durable at home as well.
    rig.agent.acknowledge({ epoch: rig.spool.epoch, ranges: [{ firstSequence: 0, count: 3, quarantined: true }] });
    expect(rig.spool.status().framesWaiting).toBe(0);
  });
});

test('a batch that was changed on its way no longer carries the signature of the device', () => {
  const rig = createRig();
  rig.agent.usePolicy(policyOf({ preset: POSITION_PRESETS.none }));
  feedSpeeds(rig, 1);
  rig.agent.flush();
  const [batch] = rig.spool.read(-1, 1);
  if (batch === undefined) throw new Error('no batch');
  expect(openBatch(batch).frames).toHaveLength(1);
  const changed = Uint8Array.from(batch.bytes);
  changed[20] = (changed[20] ?? 0) ^ 1;
  expect(() => openBatch({ ...batch, bytes: changed })).toThrow();
});
