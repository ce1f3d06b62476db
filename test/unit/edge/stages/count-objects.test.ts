import { expect, test } from 'vitest';
import { countObjects } from '../../../../edge/stages/count-objects.ts';
import type { RemovalCause } from '../../../../edge/stages/stage.ts';
import { OBJECT_CLASSES } from '../../../../proto/codec/sensor-frames.ts';
import type { RawObjects } from '../../../../proto/words/raw-frame.ts';
import { MORNING } from '../../../support/edge/candidates.ts';
import { sensorsOf } from '../../../support/edge/sensors.ts';

const seen = (...classes: readonly string[]): RawObjects => ({
  ...{ kind: 'objects', at: MORNING, sensor: 'radar' },
  objects: classes.map((one, index) => ({ class: one, xM: 31.2 + index, yM: 120.1 })),
});

test('objects leave as counts by class, and a word of a sensor that is no class says nothing', () => {
  const removed: RemovalCause[] = [];
  const stage = countObjects(sensorsOf({ objects: 1 }));
  const out = stage.apply(seen('car', 'Pedestrian', 'car', 'L0TAAAAA1AA000001', 'constructor'), (cause) =>
    removed.push(cause),
  );
  const counts = [
    { class: OBJECT_CLASSES.other, count: 2 },
    { class: OBJECT_CLASSES.car, count: 2 },
    { class: OBJECT_CLASSES.pedestrian, count: 1 },
  ];
  expect(out).toEqual([
    { kind: 'candidate', content: { kind: 'objects', minute: Math.floor(MORNING / 60_000), counts } },
  ]);
  expect(stage.apply(seen('car'), (cause) => removed.push(cause))).toEqual([]);
  expect(countObjects(sensorsOf()).apply(seen('car'), (cause) => removed.push(cause))).toEqual([]);
  expect(removed).toEqual(['sensor-interval', 'objects']);
});
