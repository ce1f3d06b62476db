import { describe, expect, test } from 'vitest';
import type { ActivePolicy } from '../../../edge/policy/policy-bundle.ts';
import { HOLD_BACK_MS, HOLD_BACK_RANDOM_MS } from '../../../edge/stages/reduce-position.ts';
import { POSITION_PRESETS } from '../../../proto/codec/control-codec.ts';
import { PRESET_RULES } from '../../../proto/words/position-rules.ts';
import type { RawFix, RawFrame } from '../../../proto/words/raw-frame.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { createRig, type Rig, SYSTEM_NOW, speedFrame } from '../../support/edge/agent-rig.ts';
import { later, MORNING } from '../../support/edge/candidates.ts';
import { fixesOf } from '../../support/edge/itinerary.ts';
import { degreesOfPosition } from '../../support/edge/map.ts';
import { policyOf } from '../../support/edge/policies.ts';
import { BASIS } from '../../support/edge/spooled.ts';

const HOUR_MS = 3_600_000;
const strict = policyOf();

/** A drive of some kilometres east; its length tells it from the others. */
function driveOf(km: number, at: Instant): readonly RawFix[] {
  return fixesOf({ from: [0, 0], at, intervalMs: 20_000 }, [{ go: [km * 1_000, 0], speedMps: 20 }]).map((fix) => {
    return { kind: 'fix', at: fix.at, ...degreesOfPosition(fix.position) };
  });
}

const clockAt = (at: Instant): RawFrame => ({ kind: 'clock', at });

/** Time of the vehicle moves on to here, and the timer fires. */
function tickAt(rig: Rig, at: number): void {
  rig.agent.take(clockAt(at as Instant));
  rig.agent.flush();
}

function drive(rig: Rig, km: number, at: Instant): Instant {
  const fixes = driveOf(km, at);
  for (const fix of fixes) rig.agent.take(fix);
  const end = fixes.at(-1)?.at ?? at;
  tickAt(rig, end + 600_000);
  return end;
}

const kindsOf = (rig: Rig): readonly (readonly string[])[] =>
  rig.batches().map(({ frames }) => frames.map(({ kind }) => kind));

const rowsIn = (rig: Rig): readonly number[] =>
  rig
    .batches()
    .flatMap(({ frames }) => frames.flatMap((frame) => (frame.kind === 'trip' ? [frame.distanceClass] : [])));

function startRig(policy: ActivePolicy = strict, options: Parameters<typeof createRig>[0] = {}): Rig {
  const rig = createRig(options);
  rig.agent.usePolicy(policy);
  return rig;
}

describe('a trip row', () => {
  test('does not leave under a policy that ended meanwhile, and does under the next', () => {
    const rig = startRig(policyOf({ expiresAt: later(SYSTEM_NOW, 1_000) }));
    const end = drive(rig, 12, MORNING);
    rig.clock.now = later(SYSTEM_NOW, 1_000);
    tickAt(rig, end + HOLD_BACK_MS + HOLD_BACK_RANDOM_MS);
    expect([rowsIn(rig), rig.spool.status().framesHeld]).toEqual([[], 1]);
    rig.agent.usePolicy(policyOf({ version: 2 }));
    tickAt(rig, end + HOLD_BACK_MS + HOLD_BACK_RANDOM_MS);
    expect([rowsIn(rig).length, rig.spool.status().framesHeld]).toEqual([1, 0]);
  });

  test('is not sealed before 24 h after the end of its trip, and is within 30 h', () => {
    for (const seed of [1, 2, 3, 4]) {
      const rig = startRig(strict, { seed });
      const end = drive(rig, 12, MORNING);
      expect(rig.spool.status()).toMatchObject({ framesHeld: 1, framesWaiting: 0 });
      for (const hours of [1, 12, 23]) {
        tickAt(rig, end + hours * HOUR_MS);
        expect(rowsIn(rig)).toEqual([]);
      }
      tickAt(rig, end + HOLD_BACK_MS - 1);
      expect(rowsIn(rig)).toEqual([]);
      tickAt(rig, end + HOLD_BACK_MS + HOLD_BACK_RANDOM_MS);
      expect(rowsIn(rig)).toHaveLength(1);
      expect(rig.spool.status()).toMatchObject({ framesHeld: 0, framesWaiting: 1 });
    }
  });

  test('is not brought forward by a frame from the future, by an old frame, or by the system clock', () => {
    const rig = startRig();
    rig.clock.now = later(MORNING, 3 * HOUR_MS);
    const end = drive(rig, 12, MORNING);
    rig.agent.take(speedFrame(later(end, 2 * HOLD_BACK_MS)));
    rig.agent.take(clockAt(later(end, -HOLD_BACK_MS)));
    rig.agent.flush();
    expect(rowsIn(rig)).toEqual([]);
    rig.clock.now = SYSTEM_NOW;
    rig.agent.flush();
    expect(rowsIn(rig)).toEqual([]);
    expect(rig.agent.removals()['time-in-future']).toBe(1);
  });

  test('follows the system clock where that is the time of the vehicle', () => {
    const rig = startRig(strict, { vehicleTime: 'system' });
    rig.clock.now = later(MORNING, HOUR_MS);
    const end = drive(rig, 12, MORNING);
    rig.clock.now = later(end, HOLD_BACK_MS - 1);
    rig.agent.flush();
    expect(rowsIn(rig)).toEqual([]);
    rig.clock.now = later(end, HOLD_BACK_MS + HOLD_BACK_RANDOM_MS);
    rig.agent.flush();
    expect(rowsIn(rig)).toHaveLength(1);
  });

  test('survives a restart, and a restarted agent releases nothing before it knows the time', () => {
    const first = startRig();
    const end = drive(first, 12, MORNING);
    first.database.close();
    const second = startRig(strict, { file: first.file, seed: 2 });
    second.agent.flush();
    expect(second.spool.status()).toMatchObject({ framesHeld: 1, framesWaiting: 0 });
    tickAt(second, end + HOLD_BACK_MS - 1);
    expect(rowsIn(second)).toEqual([]);
    tickAt(second, end + HOLD_BACK_MS + HOLD_BACK_RANDOM_MS);
    expect(rowsIn(second)).toHaveLength(1);
  });

  test('holds no tag, hour or id on the wire', () => {
    const rig = startRig();
    const end = drive(rig, 12, MORNING);
    tickAt(rig, end + 2 * HOLD_BACK_MS);
    expect(rig.batches()[0]?.frames).toEqual([
      { kind: 'trip', localDate: 20_200_718, distanceClass: 5, durationClass: 2 },
    ]);
  });
});

describe('rows leave', () => {
  /** 40 trips within a few hours, each of its own length class in turn, then two days of rest. */
  function weekOf(seed: number): Rig {
    const rig = startRig(strict, { seed });
    let at = MORNING;
    for (let trip = 0; trip < 40; trip += 1) at = later(drive(rig, 2 ** (trip % 5), at), 700_000);
    tickAt(rig, at + 3 * HOLD_BACK_MS);
    return rig;
  }
  const driven = Array.from({ length: 40 }, (_, trip) => (trip % 5) + 1);

  test('in one batch, without signal frames, in no order', () => {
    const orders = [1, 2, 3].map((seed) => {
      const rig = weekOf(seed);
      expect(kindsOf(rig).map((kinds) => new Set(kinds))).toEqual([new Set(['trip'])]);
      return rowsIn(rig);
    });
    for (const order of orders) {
      expect([...order].sort()).toEqual([...driven].sort());
      expect(order).not.toEqual(driven);
    }
    expect(new Set(orders.map(String)).size).toBe(3);
  });

  test('in no order by the time their hold-back ended either', () => {
    const due = Array.from({ length: 100 }, (_, index) => ({
      content: {
        kind: 'trip',
        localDate: 20_200_718,
        distanceClass: index % 20,
        durationClass: Math.floor(index / 20),
      },
      basis: BASIS,
      notBefore: index + 1,
    }));
    const orders = [1, 2].map((seed) => {
      const rig = startRig(strict, { seed });
      rig.spool.hold(due as never);
      tickAt(rig, MORNING);
      return rig
        .batches()
        .flatMap(({ frames }) =>
          frames.map((row) => (row.kind === 'trip' ? row.durationClass * 20 + row.distanceClass : -1)),
        );
    });
    for (const order of orders) {
      expect([...order].sort((a, b) => a - b)).toEqual(due.map((_, index) => index));
      // Of a hundred in order, one stays where it was on average, and one follows the one before it.
      expect(order.filter((row, index) => row === index).length).toBeLessThan(8);
      expect(order.filter((row, index) => row === (order[index - 1] ?? Number.NaN) + 1).length).toBeLessThan(8);
    }
    expect(orders[0]).not.toEqual(orders[1]);
  });

  test('apart from the signals of the moment, also when a trip is only known days after it ended', () => {
    const rig = startRig();
    const friday = driveOf(12, MORNING);
    for (const fix of friday) rig.agent.take(fix);
    rig.agent.flush();
    // The receiver was off for three days; the first fix of Monday ends the trip of Friday.
    const monday = later(MORNING, 72 * HOUR_MS);
    rig.agent.take(speedFrame(monday, 1));
    rig.agent.take({ ...driveOf(0, monday)[0], kind: 'fix', at: monday, latitude: 31.2, longitude: 120.1 });
    rig.agent.take(speedFrame(later(monday, 1_000), 2));
    rig.agent.flush();
    expect(kindsOf(rig)).toEqual([['signals', 'signals'], ['trip']]);
  });

  test('beside cells in no batch', () => {
    const rig = startRig(policyOf({ preset: POSITION_PRESETS.fleet }));
    let at = MORNING;
    for (let trip = 0; trip < 6; trip += 1) at = later(drive(rig, 20, at), HOUR_MS * 12);
    tickAt(rig, at + 3 * HOLD_BACK_MS);
    const kinds = kindsOf(rig).map((batch) => [...new Set(batch)]);
    expect(kinds.every((batch) => batch.length === 1)).toBe(true);
    expect(new Set(kinds.flat())).toEqual(new Set(['cell', 'trip']));
  });

  test('beside the held cells of its trip in no batch', () => {
    const rig = startRig(
      policyOf({ preset: POSITION_PRESETS.fleet, position: { ...PRESET_RULES.fleet, timeFloorS: 86_400 } }),
    );
    let at = MORNING;
    for (let trip = 0; trip < 6; trip += 1) at = later(drive(rig, 20, at), 900_000);
    expect(kindsOf(rig)).toEqual([]);
    for (let flush = 0; flush < 6; flush += 1) tickAt(rig, at + 3 * HOLD_BACK_MS + flush);
    const kinds = kindsOf(rig).map((batch) => [...new Set(batch)]);
    expect(kinds.every((batch) => batch.length === 1)).toBe(true);
    expect(new Set(kinds.flat())).toEqual(new Set(['cell', 'trip']));
  });

  test('512 at a time, the rest with the next flush', () => {
    const rig = startRig();
    const held = {
      content: { kind: 'trip', localDate: 20_200_718, distanceClass: 1, durationClass: 1 },
      basis: BASIS,
      notBefore: 5,
    };
    rig.spool.hold(Array.from({ length: 700 }, () => held as never));
    tickAt(rig, MORNING);
    expect(rowsIn(rig)).toHaveLength(512);
    rig.agent.flush();
    expect(rowsIn(rig)).toHaveLength(700);
  });
});

describe('the policy in force when a row would leave', () => {
  test('none: the row stays; strict again: it goes, once', () => {
    const rig = startRig();
    const end = drive(rig, 12, MORNING);
    rig.agent.usePolicy(policyOf({ version: 2, preset: POSITION_PRESETS.none }));
    tickAt(rig, end + 2 * HOLD_BACK_MS);
    expect([rowsIn(rig), rig.spool.status().framesHeld]).toEqual([[], 1]);
    rig.agent.usePolicy(undefined);
    tickAt(rig, end + 3 * HOLD_BACK_MS);
    expect(rowsIn(rig)).toEqual([]);
    rig.agent.usePolicy(policyOf({ version: 3 }));
    tickAt(rig, end + 4 * HOLD_BACK_MS);
    rig.agent.flush();
    expect([rowsIn(rig).length, rig.spool.status().framesHeld]).toEqual([1, 0]);
  });
});

describe('a spool that refuses', () => {
  test('rows wait in memory, are stored later and still leave in their time', () => {
    const rig = startRig();
    rig.database.pragma('query_only = ON');
    const end = drive(rig, 12, MORNING);
    expect([rig.faults[0], rig.spool.status().framesHeld]).toEqual(['SPOOL_UNAVAILABLE', 0]);
    rig.database.pragma('query_only = OFF');
    tickAt(rig, end + HOUR_MS);
    expect(rig.spool.status().framesHeld).toBe(1);
    tickAt(rig, end + 2 * HOLD_BACK_MS);
    expect(rowsIn(rig)).toHaveLength(1);
  });

  test('a row whose batch is refused stays held, is not counted as removed, and goes later', () => {
    const rig = startRig(strict, { limits: { maxSize: 1_000, strategyOnFull: 'RejectNewData' } });
    const end = drive(rig, 12, MORNING);
    for (let isFull = false; !isFull; ) {
      const batch = { firstSequence: rig.spool.nextSequence(), count: 1, bytes: new Uint8Array(300) };
      isFull = !rig.spool.append({ batch, released: [], told: [] }).ok || batch.firstSequence > 9;
    }
    tickAt(rig, end + 2 * HOLD_BACK_MS);
    expect([rig.faults.at(-1), rig.spool.status().framesHeld]).toEqual(['SPOOL_FULL', 1]);
    expect(rig.agent.removals()['spool-full']).toBeUndefined();
    for (const { firstSequence, count } of rig.spool.read(-1, 9)) rig.spool.acknowledge(firstSequence, count);
    rig.agent.flush();
    expect([rowsIn(rig).length, rig.spool.status().framesHeld]).toEqual([1, 0]);
  });
});
