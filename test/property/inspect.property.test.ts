import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inspect } from '../../edge/stages/inspect.ts';
import type { Candidate } from '../../edge/stages/stage.ts';
import { POSITION_PRESETS } from '../../proto/codec/control-codec.ts';
import { encodeFrame } from '../../proto/codec/telemetry-codec.ts';
import {
  cellCandidate,
  imageCandidate,
  objectsCandidate,
  pointsCandidate,
  signalsCandidate,
  tripCandidate,
} from '../support/edge/candidates.ts';
import { policyOf } from '../support/edge/policies.ts';
import { sensorsOf } from '../support/edge/sensors.ts';

/** Allows one of each kind. */
const fleet = policyOf({
  preset: POSITION_PRESETS.fleet,
  sensors: sensorsOf({ imagery: 1, pointCloud: 2, voxelMm: 500, objects: 1 }),
});

/** Nothing a field may hold: neither its type nor its range. */
const garbage = fc.oneof(
  fc.constantFrom(null, undefined, Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 2 ** 53, 5n, Symbol('x'), '', {}, []),
  fc.string().filter((text) => !/^[A-Z][A-Z0-9_]{0,31}$/.test(text)),
  fc.double({ noInteger: true }),
  fc.uint8Array({ minLength: 17 }),
  fc.constant(() => 1),
);

/** Every field of a candidate that decides, as a way through the object. */
const WAYS: readonly (readonly [Candidate, readonly (string | number)[]])[] = [
  ...['subjectTag', 'observedAt', 'signals', 'kind'].map((key) => [signalsCandidate, ['content', key]] as const),
  [signalsCandidate, ['content', 'signals', 1, 'path']],
  [signalsCandidate, ['content', 'signals', 1]],
  ...['kind', 'subjectTag', 'hour', 'sizeM', 'zone', 'row', 'column'].map(
    (key) => [cellCandidate, ['content', key]] as const,
  ),
  ...['kind', 'localDate', 'distanceClass', 'durationClass'].map((key) => [tripCandidate, ['content', key]] as const),
  [tripCandidate, ['notBefore']],
  ...Object.keys(imageCandidate.content).map((key) => [imageCandidate, ['content', key]] as const),
  ...Object.keys(pointsCandidate.content).map((key) => [pointsCandidate, ['content', key]] as const),
  ...['kind', 'minute', 'counts'].map((key) => [objectsCandidate, ['content', key]] as const),
  ...['class', 'count'].map((key) => [objectsCandidate, ['content', 'counts', 1, key]] as const),
  ...[signalsCandidate, cellCandidate, tripCandidate, imageCandidate, pointsCandidate, objectsCandidate].map(
    (candidate) => [candidate, ['content']] as const,
  ),
];

/** Fields whose garbage may be in order: nothing at all, or bytes that happen to be voxels. */
const MAY_BE_EMPTY = ['rings', 'voxels', 'counts', 'detector', 'detectorVersion', 'consent'];
const STRICT = WAYS.filter(([, way]) => !MAY_BE_EMPTY.includes(String(way.at(-1))));

function changed(value: unknown, way: readonly (string | number)[], to: unknown): unknown {
  const [key, ...rest] = way;
  if (key === undefined) return to;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[key] = changed(copy[key], rest, to);
  return copy;
}

test('a good candidate with any one field turned to garbage is refused, and nothing throws', () => {
  fc.assert(
    fc.property(fc.constantFrom(...STRICT), garbage, ([candidate, way], to) => {
      expect(inspect(changed(candidate, way, to) as Candidate, fleet)).toBeUndefined();
    }),
    { numRuns: 6_000 },
  );
});

test('a good candidate without any one of its fields is refused', () => {
  for (const [candidate, way] of WAYS) {
    const holder = changed(candidate, way, undefined);
    expect(inspect(holder as Candidate, fleet), way.join('.')).toBeUndefined();
  }
});

test('whatever passes, the schema can hold', () => {
  const number = fc.oneof(fc.nat({ max: 2_100_000 }), fc.nat({ max: 25 }), fc.maxSafeInteger(), fc.double());
  const cell = fc.record({
    hour: number,
    sizeM: fc.constantFrom(1_000, 5_000, 10_000),
    zone: fc.integer({ min: 22, max: 47 }),
    row: fc.integer({ min: 150, max: 1_250 }),
    column: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.double({ min: 80, max: 120 })),
  });
  const date = fc
    .integer({ min: 2_000, max: 2_100 })
    .chain((year) => fc.nat({ max: 1_299 }).map((day) => year * 10_000 + day));
  const trip = fc.record({ localDate: fc.oneof(number, date), distanceClass: number, durationClass: number });
  const content = fc.oneof(
    cell.map((fields) => ({ ...cellCandidate.content, ...fields })),
    trip.map((fields) => ({ ...tripCandidate.content, ...fields })),
  );
  let passed = 0;
  fc.assert(
    fc.property(content, (mutated) => {
      const sealed = inspect({ ...tripCandidate, content: mutated } as Candidate, fleet);
      if (sealed === undefined) return;
      passed += 1;
      expect(encodeFrame(sealed.content, new Map()).length).toBeLessThanOrEqual(48);
    }),
    { numRuns: 6_000, seed: 5 },
  );
  expect(passed).toBeGreaterThan(40);
});
