import { describe, expect, test } from 'vitest';
import { sqlitePlaces } from '../../../../edge/adapters/sqlite-places.ts';
import { subjectTags } from '../../../../edge/adapters/vehicle-secret.ts';
import type { ActivePolicy } from '../../../../edge/policy/policy-bundle.ts';
import { HOLD_BACK_MS, HOLD_BACK_RANDOM_MS, reducePosition } from '../../../../edge/stages/reduce-position.ts';
import type { Candidate, Draft, RemovalCause, Stage } from '../../../../edge/stages/stage.ts';
import { STOP_MS } from '../../../../edge/trips/trip.ts';
import { POSITION_PRESETS } from '../../../../proto/codec/control-codec.ts';
import type { RawFix, RawFrame } from '../../../../proto/words/raw-frame.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import type { Vin } from '../../../../proto/words/vin.ts';
import { later, MORNING } from '../../../support/edge/candidates.ts';
import { openDatabase } from '../../../support/edge/databases.ts';
import { fixesOf, type Part } from '../../../support/edge/itinerary.ts';
import { VIN_A } from '../../../support/edge/made-vin.ts';
import { degreesOfPosition, positionAt, type Spot } from '../../../support/edge/map.ts';
import { policyOf } from '../../../support/edge/policies.ts';
import { seededChance } from '../../../support/edge/seeded.ts';
import { parkedAt } from '../../../support/edge/trips.ts';

const home: Spot = [2_500, 2_500];
const away: Spot = [22_500, 12_500];
const tagAt = subjectTags(new Uint8Array(32).fill(1), VIN_A as Vin, 'daily');
const presets = Object.entries(POSITION_PRESETS);

function stageOf(preset: number, { database = openDatabase(), chance = seededChance(1) } = {}): Stage {
  const policy = policyOf({ preset: preset as ActivePolicy['preset'] });
  const places = sqlitePlaces(database, () => 500);
  return reducePosition({ policy, tagAt, cellTagAt: tagAt, places, trips: parkedAt(positionAt(home)), chance });
}

function driveOf(parts: readonly Part[], from = home, at = MORNING): readonly RawFix[] {
  return fixesOf({ from, at, chance: seededChance(3) }, parts).map((fix) => {
    return { kind: 'fix', at: fix.at, ...degreesOfPosition(fix.position) };
  });
}

/** What a stage gives for each draft, and what it counts. */
function feed(stage: Stage, drafts: readonly Draft[]) {
  const removed: Partial<Record<RemovalCause, number>> = {};
  const given = drafts.map((draft) =>
    stage.apply(draft, (cause, count) => {
      removed[cause] = (removed[cause] ?? 0) + count;
    }),
  );
  const candidates = given.flat() as readonly Candidate[];
  return {
    given,
    candidates,
    removed,
    kinds: candidates.map((draft) => (draft.kind === 'candidate' ? draft.content.kind : draft.kind)),
  };
}

const silenceAfter = (fixes: readonly RawFix[], ms: number): RawFrame => {
  return { kind: 'clock', at: later(fixes.at(-1)?.at ?? (0 as Instant), ms) };
};

describe('a fix never comes out', () => {
  test.each(presets)('%s: nothing comes out before both ends of the trip are known', (_, preset) => {
    const drive = driveOf([{ go: away }]);
    const almost = silenceAfter(drive, STOP_MS - 1);
    const { kinds, removed } = feed(stageOf(preset), [...drive, almost]);
    expect(kinds).toEqual([]);
    expect(removed).toEqual({ position: drive.length });
  });

  test.each([
    ['silence', (drive: readonly RawFix[]): readonly RawFrame[] => [silenceAfter(drive, STOP_MS)]],
    ['a stop', () => driveOf([{ go: away }, { waitMs: STOP_MS + 20_000 }]).slice(-62)],
    [
      'a fix after silence',
      (drive: readonly RawFix[]) => driveOf([], home, later(drive.at(-1)?.at ?? MORNING, 3_600_000)),
    ],
  ])('fleet: cells and a row come out when %s has ended the trip', (_, endOf) => {
    const drive = driveOf([{ go: away }]);
    const stage = stageOf(POSITION_PRESETS.fleet);
    const { kinds } = feed(stage, drive);
    const ending = endOf(drive).filter(({ at }) => at > (drive.at(-1)?.at ?? 0));
    const ended = feed(stage, ending);
    expect(kinds).toEqual([]);
    expect(ended.kinds.filter((kind) => kind === 'cell').length).toBeGreaterThan(3);
    expect(ended.kinds.filter((kind) => kind === 'trip')).toHaveLength(1);
    // What stands within 400 m of the stop counts as standing, so the ten minutes begin that much sooner.
    const first = ending[ended.given.findIndex((drafts) => drafts.length > 0)];
    expect((first?.at ?? 0) - (drive.at(-1)?.at ?? 0)).toBeGreaterThan(STOP_MS - 60_000);
  });

  test('strict: one row a trip and nothing else, each with a hold-back', () => {
    const drive = driveOf([{ go: away }, { waitMs: 1_200_000 }, { go: home }]);
    const { kinds } = feed(stageOf(POSITION_PRESETS.strict), [...drive, silenceAfter(drive, STOP_MS)]);
    expect(kinds).toEqual(['trip', 'trip']);
  });

  test.each([POSITION_PRESETS.none, 9])('preset %i: nothing at all', (preset) => {
    const drive = driveOf([{ go: away }]);
    expect(feed(stageOf(preset), [...drive, silenceAfter(drive, STOP_MS)]).kinds).toEqual([]);
  });
});

describe('parked and bad receivers', () => {
  test.each(presets)(
    '%s: a parked car with jitter of 60-200 m reporting 10,000 times publishes nothing',
    (_, preset) => {
      const parked = driveOf([{ waitMs: 100_000_000, jitterM: [60, 200] }]);
      expect(parked.length).toBeGreaterThan(10_000);
      const { kinds, removed } = feed(stageOf(preset), [...parked, silenceAfter(parked, STOP_MS)]);
      expect(kinds).toEqual([]);
      expect(removed).toEqual({ position: parked.length });
    },
  );

  test('fixes that are no position are counted as such, and their time passes as silence', () => {
    const drive = driveOf([{ go: away }]);
    const bad = [
      { latitude: Number.NaN, longitude: 120 },
      { latitude: 120.05, longitude: 31.25 },
      { latitude: 0, longitude: 0 },
      { latitude: 51.5, longitude: -0.1 },
    ].map((degrees, index) => ({
      kind: 'fix' as const,
      at: later(drive.at(-1)?.at ?? MORNING, (index + 1) * 200_000),
      ...degrees,
    }));
    const { kinds, removed } = feed(stageOf(POSITION_PRESETS.strict), [...drive, ...bad]);
    expect(kinds).toEqual(['trip']);
    expect(removed).toEqual({ position: drive.length, 'position-invalid': 4 });
  });

  test('what is no position of any kind goes on untouched', () => {
    const signals: Draft = { kind: 'signals', at: MORNING, signals: { 'Vehicle.Speed': 1 } };
    expect(feed(stageOf(POSITION_PRESETS.fleet), [signals]).given).toEqual([[signals]]);
  });
});

describe('fail closed', () => {
  test('no cell when place memory cannot be written, and the row still comes', () => {
    const database = openDatabase();
    const stage = stageOf(POSITION_PRESETS.fleet, { database });
    database.pragma('query_only = ON');
    const drive = driveOf([{ go: away }]);
    expect(feed(stage, [...drive, silenceAfter(drive, STOP_MS)]).kinds).toEqual(['trip']);
  });

  test('no cell when only one end is a known place and the other cannot be written', () => {
    const database = openDatabase();
    const stage = stageOf(POSITION_PRESETS.fleet, { database });
    const out = driveOf([{ go: away }]);
    expect(feed(stage, [...out, silenceAfter(out, STOP_MS)]).kinds).toContain('cell');
    database.pragma('query_only = ON');
    const back = driveOf([{ go: [2_500, 22_500] }], away, later(out.at(-1)?.at ?? MORNING, 7_200_000));
    expect(feed(stage, [...back, silenceAfter(back, STOP_MS)]).kinds).toEqual(['trip']);
  });
});

describe('hold-back', () => {
  test('a row may leave 24 h after the end of its trip at the earliest, and up to 6 h later by chance', () => {
    const drive = driveOf([{ go: away }]);
    const end = drive.at(-1)?.at ?? 0;
    const holdBacks = [0, 0.5, 1 - 2 ** -53].map((drawn) => {
      const stage = stageOf(POSITION_PRESETS.strict, { chance: () => drawn });
      const [row] = feed(stage, [...drive, silenceAfter(drive, STOP_MS)]).candidates;
      return (row?.notBefore ?? 0) - end;
    });
    expect(holdBacks).toEqual([
      HOLD_BACK_MS,
      HOLD_BACK_MS + HOLD_BACK_RANDOM_MS / 2,
      HOLD_BACK_MS + HOLD_BACK_RANDOM_MS - 1,
    ]);
    expect(HOLD_BACK_MS).toBe(86_400_000);
  });

  test('cells are not held back, rows always are', () => {
    const drive = driveOf([{ go: away }]);
    const { candidates } = feed(stageOf(POSITION_PRESETS.fleet), [...drive, silenceAfter(drive, STOP_MS)]);
    for (const { content, notBefore } of candidates) expect(notBefore === undefined).toBe(content.kind === 'cell');
  });
});

test.each([
  [POSITION_PRESETS.none, 'position-none', ''],
  [POSITION_PRESETS.strict, 'position-strict', 'stop-s=600 dwell-s=300 hold-back-s=86400+21600 classes=ratio-2'],
  [
    POSITION_PRESETS.fleet,
    'position-fleet',
    'cell-m=5000 end-cell-m=10000 trim-m=1200+1000 time-floor-s=3600 sticky-m=200 cell-tag=daily stop-s=600 dwell-s=300 hold-back-s=86400+21600 classes=ratio-2',
  ],
  [
    POSITION_PRESETS['strict-map'],
    'position-strict-map',
    'cell-m=10000 trim-m=2000+2000 time-floor-s=86400 sticky-m=200 cell-tag=trip stop-s=600 dwell-s=300 hold-back-s=86400+21600 classes=ratio-2',
  ],
])('preset %i says what it does, within what the schema holds', (preset, name, parameters) => {
  expect(stageOf(preset)).toMatchObject({ name, parameters });
});
