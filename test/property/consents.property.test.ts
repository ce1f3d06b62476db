import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Instant } from '../../proto/words/time.ts';
import { later, MORNING } from '../support/edge/candidates.ts';
import { consentPolicy, createConsentRig, JOURNEYS } from '../support/edge/consent-rig.ts';
import { CHARGE, SPEED } from '../support/edge/policies.ts';

type Move =
  | { readonly do: 'drive'; readonly seconds: number }
  | { readonly do: 'grant'; readonly number: number; readonly minutes: number }
  | { readonly do: 'withdraw'; readonly number: number | undefined }
  | { readonly do: 'disk'; readonly isBroken: boolean }
  | { readonly do: 'flush' | 'sweep' | 'restart' };

const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('drive' as const), seconds: fc.integer({ min: 1, max: 90 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        ...{ do: fc.constant('grant' as const), number: fc.integer({ min: 1, max: 12 }) },
        minutes: fc.integer({ min: 1, max: 6 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('withdraw' as const), number: fc.option(fc.nat(12), { nil: undefined }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('disk' as const), isBroken: fc.boolean() }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constantFrom('flush' as const, 'sweep' as const, 'restart' as const) }),
    },
  ),
  { maxLength: 24 },
);

test('whatever is granted, withdrawn, broken and restarted: nothing is sent under a consent that does not hold, and no used number grants', () => {
  fc.assert(
    fc.property(moves, (steps) => {
      let rig = createConsentRig();
      let now: Instant = MORNING;
      let isBroken = false;
      /** What the test itself believes: seconds of the drive that a consent covers, and until when it holds. */
      let covered: { readonly from: number; until: number } | undefined;
      let highest = 0;
      const begin = (): void => {
        rig.agent.take({ kind: 'clock', at: now });
        rig.usePolicy(consentPolicy());
      };
      const check = (): void => {
        for (const batch of rig.batches().filter(({ purpose }) => purpose === JOURNEYS.id)) {
          for (const frame of batch.frames) {
            if (frame.kind === 'withdrawal') continue;
            const at = frame.kind === 'signals' ? frame.observedAt : Number.NaN;
            expect(covered !== undefined && at >= covered.from && now < covered.until).toBe(true);
          }
        }
      };
      begin();
      for (const step of steps) {
        if (step.do === 'drive') {
          for (let second = 0; second < step.seconds; second += 1) {
            now = later(now, 1_000);
            rig.agent.take({ kind: 'signals', at: now, signals: { [SPEED]: 1, [CHARGE]: 2 } });
          }
        } else if (step.do === 'grant') {
          const until = later(now, step.minutes * 60_000);
          if (rig.grant(JOURNEYS.id, step.number, until).ok) {
            expect(step.number).toBeGreaterThan(highest);
            highest = step.number;
            covered = { from: covered !== undefined && now < covered.until ? covered.from : now, until };
          }
        } else if (step.do === 'withdraw') {
          // A withdrawal that was refused for the disk holds while the agent runs; only a written one has to outlive it.
          const withdrawn = rig.consents.withdraw(JOURNEYS.id, step.number);
          covered = undefined;
          if (!withdrawn.ok) {
            isBroken = false;
            rig.breakDisk(isBroken);
            rig.consents.sweep();
          }
          highest = Math.max(highest, step.number ?? 0);
        } else if (step.do === 'disk') {
          isBroken = step.isBroken;
          rig.breakDisk(isBroken);
        } else if (step.do === 'flush') rig.agent.flush();
        else if (step.do === 'sweep') rig.consents.sweep();
        else {
          rig.close();
          rig = createConsentRig(rig.file);
          rig.breakDisk(isBroken);
          begin();
        }
        check();
      }
    }),
    { numRuns: 30, seed: 30 },
  );
});
