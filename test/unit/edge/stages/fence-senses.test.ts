import { describe, expect, test } from 'vitest';
import { indexFences } from '../../../../edge/fences/fence-index.ts';
import { CLOSED_FENCES } from '../../../../edge/stages/closed-fences.ts';
import { FIX_AGE_MS_MAX, fenceSenses } from '../../../../edge/stages/fence-senses.ts';
import { inspect } from '../../../../edge/stages/inspect.ts';
import { stagesFor } from '../../../../edge/stages/pipeline.ts';
import type { Draft, Stage } from '../../../../edge/stages/stage.ts';
import { POSITION_PRESETS } from '../../../../proto/codec/control-codec.ts';
import {
  CELL,
  cellCandidate,
  later,
  MORNING,
  signalsCandidate,
  TAG,
  tripCandidate,
} from '../../../support/edge/candidates.ts';
import { SQUARES } from '../../../support/edge/fence-sets.ts';
import { fixesOf } from '../../../support/edge/itinerary.ts';
import { degreesAt, positionAt, type Spot } from '../../../support/edge/map.ts';
import { policyOf } from '../../../support/edge/policies.ts';
import { draftsOf, positionRig } from '../../../support/edge/position-rig.ts';

const fences = indexFences(SQUARES);
const outside: Spot = [32_500, 12_500];
const inside: Spot = [12_500, 12_500];

const fixAt = (spot: Spot, ms = 0): Draft => ({ kind: 'fix', at: later(MORNING, ms), ...degreesAt(spot) });
const imageAt = (ms: number): Draft => ({
  kind: 'image',
  at: later(MORNING, ms),
  camera: 'front',
  place: 'exterior',
  bytes: new Uint8Array(1),
});

function passes(stage: Stage, draft: Draft): boolean {
  const removed: string[] = [];
  const given = stage.apply(draft, (cause, count) => removed.push(`${cause} ${count}`));
  expect(removed).toEqual(given.length === 0 ? ['imagery 1'] : []);
  return given.length === 1;
}

describe('pictures near a fence', () => {
  test.each([
    ['outside', outside, 0, true],
    ['inside', inside, 0, false],
    ['in the margin', [12_500 + 400 + 450, 12_500] as Spot, 0, false],
    ['beyond the margin', [12_500 + 400 + 550, 12_500] as Spot, 0, true],
    ['outside, a while ago', outside, FIX_AGE_MS_MAX + 1, false],
    ['outside, just now', outside, FIX_AGE_MS_MAX, true],
  ])('with a last fix %s', (_, spot, ms, expected) => {
    const stage = fenceSenses(fences);
    expect(passes(stage, fixAt(spot))).toBe(true);
    expect(passes(stage, imageAt(ms))).toBe(expected);
  });

  test('without a fix, after one that is none, and under a set that is closed: none passes', () => {
    const stage = fenceSenses(fences);
    expect(passes(stage, imageAt(0))).toBe(false);
    passes(stage, fixAt(outside));
    passes(stage, { kind: 'fix', at: MORNING, latitude: Number.NaN, longitude: 0 });
    expect(passes(stage, imageAt(0))).toBe(false);
    const closed = fenceSenses(CLOSED_FENCES);
    passes(closed, fixAt(outside));
    expect(passes(closed, imageAt(0))).toBe(false);
  });

  test('a kind that this stage does not know counts as a picture', () => {
    const draft = { kind: 'point-cloud', at: MORNING } as never as Draft;
    const stage = fenceSenses(fences);
    passes(stage, fixAt(inside));
    expect(passes(stage, draft)).toBe(false);
  });

  test('without fences everything goes on to the next stage', () => {
    expect(passes(fenceSenses(undefined), imageAt(0))).toBe(true);
  });
});

describe('cells near a fence', () => {
  const fleet = policyOf({ preset: POSITION_PRESETS.fleet });
  const home: Spot = [-17_500, 12_500];
  const way = fixesOf({ from: home, at: MORNING }, [
    { waitMs: 700_000 },
    { go: [47_500, 12_500] },
    { waitMs: 700_000 },
  ]);

  test('whole cells are silent, on the way through and for a stop inside; the trip row is the same', () => {
    const free = positionRig({ preset: POSITION_PRESETS.fleet }).drive(way);
    const fenced = positionRig({ preset: POSITION_PRESETS.fleet, policy: { fences } }).drive(way);
    expect(fenced.rows).toEqual(free.rows);
    const silent = free.cells.filter((cell) => fences.blocks(cell));
    expect(silent.length).toBeGreaterThan(0);
    expect(fenced.cells).toEqual(free.cells.filter((cell) => !fences.blocks(cell)));
    expect(fenced.cells.length).toBeGreaterThan(0);
  });

  test('a demanded set that is not there closes all of them; rows go on', () => {
    const { cells, rows } = positionRig({ preset: POSITION_PRESETS.fleet, policy: { fenceVersionMin: 1 } }).drive(way);
    expect([cells.length, rows.length]).toEqual([0, 1]);
  });

  test('the inspection asks again, and trusts no stage to have asked', () => {
    const blocking = { ...fences, blocks: (cell: { row: number }) => cell.row === CELL.row };
    expect(inspect(cellCandidate, fleet)).toBeDefined();
    expect(inspect(cellCandidate, { ...fleet, fences: blocking })).toBeUndefined();
    expect(inspect(cellCandidate, { ...fleet, fenceVersionMin: 1 })).toBeUndefined();
    expect(
      inspect(cellCandidate, {
        ...fleet,
        fences: {
          ...blocking,
          blocks: () => {
            throw new Error('index');
          },
        },
      }),
    ).toBeUndefined();
    for (const other of [signalsCandidate, tripCandidate]) {
      expect(inspect(other, { ...fleet, fenceVersionMin: 1 })).toBeDefined();
    }
  });

  test('what is withheld is counted as nothing of its own, and the steps name no place', () => {
    const rig = positionRig({ preset: POSITION_PRESETS.fleet, policy: { fences } });
    rig.drive(way);
    expect([...rig.removed.keys()]).toEqual(['position']);
    const tagAt = () => TAG;
    const stages = stagesFor({ ...fleet, fences }, { tagAt, places: { marginAt: () => 0 }, chance: () => 0 });
    expect(stages[0]).toMatchObject({ name: 'fence-senses', parameters: 'margin-m=500 fix-age-s=10' });
    expect(draftsOf(way).length).toBe(way.length);
    expect(fences.isNear(positionAt(inside))).toBe(true);
  });
});
