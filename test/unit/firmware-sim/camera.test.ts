import { expect, test } from 'vitest';
import { SYNTHETIC_IMAGE_MARK, syntheticImage } from '../../../firmware-sim/camera.ts';
import { createPrng } from '../../../firmware-sim/prng.ts';
import { WALL_START } from './run-virtually.ts';

test('a picture is a graymap that says of itself that it is synthetic', () => {
  const image = syntheticImage(WALL_START, createPrng('camera'));
  const file = Buffer.from(image.dataBase64, 'base64');
  const header = `P5\n# ${SYNTHETIC_IMAGE_MARK}\n16 12\n255\n`;
  expect(file.subarray(0, header.length).toString('ascii')).toBe(header);
  expect(file.length - header.length).toBe(16 * 12);
  expect(image).toMatchObject({ kind: 'image', at: WALL_START });
});
