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

test('a frame of more signals than one sealed frame holds is sealed in several, and loses none', () => {
  const paths = Array.from({ length: 600 }, (_, index) => `Vehicle.Made.Up${index}`);
  const rig = createRig({ priorities: { emergency: paths.slice(0, 10) } });
  rig.agent.usePolicy(policyOf({ allowedPaths: new Set(paths) }));
  rig.agent.take({ kind: 'signals', at: MORNING, signals: Object.fromEntries(paths.map((path, at) => [path, at])) });
  rig.agent.flush();
  const frames = rig.batches().flatMap((batch) => batch.frames);
  const sealed = frames.flatMap((frame) => (frame.kind === 'signals' ? frame.signals.map(({ path }) => path) : []));
  expect(new Set(sealed)).toEqual(new Set(paths.slice(10)));
  expect([sealed.length, rig.spools.of.emergency.nextSequence(), rig.agent.removals()]).toEqual([590, 1, {}]);
});
