import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Removal } from '../../proto/codec/telemetry-codec.ts';
import type { RawFrame } from '../../proto/words/raw-frame.ts';
import { createRig, openBatch, type Rig, SYSTEM_NOW, speedFrame } from '../support/edge/agent-rig.ts';
import { later, MORNING } from '../support/edge/candidates.ts';
import { policyOf, SPEED } from '../support/edge/policies.ts';
import { tempDirectory } from '../support/edge/temp-directory.ts';

/** Things that happen to an agent, and what each of them removes; a frame that is let through removes nothing. */
const EVENTS = {
  allowed: [speedFrame(MORNING, 1), {}],
  unnamed: [
    { kind: 'signals', at: MORNING, signals: { 'Vehicle.IsMoving': true, 'Vehicle.X': 1, [SPEED]: 2 } },
    { 'signal-not-allowed': 2 },
  ],
  onlyUnnamed: [{ kind: 'signals', at: MORNING, signals: { 'Vehicle.IsMoving': true } }, { 'signal-not-allowed': 1 }],
  forbidden: [
    { kind: 'signals', at: MORNING, signals: { 'Vehicle.CurrentLocation.Latitude': 31.2 } },
    { 'signal-not-allowed': 1 },
  ],
  text: [speedFrame(MORNING, 'free text'), { 'inspection-failed': 1 }],
  image: [
    { kind: 'image', at: MORNING, camera: 'front', place: 'exterior', bytes: Uint8Array.of(0xff, 0xd8, 0xff) },
    { imagery: 1 },
  ],
  fix: [{ kind: 'fix', at: MORNING, latitude: 31.2, longitude: 120.1 }, { position: 1 }],
  badFix: [{ kind: 'fix', at: MORNING, latitude: 120.1, longitude: 31.2 }, { 'position-invalid': 1 }],
  future: [speedFrame(later(SYSTEM_NOW, 1e9), 1), { 'time-in-future': 1 }],
} as const satisfies Record<string, readonly [RawFrame, Readonly<Record<string, number>>]>;

const names = Object.keys(EVENTS) as (keyof typeof EVENTS)[];

type Step = keyof typeof EVENTS | 'malformed' | 'flush' | 'deliver' | 'block' | 'unblock';

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...names) },
  { weight: 4, arbitrary: fc.constantFrom('malformed', 'flush', 'flush', 'deliver', 'block', 'unblock') },
);

const sumOf = (removals: readonly Removal[]): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { cause, count } of removals) sums[cause] = (sums[cause] ?? 0) + count;
  return sums;
};

/** Takes everything out of the spool as the cloud would, and notes what each batch tells; one may come twice. */
function deliver(rig: Rig, told: Map<number, readonly Removal[]>): void {
  for (const batch of rig.spool.read(-1, 10_000)) {
    told.set(batch.firstSequence, openBatch(batch).removals);
    rig.agent.acknowledge({ epoch: rig.spool.epoch, ranges: [{ ...batch, quarantined: false }] });
  }
}

test('the counts told in-band are what was removed, and are told again when the spool refused their batch', () => {
  const directory = tempDirectory();
  const limits = fc.constantFrom({ maxSize: 900 }, { maxSize: 100_000_000 });
  let run = 0;
  let refusals = 0;
  fc.assert(
    fc.property(limits, fc.array(step, { minLength: 10, maxLength: 60 }), ({ maxSize }, steps) => {
      run += 1;
      const rig = createRig({
        file: join(directory, `${run}.db`),
        limits: { maxSize, strategyOnFull: 'RejectNewData' },
      });
      rig.agent.usePolicy(policyOf());
      const expected: Record<string, number> = {};
      const told = new Map<number, readonly Removal[]>();
      for (const now of [...steps, 'unblock', 'deliver', 'flush', 'deliver', 'allowed', 'flush', 'deliver'] as const) {
        if (now === 'malformed') rig.agent.takeMalformed();
        else if (now === 'flush') rig.agent.flush();
        else if (now === 'deliver') deliver(rig, told);
        else if (now === 'block') rig.database.pragma('query_only = ON');
        else if (now === 'unblock') rig.database.pragma('query_only = OFF');
        else rig.agent.take(EVENTS[now][0]);
        const removed: Readonly<Record<string, number>> =
          now === 'malformed' ? { 'source-malformed': 1 } : now in EVENTS ? EVENTS[now as keyof typeof EVENTS][1] : {};
        for (const [cause, count] of Object.entries(removed)) expected[cause] = (expected[cause] ?? 0) + count;
      }
      refusals += rig.faults.length;
      const { 'spool-full': full = 0, ...others } = rig.agent.removals();
      expect(others).toEqual(expected);
      expect(sumOf([...told.values()].flat())).toEqual({ ...expected, ...(full > 0 ? { 'spool-full': full } : {}) });
      // Every frame that went in came out or was counted.
      const sealed = rig.spool.nextSequence();
      const sealable = [...steps, 'allowed'].filter((now) => now === 'allowed' || now === 'unnamed').length;
      expect(sealed + full).toBe(sealable);
      rig.database.close();
    }),
    { numRuns: 120 },
  );
  expect(refusals).toBeGreaterThan(20);
});
