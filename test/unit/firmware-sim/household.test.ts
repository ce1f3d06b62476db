import { expect, test } from 'vitest';
import { planDay, settleHousehold } from '../../../firmware-sim/household.ts';
import { createPrng } from '../../../firmware-sim/prng.ts';
import { foundRegion } from '../../../firmware-sim/region.ts';
import { type CivilDate, civilDateOf } from '../../../proto/words/time.ts';

const region = foundRegion('h');
const { areas } = region;
const homes = Array.from({ length: 50 }, (_, index) => settleHousehold('h', `v${index}`, region));

test('every household goes to a place inside an area and to one just outside of one', () => {
  for (const { haunts } of homes) {
    const [inside, outside] = haunts;
    expect(areas.some((area) => area.alongM === inside.alongM && area.acrossM === inside.acrossM)).toBe(true);
    const beyondM = areas
      .filter((area) => area.acrossM === outside.acrossM)
      .map((area) => outside.alongM - area.alongM - area.reachM);
    expect(beyondM.some((metres) => metres >= 50 && metres <= 300)).toBe(true);
  }
});

test('some work inside an area, and nobody works next door', () => {
  const inside = homes.filter(({ work }) =>
    areas.some(({ alongM, acrossM }) => work.alongM === alongM && work.acrossM === acrossM),
  );
  expect(inside.length).toBeGreaterThan(2);
  expect(inside.length).toBeLessThan(25);
  for (const { home, work } of homes) {
    expect(Math.abs(home.alongM - work.alongM) + Math.abs(home.acrossM - work.acrossM)).toBeGreaterThanOrEqual(3_000);
  }
});

test('the errands of a day are in order, within the day, and lead home', () => {
  const [household] = homes;
  if (household === undefined) throw new Error('there is a household');
  for (const date of ['2026-03-02', '2026-03-07', '2026-12-31'] as CivilDate[]) {
    for (let seed = 0; seed < 20; seed += 1) {
      const errands = planDay(household, date, createPrng(`${date} ${seed}`));
      const departures = errands.map(({ departAt }) => departAt);
      expect(departures).toEqual(departures.toSorted((a, b) => a - b));
      expect(departures.every((at) => civilDateOf(at) === date)).toBe(true);
      expect(errands.at(-1)?.to ?? household.home).toBe(household.home);
    }
  }
});

test('people work on weekdays and stay home on some days', () => {
  const [household] = homes;
  if (household === undefined) throw new Error('there is a household');
  const busy = { ...household, awayWeeks: [] };
  const plans = (date: string) =>
    Array.from({ length: 200 }, (_, seed) => planDay(busy, date as CivilDate, createPrng(`${seed}`)));
  expect(
    plans('2026-03-07')
      .flat()
      .some(({ to }) => to === household.work),
  ).toBe(false);
  const weekdays = plans('2026-03-02');
  expect(weekdays.filter((errands) => errands.some(({ to }) => to === household.work)).length).toBeGreaterThan(150);
  expect(weekdays.filter((errands) => errands.length === 0).length).toBeGreaterThan(0);
  const away = { ...household, awayWeeks: Array.from({ length: 52 }, (_, week) => week) };
  expect(planDay(away, '2026-03-02' as CivilDate, createPrng('away'))).toEqual([]);
});
