import { expect, test } from 'vitest';
import { createRemovals } from '../../../edge/removals.ts';
import { addUp } from '../../../edge/status.ts';

test('what is pending stays pending until it is told; the totals go on', () => {
  const removals = createRemovals();
  removals.add('imagery', 2);
  removals.add('position', 1);
  removals.add('imagery', 3);
  removals.add('no-policy', 0);
  const told = [
    { cause: 'imagery', count: 5 },
    { cause: 'position', count: 1 },
  ];
  expect([removals.pending(), removals.pending()]).toEqual([told, told]);
  removals.told();
  expect(removals.pending()).toEqual([]);
  removals.add('imagery', 1);
  expect(removals.pending()).toEqual([{ cause: 'imagery', count: 1 }]);
  expect(removals.totals()).toEqual({ imagery: 6, position: 1 });
});

test('a counter stays at what the schema holds', () => {
  const removals = createRemovals();
  removals.add('imagery', 4_294_967_295);
  removals.add('imagery', 1);
  expect(removals.pending()).toEqual([{ cause: 'imagery', count: 4_294_967_295 }]);
});

test('the agents of a process are added up', () => {
  const agent = {
    framesSealed: 3,
    framesWaiting: 2,
    framesHeld: 1,
    bytes: 10,
    connected: true,
    offlineDays: 12,
    consentsEnded: 0,
    removed: { imagery: 1 },
  };
  expect(addUp([agent, { ...agent, connected: false, offlineDays: 3, removed: { imagery: 2, position: 5 } }])).toEqual({
    ...{ role: 'edge', vehicles: 2, connected: 1, framesSealed: 6, framesWaiting: 4, framesHeld: 2, spoolBytes: 20 },
    offlineDays: 3,
    removed: { imagery: 3, position: 5 },
    consentsEnded: 0,
  });
  expect(addUp([])).toMatchObject({ vehicles: 0, connected: 0, offlineDays: undefined, removed: {} });
});
