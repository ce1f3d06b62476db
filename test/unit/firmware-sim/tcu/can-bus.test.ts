import { assert as always, double, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { parseDbc } from '../../../../edge/adapters/candied-dbc.ts';
import { parseCandumpLine } from '../../../../edge/sources/can/can-frame.ts';
import { CanMapping } from '../../../../edge/sources/can/can-mapping.ts';
import { translateFrames, unknownNames } from '../../../../edge/sources/can/translate-frames.ts';
import { PATHS } from '../../../../firmware-sim/signals.ts';
import { BUS_MAPPING, busDbc, busLines } from '../../../../firmware-sim/tcu/can-bus.ts';
import type { RawFrame } from '../../../../proto/words/raw-frame.ts';
import type { Instant } from '../../../../proto/words/time.ts';

const AT = Date.UTC(2026, 10, 25) as Instant;

/** What the agent's own CAN source makes of lines of the bus. */
function decoded(lines: readonly string[]): Readonly<Record<string, unknown>> {
  const database = parseDbc(busDbc());
  if (!database.ok) throw new Error(database.fault.code);
  const mapping = CanMapping.parse(BUS_MAPPING);
  expect(unknownNames(database.value, mapping)).toEqual([]);
  const frames: RawFrame[] = [];
  const events = { onFrame: (frame: RawFrame) => void frames.push(frame), onRemoved: () => undefined };
  const translator = translateFrames({ database: database.value, mapping, intervalMs: 1_000 }, events);
  for (const line of lines) {
    const frame = parseCandumpLine(line);
    if (typeof frame !== 'object') throw new Error('no frame of a bus');
    translator.take(frame);
  }
  translator.flush();
  return Object.assign({}, ...frames.map((frame) => (frame.kind === 'signals' ? frame.signals : {})));
}

const between = (min: number, max: number) => double({ min, max, noNaN: true });

test('what goes onto the bus comes out of the agent, to the step of each signal', () => {
  const values = record({
    [PATHS.speed]: between(0, 250),
    [PATHS.airTemperature]: between(-40, 60),
    [PATHS.soc]: between(0, 100),
    [PATHS.voltage]: between(200, 900),
    [PATHS.current]: between(-500, 500),
    [PATHS.batteryTemperature]: between(-40, 90),
  });
  always(
    property(values, (sent) => {
      const got = decoded(busLines(AT, sent));
      expect(Object.keys(got).sort()).toEqual(Object.keys(sent).sort());
      for (const [path, value] of Object.entries(sent)) expect(Math.abs(Number(got[path]) - value)).toBeLessThan(0.6);
    }),
    { numRuns: 30 },
  );
});

test('a value beyond its bits is the last that they hold, and what has no signal is left out', () => {
  const got = decoded(busLines(AT, { [PATHS.speed]: 9_000, [PATHS.vin]: 'L0T', 'Vehicle.Unknown': 4 }));
  expect(got[PATHS.speed]).toBeCloseTo(655.35);
  expect(got[PATHS.vin]).toBeUndefined();
});
