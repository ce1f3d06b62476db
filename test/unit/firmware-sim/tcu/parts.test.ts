import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createPrng } from '../../../../firmware-sim/prng.ts';
import { startModem } from '../../../../firmware-sim/tcu/cellular.ts';
import { INERTIAL, startInertialSensor } from '../../../../firmware-sim/tcu/inertial.ts';
import { startReceiver } from '../../../../firmware-sim/tcu/receiver.ts';
import { STREET_WIDTH_PX, streetPicture } from '../../../../firmware-sim/tcu/street-picture.ts';
import { CUT_OFF_V, createSupply } from '../../../../firmware-sim/tcu/supply.ts';
import type { Instant } from '../../../../proto/words/time.ts';

const AT = Date.UTC(2026, 10, 25) as Instant;
const TRUTH = { latitude: 31.5, longitude: 110.25, altitudeM: 40, headingDeg: 90, speedMps: 15 };

test('a modem is without coverage at times, abroad at times, and never at home', () => {
  const modem = startModem(createPrng('modem'), AT);
  const bearers = Array.from({ length: 3_000 }, (_, minute) => modem.at((AT + minute * 60_000) as Instant, false));
  expect(new Set(bearers.map(({ bearer }) => bearer))).toEqual(new Set(['home', 'roaming', 'none']));
  expect(bearers.every(({ bearer, loss }) => (bearer === 'none') === (loss === 1))).toBe(true);
  expect(modem.at((AT + 200_000_000) as Instant, true).bearer).toBe('wifi');
});

test('a stretch of road has its own coverage, and after it chance has it again', () => {
  const modem = startModem(createPrng('stretch'), AT);
  const at = (minutes: number) => (AT + minutes * 60_000) as Instant;
  modem.stretch('roaming', at(30));
  expect([0, 10, 29].map((minutes) => modem.at(at(minutes), false).bearer)).toEqual(['roaming', 'roaming', 'roaming']);
  modem.stretch('none', at(60));
  expect(modem.at(at(59), false)).toMatchObject({ bearer: 'none', loss: 1 });
  const later = Array.from({ length: 2_000 }, (_, minute) => modem.at(at(60 + minute), false).bearer);
  expect(new Set(later)).toEqual(new Set(['home', 'roaming', 'none']));
});

test('an inertial sensor reads what the drive does: pulling away, and a bend to the right taken at speed', () => {
  const motion = { eastM: 0, northM: 0, speedMps: 15, accelerationMps2: 1.4, headingDeg: 350, movedM: 15 };
  const sensor = startInertialSensor(createPrng('inertial'));
  const first = sensor.read(AT, motion, 10).signals;
  expect(first[INERTIAL.longitudinal]).toBeCloseTo(1.4, 0);
  expect(first[INERTIAL.yaw]).toBeCloseTo(0, 0);
  const bend = sensor.read(AT, { ...motion, accelerationMps2: 0, headingDeg: 80 }, 10).signals;
  expect(bend[INERTIAL.yaw]).toBeCloseTo(9, 0);
  // Metres a second squared: the speed times the rate of turning in radians.
  expect(bend[INERTIAL.lateral]).toBeCloseTo(15 * ((9 * Math.PI) / 180), 0);
});

test('a receiver has nothing in a tunnel, is off by tens of metres among houses, and leaps far', () => {
  const receiver = startReceiver(createPrng('receiver'));
  const off = (sky: 'open' | 'canyon' | 'leap') =>
    Array.from({ length: 200 }, () => receiver.fixAt(AT, TRUTH, sky)).flatMap((fix) =>
      fix === undefined ? [] : [Math.abs(fix.latitude - TRUTH.latitude) * 111_195],
    );
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  expect(receiver.fixAt(AT, TRUTH, 'tunnel')).toBeUndefined();
  expect(median(off('open'))).toBeLessThan(10);
  expect(median(off('canyon'))).toBeGreaterThan(15);
  expect(Math.min(...off('leap'))).toBeGreaterThan(1_000_000);
});

test('a sleeping vehicle is cut off after weeks, and not before it is charged again', () => {
  const supply = createSupply(createPrng('supply'));
  let days = 0;
  while (supply.sleep(24)) days += 1;
  expect(days).toBeGreaterThan(10);
  expect(days).toBeLessThan(60);
  expect(supply.volts()).toBeLessThan(CUT_OFF_V);
  supply.charge();
  expect(supply.sleep(24)).toBe(true);
});

test.each([15, 16])('a plate of %i px is drawn in a box of that height', (platePx) => {
  const png = Buffer.from(streetPicture({ platePx }, createPrng('street')));
  const idat = png.indexOf('IDAT');
  const rows = inflateSync(png.subarray(idat + 4, idat + 4 + png.readUInt32BE(idat - 4)));
  const light = Array.from({ length: rows.length / (STREET_WIDTH_PX + 1) }, (_, row) =>
    rows.subarray(row * (STREET_WIDTH_PX + 1) + 1, (row + 1) * (STREET_WIDTH_PX + 1)),
  ).filter((row) => row.filter((grey) => grey === 235).length > 4);
  expect(light.length).toBe(platePx);
});
