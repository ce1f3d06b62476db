import { expect, test } from 'vitest';
import type { Flow } from '../../../../console/api/answers.ts';
import { borderStreams, columnsOf, nodesOf, uplinkStreams } from '../../../../console/models/flow-links.ts';

const flow: Flow = {
  ...{ at: '2026-11-22T00:00:00Z', devices: 2, connections: 2, framesAdmitted: 9, duplicates: 0, quarantined: 1 },
  ...{ framesDroppedByVehicles: 0, transfers: { cleared: 0, withheld: 0, delivered: 0 } },
  removed: { imagery: 0, identifier: 2, position: 30 },
  refused: { SIGNATURE: 1 },
  zones: { general: 0, personal: 7, geographic: 2, quarantine: 1 },
};

test('what leaves the vehicles is stored, refused or removed, each with its cause; the greater first', () => {
  expect(uplinkStreams(flow).map(({ from, to, count }) => `${from} ${to} ${count}`)).toEqual([
    'flow.vehicles flow.removed 32',
    'flow.vehicles flow.refused 1',
    'flow.removed removed.position 30',
    'flow.removed removed.identifier 2',
    'flow.refused refused.SIGNATURE 1',
    'flow.vehicles flow.admitted 9',
    'flow.admitted zone.personal 7',
    'flow.admitted zone.geographic 2',
  ]);
});

test('where nothing has arrived there is nothing to draw', () => {
  expect(uplinkStreams({ ...flow, removed: {}, refused: {}, zones: { general: 0 } })).toEqual([]);
  expect(borderStreams([])).toEqual([]);
});

test('a transfer reaches its recipient once it is delivered, and no sooner', () => {
  const streams = borderStreams([
    { datasetId: 'd', recipientId: 'r', state: 'delivered', count: 2 },
    { datasetId: 'd', recipientId: 'r', state: 'permitted', count: 1 },
    { datasetId: 'd', recipientId: 'q', state: 'withheld', count: 1 },
  ]);
  expect(streams).toContainEqual({ from: 'state.delivered', to: 'recipient.r', count: 2 });
  expect(streams).toContainEqual({ from: 'dataset.d', to: 'flow.decided', count: 4 });
  expect(streams.filter(({ to }) => to === 'recipient.r')).toHaveLength(1);
  expect(nodesOf(streams).filter((node) => node === 'flow.decided')).toHaveLength(1);
});

test('streams are drawn in as many columns as the longest way has nodes', () => {
  const stream = (from: string, to: string) => ({ from, to, count: 1 });
  expect(columnsOf([])).toBe(0);
  expect(columnsOf([stream('a', 'b')])).toBe(2);
  expect(columnsOf([stream('a', 'b'), stream('a', 'c'), stream('c', 'd'), stream('d', 'b')])).toBe(4);
});
