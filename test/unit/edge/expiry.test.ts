import { expect, test } from 'vitest';
import { createExpiry } from '../../../edge/expiry.ts';
import { SpoolConfig } from '../../../edge/spool-config.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { createRig, feedSpeeds, SYSTEM_NOW } from '../../support/edge/agent-rig.ts';
import { policyOf } from '../../support/edge/policies.ts';

const TTL_S = 3_600;

function rigOf() {
  const rig = createRig();
  rig.agent.usePolicy(policyOf());
  feedSpeeds(rig, 5);
  rig.agent.flush();
  const config = SpoolConfig.parse({ file: 'agent.db', streams: { statistics: { ttl: TTL_S } } });
  const expiry = createExpiry(rig.spools, config, { clock: { now: () => rig.clock.now }, onFault: () => undefined });
  const waitUntil = (age: number): void => {
    rig.clock.now = (SYSTEM_NOW + age) as Instant;
  };
  return { rig, expiry, waitUntil };
}

test('a batch is kept up to its ttl and given up after it; the next batch tells the cloud which frames are gone', () => {
  const { rig, expiry, waitUntil } = rigOf();
  waitUntil(TTL_S * 1_000);
  expiry.tick(true);
  expect(rig.spools.status().framesWaiting).toBe(5);
  waitUntil(TTL_S * 1_000 + 1);
  expiry.tick(true);
  expect(rig.spools.status().framesWaiting).toBe(0);
  feedSpeeds(rig, 1, 5);
  rig.agent.flush();
  expect(rig.batches().flatMap(({ drops }) => drops)).toEqual([{ firstSequence: 0, count: 5, cause: 'expired' }]);
});

test('a clock that no policy vouches for gives up nothing', () => {
  const { rig, expiry, waitUntil } = rigOf();
  waitUntil(50 * 365 * 86_400_000);
  expect(rig.agent.hasPolicy()).toBe(true);
  waitUntil(100 * 365 * 86_400_000);
  expect(rig.agent.hasPolicy()).toBe(false);
  expiry.tick(rig.agent.hasPolicy());
  expect(rig.spools.status().framesWaiting).toBe(5);
});

test('without a ttl nothing is too old', () => {
  const { rig, waitUntil } = rigOf();
  const config = SpoolConfig.parse({ file: 'agent.db' });
  const expiry = createExpiry(rig.spools, config, { clock: { now: () => rig.clock.now }, onFault: () => undefined });
  waitUntil(30 * 365 * 86_400_000);
  expiry.tick(true);
  expect(rig.spools.status().framesWaiting).toBe(5);
});
