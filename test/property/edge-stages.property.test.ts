import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sqlitePlaces } from '../../edge/adapters/sqlite-places.ts';
import { subjectTags } from '../../edge/adapters/vehicle-secret.ts';
import { neverLeaves } from '../../edge/stages/forbidden-paths.ts';
import { stagesFor } from '../../edge/stages/pipeline.ts';
import { runStages } from '../../edge/stages/run-stages.ts';
import type { RemovalCause } from '../../edge/stages/stage.ts';
import { encodeFrame, type FrameContent } from '../../proto/codec/telemetry-codec.ts';
import { CAMERA_PLACES, type RawFrame } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { Vin } from '../../proto/words/vin.ts';
import { MORNING } from '../support/edge/candidates.ts';
import { openDatabase } from '../support/edge/databases.ts';
import { VIN_A } from '../support/edge/made-vin.ts';
import { policyOf } from '../support/edge/policies.ts';

const PATHS = [
  ...['Vehicle.Speed', 'Vehicle.IsMoving', 'Vehicle.Powertrain.Type', 'Vehicle.TraveledDistance'],
  ...['Vehicle.CurrentLocation.Latitude', 'Vehicle.CurrentLocation.Longitude', 'Vehicle.VehicleIdentification.VIN'],
  ...['Vehicle.Vendor.GpsLat', '__proto__', 'constructor', 'toString', ''],
];
const IMAGE = 'IMAGE'.repeat(8);

const path = fc.oneof(fc.constantFrom(...PATHS), fc.string({ maxLength: 12 }));
const value = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom('ELECTRIC', VIN_A, '31.27908'),
  fc.string(),
);
const signals = fc.array(fc.tuple(path, value), { maxLength: 8 }).map((entries) => Object.fromEntries(entries));
const at = fc.integer({ min: 0, max: 200_000_000 }).map((ms) => (MORNING + ms) as Instant);
const degrees = fc.oneof(fc.double({ min: 31, max: 32 }), fc.double({ min: 119, max: 121 }), fc.double());

const frame: fc.Arbitrary<RawFrame> = fc.oneof(
  // Half of all: only they come out.
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('signals' as const), at, signals }) },
  fc.record({ kind: fc.constant('fix' as const), at, latitude: degrees, longitude: degrees }),
  fc.record({
    kind: fc.constant('image' as const),
    at,
    camera: fc.string(),
    place: fc.constantFrom(...CAMERA_PLACES),
    bytes: fc.constant(Buffer.from(IMAGE)),
  }),
  fc.record({
    kind: fc.constant('point-cloud' as const),
    at,
    sensor: fc.constant(VIN_A),
    points: fc.float64Array({ minLength: 3, maxLength: 3 }),
    georeferenced: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('objects' as const),
    at,
    sensor: fc.constant(VIN_A),
    objects: fc.array(fc.record({ class: fc.constant(VIN_A), xM: fc.double(), yM: fc.double() }), { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('clock' as const), at }),
);
const policy = fc
  .record({
    allowed: fc.uniqueArray(path, { maxLength: 12 }),
    preset: fc.constantFrom(0 as const, 1 as const, 2 as const),
  })
  .map(({ allowed, preset }) => policyOf({ allowedPaths: new Set(allowed), preset }));

const tagAt = subjectTags(new Uint8Array(32).fill(1), VIN_A as Vin, 'daily');

test('whatever comes in and whatever is allowed: only allowed signals come out, as they were; nothing of a fix, a VIN or a picture', () => {
  const places = sqlitePlaces(openDatabase(), () => 500);
  let seen = 0;
  fc.assert(
    fc.property(policy, fc.array(frame, { maxLength: 12 }), (active, frames) => {
      const stages = stagesFor(active, { tagAt, places, chance: () => 0.5 });
      const removed: Partial<Record<RemovalCause, number>> = {};
      for (const draft of frames) {
        const sealed = runStages(stages, active, draft, (cause, count) => {
          removed[cause] = (removed[cause] ?? 0) + count;
        });
        for (const { content } of sealed) {
          seen += 1;
          expectAllowed(content, draft, active.allowedPaths);
          const bytes = Buffer.from(encodeFrame(content, new Map())).toString('latin1');
          expect(bytes.includes(VIN_A) || bytes.includes(IMAGE)).toBe(false);
        }
      }
      expect(removed.imagery ?? 0).toBe(frames.filter(({ kind }) => kind === 'image').length);
      expect((removed.position ?? 0) + (removed['position-invalid'] ?? 0)).toBe(
        frames.filter(({ kind }) => kind === 'fix').length,
      );
      expect(removed['stage-threw'] ?? 0).toBe(0);
    }),
    { numRuns: 1_500 },
  );
  expect(seen).toBeGreaterThan(100);
});

function expectAllowed(content: FrameContent, draft: RawFrame, allowed: ReadonlySet<string>): void {
  if (content.kind !== 'signals') return;
  if (draft.kind !== 'signals') throw new Error('signals came out of something else');
  for (const reading of content.signals) {
    expect(allowed.has(reading.path) && !neverLeaves(reading.path)).toBe(true);
    expect(Object.hasOwn(draft.signals, reading.path)).toBe(true);
    expect(reading.value).toBe(draft.signals[reading.path]);
  }
}

test('every signal that does not come out of the allow-list stage is counted', () => {
  const stagesOf = (active: ReturnType<typeof policyOf>) =>
    stagesFor(active, { tagAt, places: { marginAt: () => undefined }, chance: () => 0 });
  fc.assert(
    fc.property(policy, signals, (active, given) => {
      const allow = stagesOf(active).find(({ name }) => name === 'allow-signals');
      let removed = 0;
      const kept = allow?.apply({ kind: 'signals', at: MORNING, signals: given }, (_, count) => {
        removed += count;
      });
      const [draft] = kept ?? [];
      const left = draft?.kind === 'signals' ? Object.keys(draft.signals).length : 0;
      expect(left + removed).toBe(Object.keys(given).length);
    }),
    { numRuns: 1_500 },
  );
});
