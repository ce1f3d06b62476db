import { expect, test } from 'vitest';
import { foldedStages } from '../../../../console/models/folded-stages.ts';

test('a stage that ran several times stands once, in the order of the first', () => {
  const steps = ['position-fleet', 'quantise', 'quantise', 'time', 'quantise'].map((stage) => ({ stage }));
  expect(foldedStages(steps)).toEqual([
    { stage: 'position-fleet', times: 1 },
    { stage: 'quantise', times: 3 },
    { stage: 'time', times: 1 },
  ]);
  expect(foldedStages([])).toEqual([]);
});
