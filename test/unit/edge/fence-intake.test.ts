import { expect, test } from 'vitest';
import { sqlitePolicyStore } from '../../../edge/adapters/sqlite-policy-store.ts';
import { createFenceIntake } from '../../../edge/fence-intake.ts';
import type { ActivePolicy } from '../../../edge/policy/policy-bundle.ts';
import { cellOf } from '../../../proto/geo/grid.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { openDatabase } from '../../support/edge/databases.ts';
import { fenceSetOf, signedFences } from '../../support/edge/fence-sets.ts';
import { positionAt } from '../../support/edge/map.ts';
import { POLICY_KEY, policyOf } from '../../support/edge/policies.ts';

const { expiresAtMs } = fenceSetOf();
const inside = cellOf(positionAt([12_500, 12_500]), 5_000);
const outside = cellOf(positionAt([32_500, 12_500]), 5_000);

function intakeOf(file: { bytes: Uint8Array | undefined } | undefined) {
  const clock = { now: Date.UTC(2025, 0, 1) };
  const faults: string[] = [];
  const intake = createFenceIntake({
    readFile: file === undefined ? undefined : () => file.bytes,
    store: sqlitePolicyStore(openDatabase(), 'fences'),
    key: POLICY_KEY,
    clock: { now: () => clock.now as Instant },
    onFault: ({ code }) => void faults.push(code),
  });
  return { intake, clock, faults };
}

const silence = (policy: ActivePolicy | undefined) => [policy?.fences?.blocks(inside), policy?.fences?.blocks(outside)];

test('without a file and without a demand a policy is as it was', () => {
  const { intake, faults } = intakeOf(undefined);
  const policy = policyOf();
  expect([intake.under(policy) === policy, intake.under(undefined), faults]).toEqual([true, undefined, []]);
});

test('a demand without a file, and a file that is not there, close everything and are told once', () => {
  for (const [file, fenceVersionMin] of [
    [undefined, 1],
    [{ bytes: undefined }, 0],
  ] as const) {
    const { intake, faults } = intakeOf(file);
    for (let look = 0; look < 3; look += 1)
      expect(silence(intake.under(policyOf({ fenceVersionMin })))).toEqual([true, true]);
    expect(faults).toEqual(['FENCES_MISSING']);
  }
});

test('a set that comes, worsens and ends is known to policies that were handed out before', () => {
  const file: { bytes: Uint8Array | undefined } = { bytes: undefined };
  const { intake, clock, faults } = intakeOf(file);
  const policy = intake.under(policyOf());
  expect(silence(policy)).toEqual([true, true]);
  file.bytes = signedFences();
  intake.under(policyOf());
  expect(silence(policy)).toEqual([true, false]);
  // Without decoys it is none; the one held stays in force.
  file.bytes = signedFences({ version: 4, decoysPerFence: 0 });
  intake.under(policyOf());
  expect(silence(policy)).toEqual([true, false]);
  clock.now = expiresAtMs;
  expect(silence(policy)).toEqual([true, true]);
  file.bytes = undefined;
  for (let look = 0; look < 3; look += 1) intake.under(policyOf());
  expect(silence(policy)).toEqual([true, true]);
  expect(faults).toEqual(['FENCES_MISSING', 'FENCES_WITHOUT_DECOYS', 'FENCES_EXPIRED']);
});

test('a policy that demands a newer set than there is closes everything', () => {
  const { intake, faults } = intakeOf({ bytes: signedFences({ version: 3 }) });
  expect(silence(intake.under(policyOf({ fenceVersionMin: 3 })))).toEqual([true, false]);
  expect(silence(intake.under(policyOf({ version: 2, fenceVersionMin: 4 })))).toEqual([true, true]);
  expect(faults).toEqual(['FENCES_OLDER']);
});
