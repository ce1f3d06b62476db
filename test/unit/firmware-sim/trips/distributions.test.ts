import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadTraces } from '../../../../firmware-sim/traces.ts';
import { middleOf, outside, rangesOf } from '../../../../firmware-sim/trips/distributions.ts';
import { findTrips } from '../../../../firmware-sim/trips/find-trips.ts';
import { FLEET_RANGES, REAL_RANGES } from '../../../../firmware-sim/trips/real-ranges.table.ts';
import { distributionsOfTraces, sampleFleet } from '../../../../firmware-sim/trips/sample-fleet.ts';
import { DAY_MS, type Instant } from '../../../../proto/words/time.ts';
import { WALL_START } from '../run-virtually.ts';

const FLEET = '../shared/data/trajectories/wuxi_fleet_2020-07-18.csv.gz';

test('lengths, speeds and stays of synthetic drives lie within the ranges of real ones', () => {
  const fleet = sampleFleet({ seed: 'tongguan', vehicles: 5, days: 21, start: WALL_START });
  const figures = middleOf(distributionsOfTraces(fleet));
  expect(outside(figures, REAL_RANGES)).toEqual([]);
  const twiceAsFast = { ...figures, meanKmh: { p10: 30, p50: 60, p90: 90 } };
  expect(outside(twiceAsFast, REAL_RANGES)).toHaveLength(3);
});

test.skipIf(!existsSync(FLEET))(
  'the recorded ranges are those of the traces (needs the real traces beside the repository)',
  async () => {
    const listener = { onBrokenLine: () => undefined, onAssumption: () => undefined };
    const loaded = await loadTraces([FLEET], WALL_START, listener);
    if (!loaded.ok) throw new Error(loaded.fault.code);
    expect(rangesOf(distributionsOfTraces(loaded.value.traces, 5))).toEqual(FLEET_RANGES);
  },
);

test('trips end with a stay or a silence, and walks are none', () => {
  const track = (minutes: readonly (readonly [minute: number, km: number])[]) => ({
    at: minutes.map(([minute]) => (WALL_START + minute * 60_000) as Instant),
    latitude: minutes.map(([, km]) => 30 + km / 111.195),
    longitude: minutes.map(() => 110),
  });
  const drive = Array.from({ length: 21 }, (_, minute) => [minute, minute] as const);
  const stay = Array.from({ length: 15 }, (_, minute) => [21 + minute, 20.05] as const);
  const back = Array.from({ length: 21 }, (_, minute) => [40 + minute, 20 - minute] as const);
  const found = findTrips(track([...drive, ...stay, ...back]));
  expect(found.map(({ lengthM }) => Math.round(lengthM / 1_000))).toEqual([20, 20]);
  expect(found.every(({ meanKmh }) => Math.abs(meanKmh - 60) < 3)).toBe(true);
  const later = back.map(([minute, km]) => [minute + DAY_MS / 60_000, km] as const);
  expect(findTrips(track([...drive, ...later]))).toHaveLength(2);
  expect(findTrips(track(drive.map(([minute, km]) => [minute, km / 12] as const)))).toEqual([]);
});
