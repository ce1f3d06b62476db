import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDbc } from '../../../../../edge/adapters/candied-dbc.ts';
import type { CanFrame } from '../../../../../edge/sources/can/can-frame.ts';
import { CanMapping } from '../../../../../edge/sources/can/can-mapping.ts';
import { translateFrames, unknownNames } from '../../../../../edge/sources/can/translate-frames.ts';
import type { Instant } from '../../../../../proto/words/time.ts';
import { recordSource } from '../../../../support/edge/source-recorder.ts';

const parsed = parseDbc(readFileSync(new URL('../../../../vectors/can/signals.dbc', import.meta.url), 'utf8'));
if (!parsed.ok) throw new Error('the vectors are read elsewhere');
const database = parsed.value;

const START = Date.UTC(2026, 10, 20);
const SPEED = 'Vehicle.Speed';

/** `Plain` with its first byte, or another message. */
const frame = (ms: number, byte: number, id = 100): CanFrame => ({
  at: (START + ms) as Instant,
  interface: 'can0',
  id,
  isExtended: false,
  bytes: Uint8Array.of(byte, 0, 0, 0, 0, 0, 0, 0),
});

function translated(signals: readonly object[], frames: readonly CanFrame[], intervalMs = 1_000) {
  const { seen, events } = recordSource();
  const translator = translateFrames({ database, mapping: CanMapping.parse({ signals }), intervalMs }, events);
  for (const one of frames) translator.take(one);
  translator.flush();
  return seen;
}

const LOW = { signal: 'Plain.LowByte', path: SPEED };

describe('signals that the mapping names', () => {
  test('become one frame an interval, dated with its last value; the others are counted', () => {
    const seen = translated([LOW], [frame(0, 1), frame(400, 2), frame(999, 3), frame(1_000, 4)]);
    expect(seen.frames).toEqual([
      { kind: 'signals', at: START + 999, signals: { [SPEED]: 3 } },
      { kind: 'signals', at: START + 1_000, signals: { [SPEED]: 4 } },
    ]);
    expect(seen.removed).toEqual({ 'signal-not-mapped': 4 * 4, 'signal-aggregated': 2 });
  });

  test.each([
    ['last', 3],
    ['mean', 4],
    ['min', 2],
    ['max', 7],
  ])('may stand by their %s', (aggregate, value) => {
    const seen = translated([{ ...LOW, aggregate }], [frame(0, 2), frame(1, 7), frame(2, 3)]);
    expect(seen.frames).toMatchObject([{ signals: { [SPEED]: value } }]);
  });

  test('are scaled from the unit of the bus to that of VSS', () => {
    expect(translated([{ ...LOW, scale: 0.1, offset: -40 }], [frame(0, 50)]).frames).toMatchObject([
      { signals: { [SPEED]: -35 } },
    ]);
  });

  test('are dropped and counted outside of what is valid, and where they have no value of a table', () => {
    const bounded = translated([{ ...LOW, valid: { min: 1, max: 254 } }], [frame(0, 0), frame(1, 255), frame(2, 9)]);
    expect(bounded.frames).toMatchObject([{ signals: { [SPEED]: 9 } }]);
    expect(bounded.removed['signal-invalid']).toBe(2);
    const named = translated(
      [{ ...LOW, values: { 1: true, 2: 'ON', 3: 7 } }],
      [0, 1, 2, 3].map((n) => frame(n * 1_000, n)),
    );
    expect(named.frames.map((one) => one.kind === 'signals' && one.signals[SPEED])).toEqual([true, 'ON', 7]);
    expect(named.removed['signal-invalid']).toBe(1);
  });

  test('take their values by the names of the DBC file as well', () => {
    const which = { signal: 'Multiplexed.Which', path: SPEED, values: { 'first and more': 'OFF', second: 'ON' } };
    const seen = translated([which], [frame(0, 1, 120), frame(1_000, 0, 120)]);
    expect(seen.frames.map((one) => one.kind === 'signals' && one.signals[SPEED])).toEqual(['ON', 'OFF']);
  });

  test('are only there when their multiplexor says so, and so are those that are counted', () => {
    const first = { signal: 'Multiplexed.First', path: SPEED };
    const seen = translated([first], [frame(0, 1, 120), frame(1, 0, 120), frame(2, 9, 120)]);
    expect(seen.frames).toHaveLength(1);
    // Which and Always each time, and Second once.
    expect(seen.removed).toEqual({ 'signal-not-mapped': 7 });
  });

  test('beyond what one sealed frame holds come in several frames of the same time', () => {
    const many = Array.from({ length: 600 }, (_, index) => ({ ...LOW, path: `Vehicle.S${index}` }));
    const seen = translated(many, [frame(0, 1)]);
    const sizes = seen.frames.map((one) => one.kind === 'signals' && Object.keys(one.signals).length);
    expect([sizes, new Set(seen.frames.map(({ at }) => at)).size]).toEqual([[256, 256, 88], 1]);
  });

  test('of a frame that is too short for them are counted', () => {
    const seen = translated(
      [{ ...LOW, signal: 'Plain.MotorolaSigned' }],
      [{ ...frame(0, 1), bytes: Uint8Array.of(1) }],
    );
    expect([seen.frames, seen.removed['signal-invalid']]).toEqual([[], 1]);
  });

  test('of a message that the file does not know are one that is not mapped; 29 bits are another message', () => {
    const seen = translated([LOW], [frame(0, 1, 0x7ff), { ...frame(0, 1), isExtended: true }]);
    expect([seen.frames, seen.removed]).toEqual([[], { 'signal-not-mapped': 2 }]);
  });

  test('that are not in the DBC file, and names of values that are not, are told', () => {
    const mapping = CanMapping.parse({
      signals: [
        { signal: 'Plain.None', path: 'Vehicle.A' },
        { signal: 'Multiplexed.Which', path: 'Vehicle.B', values: { third: 1, second: 2, '7': 3 } },
        LOW,
      ],
    });
    expect(unknownNames(database, mapping)).toEqual(['Plain.None', 'third']);
  });
});

describe('a clock that jumps', () => {
  test('by years, forth and back, costs short intervals and nothing else', () => {
    const year = 365 * 86_400_000;
    const times = [0, 100, 30 * year, 30 * year + 1, -20 * year, 200];
    const seen = translated(
      [LOW],
      times.map((ms, index) => frame(ms, index)),
    );
    expect(seen.frames.map(({ at }) => at - START)).toEqual([100, 30 * year + 1, -20 * year, 200]);
  });

  test('never makes more frames than values came, nor one with a value that did not come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 255 }))),
        (steps) => {
          const seen = translated(
            [LOW],
            steps.map(([ms, byte]) => frame(ms, byte)),
          );
          const told = seen.frames.length + (seen.removed['signal-aggregated'] ?? 0);
          expect(told).toBe(steps.length);
          const came = new Set(steps.map(([, byte]) => byte));
          for (const one of seen.frames)
            expect(one.kind === 'signals' && came.has(Number(one.signals[SPEED]))).toBe(true);
        },
      ),
    );
  });
});

describe('a mapping', () => {
  test.each([
    ['an unknown key', { ...LOW, unit: 'km/h' }],
    ['a path that is none', { ...LOW, path: 'speed' }],
    ['a signal without its message', { ...LOW, signal: 'LowByte' }],
    ['text that no VSS enumeration has', { ...LOW, values: { 1: 'on' } }],
    ['a mean of names', { ...LOW, values: { 1: 'ON' }, aggregate: 'mean' }],
    ['a scale beyond reason', { ...LOW, scale: 1e300 }],
  ])('with %s is refused', (_, one) => {
    expect(CanMapping.safeParse({ signals: [one] }).success).toBe(false);
  });

  test('with two signals for one path, without any, or with 2,049 is refused', () => {
    expect(CanMapping.safeParse({ signals: [LOW, { ...LOW, signal: 'Plain.IntelOdd' }] }).success).toBe(false);
    expect(CanMapping.safeParse({ signals: [] }).success).toBe(false);
    const many = Array.from({ length: 2_049 }, (_, index) => ({ ...LOW, path: `Vehicle.S${index}` }));
    expect(CanMapping.safeParse({ signals: many }).success).toBe(false);
    expect(CanMapping.safeParse({ signals: many.slice(1) }).success).toBe(true);
  });
});
