import { expect, test } from 'vitest';
import { createBattery } from '../../../../firmware-sim/battery.ts';
import { foundCity } from '../../../../firmware-sim/city.ts';
import { createPrng } from '../../../../firmware-sim/prng.ts';
import { createSignalsReporter, PATHS } from '../../../../firmware-sim/signals.ts';
import { ignitionFrames, POWER_MODES, startClock } from '../../../../firmware-sim/tcu/boot.ts';
import { CHARGING, chargingFrames, stationOf } from '../../../../firmware-sim/tcu/charging.ts';
import { COLLISION, collisionFrames } from '../../../../firmware-sim/tcu/collision.ts';
import { CODES, createDiagnostics, DIAGNOSTICS } from '../../../../firmware-sim/tcu/diagnostics.ts';
import { bystandersOf, georeferenced, lidarSweep, radarObjects } from '../../../../firmware-sim/tcu/sweep.ts';
import { vinOfVehicle } from '../../../../firmware-sim/vehicle-vin.ts';
import type { RawSignals } from '../../../../proto/words/raw-frame.ts';
import { DAY_MS, type Instant } from '../../../../proto/words/time.ts';

const AT = Date.UTC(2026, 10, 25) as Instant;
const later = (ms: number) => (AT + ms) as Instant;
const ride = () => ({
  city: foundCity('events'),
  battery: createBattery(createPrng('battery'), 15),
  report: createSignalsReporter(vinOfVehicle('events', 1)),
  odometerM: () => 1_000,
});

test.each([
  ['AC', 30],
  ['DC', 2],
] as const)('a charge at an %s station fills the battery, and says where it stands', (current, minutesMin) => {
  const station = stationOf(current, createPrng(current));
  const frames = [...chargingFrames(ride(), station, { from: AT })];
  const soc = frames.map(({ signals }) => Number(signals[PATHS.soc]));
  expect(soc).toEqual(soc.toSorted((one, other) => one - other));
  expect(soc.at(-1)).toBeGreaterThan(89.9);
  expect(frames.length).toBeGreaterThan(minutesMin * 6);
  expect(frames[0]?.signals[CHARGING.evse]).toMatch(/^CN\*TGX\*E(AC|DC)\d{6}$/);
});

test('a freeze frame has what was on the bus when its code was set first, and clearing ends it', () => {
  const units = createDiagnostics();
  const moment = (kmh: number): RawSignals => ({ kind: 'signals', at: AT, signals: { [PATHS.speed]: kmh } });
  units.fail(CODES.speedSensor, 'Brake', moment(50));
  units.fail(CODES.speedSensor, 'Brake', moment(80));
  units.install({ name: 'Brake', version: '1.2.0' });
  const { signals } = units.report(AT);
  expect(signals[DIAGNOSTICS.list]).toBe('P0500');
  expect(signals['Vehicle.Example.FreezeFrame.P0500.Speed']).toBe(50);
  expect(signals['Vehicle.Example.Ecu.Brake.SoftwareVersion']).toBe('1.2.0');
  units.clear();
  expect(units.report(AT).signals[DIAGNOSTICS.count]).toBe(0);
});

test('a clock that lost its power is far back until it is told the time, and drifts by seconds a day', () => {
  const clock = startClock(createPrng('clock'), AT);
  expect(Math.abs(clock.read(later(DAY_MS)) - later(DAY_MS))).toBeLessThan(10_000);
  clock.lose(AT);
  const modes = [...ignitionFrames(clock, AT)];
  expect(modes.map(({ signals }) => Object.values(signals)[0])).toEqual([...POWER_MODES]);
  expect(modes.every(({ at }) => at < AT - 100 * DAY_MS)).toBe(true);
  clock.sync(later(5_000));
  expect(clock.read(later(5_000))).toBe(later(5_000));
});

test('a collision ends standing, with a blow harder than any brake', () => {
  const frames = [...collisionFrames({ at: AT, latitude: 31, longitude: 110, speedMps: 15 })];
  const signals = frames.map((frame) => (frame.kind === 'signals' ? frame.signals : {}));
  expect(signals.at(-1)).toMatchObject({ [PATHS.speed]: 0, [COLLISION.airbag]: true });
  expect(Number(signals.at(-1)?.[COLLISION.deceleration])).toBeLessThan(-10);
  expect(signals[0]?.[COLLISION.airbag]).toBe(false);
});

test('a sweep lies round its sensor, the same on the globe does not, and radar sees nobody behind', () => {
  const prng = createPrng('sweep');
  const bystanders = bystandersOf(20, prng);
  const sweep = lidarSweep(AT, bystanders, prng);
  expect(Math.max(...sweep.points.map(Math.abs))).toBeLessThan(65);
  const mapped = georeferenced(sweep, { latitude: 31, longitude: 110 });
  expect([mapped.georeferenced, Math.round(mapped.points[0] ?? 0), Math.round(mapped.points[1] ?? 0)]).toEqual([
    true,
    110,
    31,
  ]);
  const { objects } = radarObjects(AT, bystanders, prng);
  expect(objects.length).toBeGreaterThan(0);
  expect(objects.length).toBeLessThan(20);
  expect(objects.every(({ xM, yM }) => xM > -Math.abs(yM))).toBe(true);
});
