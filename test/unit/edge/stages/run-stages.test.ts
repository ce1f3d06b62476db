import { describe, expect, test } from 'vitest';
import { runStages } from '../../../../edge/stages/run-stages.ts';
import type { Draft, RemovalCause, Stage } from '../../../../edge/stages/stage.ts';
import type { RawFrame } from '../../../../proto/words/raw-frame.ts';
import { cellCandidate, MORNING, signalsCandidate, tripCandidate } from '../../../support/edge/candidates.ts';
import { policyOf } from '../../../support/edge/policies.ts';

const policy = policyOf();
const clock: RawFrame = { kind: 'clock', at: MORNING };

function stage(apply: (draft: Draft) => readonly Draft[]): Stage {
  return { name: 'test', parameters: '', apply };
}

function run(stages: readonly Stage[], draft: Draft = clock) {
  const removed: Partial<Record<RemovalCause, number>> = {};
  const sealed = runStages(stages, policy, draft, (cause, count) => {
    removed[cause] = (removed[cause] ?? 0) + count;
  });
  return { contents: sealed.map(({ content }) => content), removed };
}

const throws = stage(() => {
  throw new Error('a bug');
});

describe('runStages', () => {
  test('seals what the stages made of a draft, in order', () => {
    const { contents, removed } = run([stage(() => [signalsCandidate, tripCandidate])]);
    expect(contents).toEqual([signalsCandidate.content, tripCandidate.content]);
    expect(removed).toEqual({});
  });

  test.each([
    ['first', [throws, stage(() => [signalsCandidate])]],
    ['last', [stage(() => [signalsCandidate]), throws]],
    ['alone', [throws]],
  ])('a stage that throws %s gives nothing, and says so', (_, stages) => {
    expect(run(stages)).toEqual({ contents: [], removed: { 'stage-threw': 1 } });
  });

  test('a stage that throws costs its draft only, not what stands beside it', () => {
    const throwsOnTrips = stage((draft) => {
      if (draft === tripCandidate) throw new Error('a bug');
      return [draft];
    });
    const { contents, removed } = run([stage(() => [signalsCandidate, tripCandidate]), throwsOnTrips]);
    expect(contents).toEqual([signalsCandidate.content]);
    expect(removed).toEqual({ 'stage-threw': 1 });
  });

  test.each<readonly [string, RawFrame]>([
    ['a fix', { kind: 'fix', at: MORNING, latitude: 31.27908, longitude: 119.67767 }],
    ['signals', { kind: 'signals', at: MORNING, signals: { 'Vehicle.Speed': 1 } }],
    [
      'an image',
      { kind: 'image', at: MORNING, camera: 'front', place: 'exterior', bytes: Uint8Array.of(0xff, 0xd8, 0xff) },
    ],
    [
      'a point cloud',
      { kind: 'point-cloud', at: MORNING, sensor: 'roof', points: new Float64Array(3), georeferenced: false },
    ],
    ['objects', { kind: 'objects', at: MORNING, sensor: 'radar', objects: [] }],
    ['a tick of the clock', clock],
  ])('%s that no stage turned into a candidate stays on the vehicle', (_, draft) => {
    expect(run([stage((given) => [given])], draft)).toEqual({ contents: [], removed: { 'not-sealed-by-stages': 1 } });
    expect(run([], draft)).toEqual({ contents: [], removed: { 'not-sealed-by-stages': 1 } });
  });

  test('a candidate that the inspection refuses stays, and the ones beside it go', () => {
    const { contents, removed } = run([stage(() => [cellCandidate, tripCandidate, cellCandidate])]);
    expect(contents).toEqual([tripCandidate.content]);
    expect(removed).toEqual({ 'inspection-failed': 2 });
  });

  test('a stage that gives nothing ends the way of the draft', () => {
    expect(run([stage(() => []), throws])).toEqual({ contents: [], removed: {} });
  });
});
