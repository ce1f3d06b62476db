import { describe, expect, test } from 'vitest';
import { partition } from '../../../../cloud/partition/partition.ts';
import { cellFrame, signalFrame, tripRow } from '../../../support/cloud/batches.ts';

const SENSITIVE = 'sensitive-on-request-10wd';
const OPERATIONS = 'domestic-operations';

describe('partition', () => {
  test('a cell is geographic and a trip row is personal, whole', () => {
    expect(partition(cellFrame())).toEqual([{ zone: 'geographic', retention: SENSITIVE, content: cellFrame() }]);
    expect(partition(tripRow())).toEqual([{ zone: 'personal', retention: OPERATIONS, content: tripRow() }]);
  });

  test('a frame of one zone and one term is kept as it is', () => {
    const frame = signalFrame({ 'Vehicle.Speed': 1, 'Vehicle.IsMoving': true });
    const parts = partition(frame);
    expect(parts).toEqual([{ zone: 'personal', retention: OPERATIONS, content: frame }]);
    expect(parts[0]?.content).toBe(frame);
  });

  test('sensitive and other readings of one zone are parted, so that each can be deleted when it is due', () => {
    const frame = signalFrame({ 'Vehicle.Speed': 1, 'Vehicle.TraveledDistance': 2 });
    const [speed, distance] = frame.signals;
    expect(partition(frame)).toEqual([
      { zone: 'personal', retention: OPERATIONS, content: { ...frame, signals: [speed] } },
      { zone: 'personal', retention: SENSITIVE, content: { ...frame, signals: [distance] } },
    ]);
  });

  test('a frame of several zones is split, and each part keeps tag, time and order', () => {
    const frame = signalFrame({
      'Vehicle.Speed': 1,
      'Vehicle.Cabin.Unknown': 'X',
      'Vehicle.CurrentLocation.Latitude': 3,
      'Vehicle.IsMoving': true,
      'Vehicle.Other': 5,
    });
    const part = (...paths: readonly string[]) => ({
      ...frame,
      signals: frame.signals.filter(({ path }) => paths.includes(path)),
    });
    expect(partition(frame)).toEqual([
      { zone: 'personal', retention: OPERATIONS, content: part('Vehicle.Speed', 'Vehicle.IsMoving') },
      { zone: 'important', retention: SENSITIVE, content: part('Vehicle.Cabin.Unknown', 'Vehicle.Other') },
      { zone: 'geographic', retention: SENSITIVE, content: part('Vehicle.CurrentLocation.Latitude') },
    ]);
  });

  test('a path said twice keeps both readings', () => {
    const reading = { path: 'Vehicle.Speed', value: 1 };
    const frame = { ...signalFrame(), signals: [reading, { path: 'Vehicle.X', value: 0 }, { ...reading, value: 2 }] };
    const speeds = partition(frame).flatMap(({ zone, content }) =>
      zone === 'personal' && content.kind === 'signals' ? content.signals.map(({ value }) => value) : [],
    );
    expect(speeds).toEqual([1, 2]);
  });
});
