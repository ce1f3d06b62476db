import { expect, test } from 'vitest';
import { FRAME_LINE_CHARACTERS_MAX, frameLine } from '../../../firmware-sim/frame-line.ts';
import { instant } from './run-virtually.ts';

const at = instant('2020-07-18T01:07:17Z');

test('a line is the raw frame of docs/raw-frames.md', () => {
  expect(
    frameLine({ kind: 'fix', at, latitude: 31.27908, longitude: 119.6776716, altitudeM: 12.5, headingDeg: 90 }),
  ).toBe(
    '{"kind":"fix","at":"2020-07-18T01:07:17.000Z","latitude":31.27908,"longitude":119.6776716,"altitudeM":12.5,"headingDeg":90}\n',
  );
});

test('on a shared stream the vehicle comes first', () => {
  expect(frameLine({ kind: 'clock', at }, 'v0001')).toBe(
    '{"vehicle":"v0001","kind":"clock","at":"2020-07-18T01:07:17.000Z"}\n',
  );
});

test('a line over the limit is a bug', () => {
  const dataBase64 = 'A'.repeat(FRAME_LINE_CHARACTERS_MAX);
  expect(() => frameLine({ kind: 'image', at, camera: 'front', dataBase64 })).toThrow('keeps to its limit');
});
