import { expect, test } from 'vitest';
import { findPlace, PLACE_RADIUS_M, type Place } from '../../../../edge/trips/places.ts';
import { STAND_RADIUS_M } from '../../../../edge/trips/trip.ts';
import { positionAt } from '../../../support/edge/map.ts';

const placeAt = (eastM: number, marginM: number): Place => ({ position: positionAt([eastM, 0]), marginM });

test('a position belongs to the nearest place within 400 m, and to none beyond', () => {
  const places = [placeAt(0, 1), placeAt(700, 2)];
  const marginAt = (eastM: number) => findPlace(places, positionAt([eastM, 0]))?.marginM;
  expect([marginAt(-399), marginAt(0), marginAt(340), marginAt(360), marginAt(1_099)]).toEqual([1, 1, 1, 2, 2]);
  expect([marginAt(-402), marginAt(1_102), findPlace([], positionAt([0, 0]))]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('two fixes of one stand are one place', () => {
  expect(STAND_RADIUS_M).toBeLessThanOrEqual(PLACE_RADIUS_M);
});
