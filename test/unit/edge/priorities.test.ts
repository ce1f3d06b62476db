import { expect, test } from 'vitest';
import { pathPriorities } from '../../../edge/priorities.ts';
import { createRig } from '../../support/edge/agent-rig.ts';
import { MORNING, SIGNALS, TRIP } from '../../support/edge/candidates.ts';
import { CHARGE, policyOf, SPEED } from '../../support/edge/policies.ts';

test('signals of one frame are sealed in the queues of their priorities, and each once', () => {
  const rig = createRig({ priorities: { emergency: [SPEED] } });
  rig.agent.usePolicy(policyOf());
  rig.agent.take({ kind: 'signals', at: MORNING, signals: { [SPEED]: 80, [CHARGE]: 55 } });
  rig.agent.flush();
  const { emergency, statistics, safety, diagnostics } = rig.spools.of;
  expect([emergency, safety, diagnostics, statistics].map((queue) => queue.nextSequence())).toEqual([1, 0, 0, 1]);
  const { epoch } = emergency;
  rig.agent.acknowledge({ epoch, ranges: [{ firstSequence: 0, count: 1, quarantined: false }] });
  expect([emergency.read(-1, 9), statistics.read(-1, 9)].map(({ length }) => length)).toEqual([0, 1]);
  expect(rig.batches().flatMap(({ frames }) => frames)).toMatchObject([{ signals: [{ path: CHARGE, value: 55 }] }]);
});

test('a frame of one priority is left as it is, and so is everything that is no signal', () => {
  const { separate, of } = pathPriorities({ safety: [SPEED] });
  const frame = { kind: 'signals', at: MORNING, signals: { [SPEED]: 1 } } as const;
  expect(separate(frame)[0]).toBe(frame);
  const fix = { kind: 'fix', at: MORNING, latitude: 31, longitude: 120 } as const;
  expect(separate(fix)).toEqual([fix]);
  expect([of(TRIP), of({ ...SIGNALS, signals: [{ path: SPEED, value: 1 }] })]).toEqual(['statistics', 'safety']);
});
