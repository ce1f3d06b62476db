import { expect, test } from 'vitest';
import { createBattery, SOC_FULL } from '../../../firmware-sim/battery.ts';
import { createPrng } from '../../../firmware-sim/prng.ts';

const AIR = { airC: 20 };

test('driving takes charge out and warms; the current is negative', () => {
  const battery = createBattery(createPrng('b'), 20);
  const before = battery.read();
  for (let second = 0; second < 1_800; second += 1) {
    battery.drive({ seconds: 1, speedMps: 20, accelerationMps2: 0, ...AIR });
  }
  const after = battery.read();
  expect(after.currentA).toBeLessThan(0);
  // 36 km at 72 km/h: a car takes 4 to 9 kWh for it.
  expect(before.socPercent - after.socPercent).toBeGreaterThan(4);
  expect(before.socPercent - after.socPercent).toBeLessThan(20);
  expect(after.temperatureC).toBeGreaterThan(20);
});

test('braking gives some back', () => {
  const battery = createBattery(createPrng('b'), 20);
  battery.drive({ seconds: 1, speedMps: 15, accelerationMps2: -1.5, ...AIR });
  expect(battery.read().currentA).toBeGreaterThan(0);
});

test('charging puts charge in, stops when full, and resting ends it', () => {
  const battery = createBattery(createPrng('c'), 20);
  battery.drive({ seconds: 3_600, speedMps: 20, accelerationMps2: 0, ...AIR });
  battery.charge({ seconds: 600, ...AIR });
  expect(battery.read()).toMatchObject({ isCharging: true });
  expect(battery.read().currentA).toBeGreaterThan(0);
  for (let step = 0; step < 100; step += 1) battery.charge({ seconds: 3_600, ...AIR });
  expect(battery.read().isCharging).toBe(false);
  expect(battery.read().socPercent).toBeCloseTo(SOC_FULL, 1);
  battery.rest({ seconds: 10, ...AIR });
  expect(battery.read()).toMatchObject({ isCharging: false, currentA: 0 });
});

test('whatever is driven, what it reports stays in the range of a battery', () => {
  const battery = createBattery(createPrng('long'), 20);
  for (let hour = 0; hour < 200; hour += 1) {
    battery.drive({ seconds: 3_600, speedMps: 44, accelerationMps2: 0, airC: 35 });
    const { socPercent, voltageV, temperatureC } = battery.read();
    expect(socPercent).toBeGreaterThan(0);
    expect(socPercent).toBeLessThanOrEqual(100);
    expect(voltageV).toBeGreaterThan(280);
    expect(voltageV).toBeLessThan(420);
    expect(temperatureC).toBeLessThan(60);
  }
});
