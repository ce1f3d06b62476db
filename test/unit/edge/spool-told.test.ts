import { expect, test } from 'vitest';
import { createRig, feedSpeeds, type Rig, SYSTEM_NOW } from '../../support/edge/agent-rig.ts';
import { later } from '../../support/edge/candidates.ts';
import { policyOf } from '../../support/edge/policies.ts';

const limits = { maxSize: 4_000, strategyOnFull: 'RejectNewData' } as const;
const DAY_MS = 86_400_000;

function seal(rig: Rig, from: number, count = 100): void {
  feedSpeeds(rig, count, from);
  rig.agent.flush();
}

test('each batch tells how full the spool was before it, and in which order of one file it was sealed', () => {
  const rig = createRig({ limits, tellsSpool: true });
  rig.agent.usePolicy(policyOf());
  for (const from of [0, 100, 200]) seal(rig, from);
  const told = rig.batches().map(({ spool }) => spool);
  expect(told[0]).toMatchObject({ sealedBefore: 0, eighths: 0, offlineClass: 0 });
  expect(told.map((spool) => spool?.sealedBefore)).toEqual([0, 100, 200]);
  expect(new Set(told.map((spool) => spool?.file)).size).toBe(1);
  expect(told[2]?.eighths).toBeGreaterThan(0);
});

test('days without an uplink go out as a class once there is a rate', () => {
  const rig = createRig({ limits, tellsSpool: true });
  rig.agent.usePolicy(policyOf());
  seal(rig, 0);
  rig.clock.now = later(SYSTEM_NOW, DAY_MS);
  seal(rig, 100);
  const days = rig.batches()[1]?.spool?.offlineClass;
  expect(days).toBeGreaterThan(1);
  expect(rig.agent.offlineDays()).toBeGreaterThan(1);
});

test('an agent that is not told how much its spool may hold says nothing of it', () => {
  const rig = createRig({ limits });
  rig.agent.usePolicy(policyOf());
  seal(rig, 0);
  expect(rig.batches()[0]).not.toHaveProperty('spool');
});
