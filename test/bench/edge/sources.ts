import { readFileSync } from 'node:fs';
import { parseDbc } from '../../../edge/adapters/candied-dbc.ts';
import { type CanFrame, parseCandumpLine } from '../../../edge/sources/can/can-frame.ts';
import { CanMapping } from '../../../edge/sources/can/can-mapping.ts';
import { translateFrames } from '../../../edge/sources/can/translate-frames.ts';
import { readPointFile } from '../../../edge/sources/points/point-file.ts';
import { assert } from '../../../proto/words/result.ts';
import { type EdgeSpeed, timed } from './stages.ts';

const LINES = 200_000;
const CLOUD_POINTS = 100_000;
const CLOUDS = 20;

/** What a source costs before the stages: lines of a bus, and points of a sweep; the first is the baseline. */
export function measureSources(): readonly EdgeSpeed[] {
  const lines = busLines();
  const objects = lines.map((line) => JSON.stringify({ line }));
  const frames = lines.map(parseCandumpLine).filter((frame) => typeof frame === 'object');
  const cloud = sweep();
  return [
    timed('JSON.parse of a line of a bus within an object', LINES, () => {
      for (const object of objects) assert(JSON.parse(object) !== undefined, 'what is measured is used');
    }),
    timed('parsing lines of candump', LINES, () => {
      for (const line of lines) assert(parseCandumpLine(line) !== undefined, 'every line is a frame');
    }),
    timed('decoding the frames, 3 of 5 signals mapped, 1 s each', LINES, () => translated(frames)),
    timed('points of KITTI files of 100,000', CLOUDS * CLOUD_POINTS, () => {
      for (let index = 0; index < CLOUDS; index += 1) {
        assert(readPointFile('sweep.bin', cloud)?.points.length === 3 * CLOUD_POINTS, 'every point is read');
      }
    }),
  ];
}

function translated(frames: readonly CanFrame[]): void {
  // The program runs from build/bench; the vectors lie where they always do.
  const parsed = parseDbc(readFileSync('test/vectors/can/signals.dbc', 'utf8'));
  assert(parsed.ok, 'the vectors are read');
  const signals = ['LowByte', 'IntelSigned', 'MotorolaOdd'].map((name) => ({
    signal: `Plain.${name}`,
    path: `Vehicle.${name}`,
  }));
  let count = 0;
  const settings = { database: parsed.value, mapping: CanMapping.parse({ signals }), intervalMs: 1_000 };
  const translator = translateFrames(settings, {
    onFrame: () => {
      count += 1;
    },
    onRemoved: () => undefined,
  });
  for (const frame of frames) translator.take(frame);
  assert(count > 0, 'something comes out');
}

/** 200 frames a second of one message. */
function busLines(): readonly string[] {
  const seconds = Date.UTC(2026, 2, 1) / 1_000;
  return Array.from({ length: LINES }, (_, index) => {
    const payload = (index * 2_654_435_761).toString(16).padStart(16, '0').slice(0, 16).toUpperCase();
    return `(${(seconds + index / 200).toFixed(6)}) can0 064#${payload}`;
  });
}

function sweep(): Uint8Array {
  const values = Float32Array.from({ length: CLOUD_POINTS * 4 }, (_, index) => (index % 397) / 4);
  return new Uint8Array(values.buffer);
}
