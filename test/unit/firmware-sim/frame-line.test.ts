import { expect, test } from 'vitest';
import { parseRawFrame } from '../../../edge/sources/parse-raw-frame.ts';
import { FRAME_LINE_CHARACTERS_MAX, frameLine } from '../../../firmware-sim/frame-line.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import { instant } from './run-virtually.ts';

const at = instant('2020-07-18T01:07:17Z');

test('a line is the raw frame of docs/raw-frames.md', () => {
  expect(
    frameLine({ kind: 'fix', at, latitude: 31.27908, longitude: 119.6776716, altitudeM: 12.5, headingDeg: 90 }),
  ).toBe(
    '{"kind":"fix","at":"2020-07-18T01:07:17.000Z","latitude":31.27908,"longitude":119.6776716,"altitudeM":12.5,"headingDeg":90}\n',
  );
});

test('bytes and points are written in base64, and the agent reads the same frame', () => {
  const frames: readonly RawFrame[] = [
    { kind: 'image', at, camera: 'front', place: 'exterior', bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1]) },
    { kind: 'point-cloud', at, sensor: 'roof', points: Float64Array.of(1.5, -2, 1e-9, 4, 5, 6), georeferenced: true },
    { kind: 'objects', at, sensor: 'radar', objects: [{ class: 'car', xM: 12.5, yM: -3 }] },
  ];
  for (const frame of frames) expect(parseRawFrame(frameLine(frame))).toEqual(frame);
});

test('on a shared stream the vehicle comes first', () => {
  expect(frameLine({ kind: 'clock', at }, 'v0001')).toBe(
    '{"vehicle":"v0001","kind":"clock","at":"2020-07-18T01:07:17.000Z"}\n',
  );
});

test('a line over the limit is a bug', () => {
  const bytes = new Uint8Array(FRAME_LINE_CHARACTERS_MAX);
  expect(() => frameLine({ kind: 'image', at, camera: 'front', place: 'exterior', bytes })).toThrow(
    'keeps to its limit',
  );
});
