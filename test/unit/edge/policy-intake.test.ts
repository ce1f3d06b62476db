import { describe, expect, test } from 'vitest';
import { sqlitePolicyStore } from '../../../edge/adapters/sqlite-policy-store.ts';
import { createPolicyIntake } from '../../../edge/policy-intake.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { createRig, feedSpeeds, SYSTEM_NOW, speedsIn } from '../../support/edge/agent-rig.ts';
import { openDatabase } from '../../support/edge/databases.ts';
import { POLICY_KEY, SPEED, signedBundle, withWrongSignature } from '../../support/edge/policies.ts';

const YEAR_MS = 365 * 86_400_000;
const bundle = (version: number, change = {}): Uint8Array =>
  signedBundle({ version, expiresAtMs: SYSTEM_NOW + YEAR_MS, allowedPaths: [SPEED], ...change });

function rigOf(file?: Uint8Array) {
  const rig = createRig();
  const faults: string[] = [];
  let onDisk = file;
  const intake = createPolicyIntake({
    agent: rig.agent,
    store: sqlitePolicyStore(openDatabase()),
    key: POLICY_KEY,
    clock: { now: () => rig.clock.now },
    readFile: () => onDisk,
    onFault: ({ code }) => void faults.push(code),
  });
  intake.look();
  const collects = (): boolean => {
    const before = speedsIn(rig).length;
    feedSpeeds(rig, 1);
    rig.agent.flush();
    return speedsIn(rig).length > before;
  };
  const putFile = (bytes: Uint8Array | undefined): void => {
    onDisk = bytes;
    intake.look();
  };
  return { rig, faults, intake, collects, putFile };
}

test('without any bundle nothing is collected, and that is told', () => {
  const { faults, collects } = rigOf();
  expect([collects(), faults]).toEqual([false, ['POLICY_MISSING']]);
});

test('a bundle of the cloud takes the place of the file, and the older file does not come back or complain', () => {
  const { intake, collects, faults, rig } = rigOf(bundle(1));
  intake.offer(bundle(2, { id: 'newer' }));
  for (let look = 0; look < 3; look += 1) intake.look();
  expect([collects(), faults]).toEqual([true, []]);
  expect(rig.batches().at(-1)).toMatchObject({ policyId: 'newer', policyVersion: 2 });
});

describe('what is no better changes nothing, is told to the operator and counted for the cloud', () => {
  test.each([
    ['unsigned', withWrongSignature(bundle(9)), 'POLICY_UNSIGNED'],
    ['older', bundle(1), 'POLICY_OLDER'],
    [
      'of the same version with other content',
      bundle(2, { allowedPaths: [SPEED, 'Vehicle.IsMoving'] }),
      'POLICY_OLDER',
    ],
    ['expired', bundle(9, { expiresAtMs: SYSTEM_NOW }), 'POLICY_EXPIRED'],
    ['not a bundle', Buffer.from('hello'), 'POLICY_MALFORMED'],
  ])('%s', (_, offered, code) => {
    const { intake, collects, faults, rig } = rigOf(bundle(2));
    intake.offer(offered);
    expect([collects(), faults, rig.agent.removals()]).toEqual([true, [code], { 'policy-refused': 1 }]);
    expect(rig.batches().at(-1)).toMatchObject({
      policyVersion: 2,
      removals: [{ cause: 'policy-refused', count: 1 }],
    });
  });
});

test('a bad file is counted once, not every time it is looked at; a good one after it is taken', () => {
  const { rig, putFile, faults, collects, intake } = rigOf(bundle(2));
  putFile(withWrongSignature(bundle(3)));
  intake.look();
  intake.look();
  expect([faults, rig.agent.removals()]).toEqual([['POLICY_UNSIGNED'], { 'policy-refused': 1 }]);
  putFile(bundle(3));
  expect(collects()).toBe(true);
  expect(rig.batches().at(-1)).toMatchObject({ policyVersion: 3 });
});

test('a bundle for later begins when its time comes, without a restart', () => {
  const { rig, collects, intake } = rigOf(bundle(1, { notBeforeMs: SYSTEM_NOW + 1_000 }));
  expect(collects()).toBe(false);
  rig.clock.now = (SYSTEM_NOW + 1_000) as Instant;
  intake.look();
  expect(collects()).toBe(true);
});

test('one that ends while the vehicle drives collects nothing from that moment on', () => {
  const { rig, collects, intake, faults } = rigOf(bundle(1, { expiresAtMs: SYSTEM_NOW + 1_000 }));
  expect(collects()).toBe(true);
  rig.clock.now = (SYSTEM_NOW + 1_000) as Instant;
  expect(collects()).toBe(false);
  intake.look();
  expect([collects(), faults]).toEqual([false, ['POLICY_EXPIRED']]);
});
