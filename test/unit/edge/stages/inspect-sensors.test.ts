import { describe, expect, test } from 'vitest';
import { recheckBatch } from '../../../../cloud/ingest/recheck-batch.ts';
import { inspect } from '../../../../edge/stages/inspect.ts';
import { encodeMosaicPng } from '../../../../proto/codec/mosaic-png.ts';
import {
  CAMERA_LABELS,
  IMAGE_FORMATS,
  IMAGE_TREATMENTS,
  type ImageFrame,
  MINUTE_MS,
} from '../../../../proto/codec/sensor-frames.ts';
import { encodeFrame, type FrameContent } from '../../../../proto/codec/telemetry-codec.ts';
import { sharpCodec } from '../../../../proto/imagery/sharp-codec.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { batchOf } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { IMAGE, later, MORNING, OBJECTS, POINTS, RINGS } from '../../../support/edge/candidates.ts';
import { policyOf } from '../../../support/edge/policies.ts';
import { consentOf, sensorsOf } from '../../../support/edge/sensors.ts';
import { jpegFile } from '../../../support/imagery/made-files.ts';
import { noise } from '../../../support/imagery/made-pictures.ts';

const device = testDevice(1);
const sensors = sensorsOf({ imagery: 1, pointCloud: 2, voxelMm: 500, objects: 1, consents: [consentOf()] });
const redacting = sensorsOf({ imagery: 2 });

const passes = (content: FrameContent, policy = sensors): boolean =>
  inspect({ kind: 'candidate', content }, policyOf({ sensors: policy })) !== undefined;
const recheck = (content: FrameContent): string =>
  recheckBatch(batchOf([content]), device.registered, later(MORNING, 60_000) as Instant) ?? 'fine';

async function redacted(width: number, height: number): Promise<ImageFrame> {
  const file = await sharpCodec().encodeJpeg(noise(2, 2, 1), { width, height, quality: 30 });
  if (!file.ok) throw new Error(file.fault);
  return {
    ...IMAGE,
    ...{
      treatment: IMAGE_TREATMENTS.redact,
      format: IMAGE_FORMATS.jpeg,
      width,
      height,
      data: Uint8Array.from(file.value),
    },
    ...{ detector: 'opencv-cascade', detectorVersion: '4.12.0-release.1/0f7d4527844e', regions: 3 },
  };
}
const good = await redacted(64, 48);
const largest = await redacted(1_200, 1_000);
const tooLarge = await redacted(1_201, 1_000);
const withGps = await jpegFile(64, 48);

describe('what is in order passes the inspection of the vehicle and the recheck of the cloud', () => {
  test.each<readonly [string, FrameContent, typeof sensors]>([
    ['a mosaic', IMAGE, sensors],
    ['a mosaic of the cabin under its consent', { ...IMAGE, camera: CAMERA_LABELS.cabin, consent: 'c-1' }, sensors],
    ['a redaction', good, redacting],
    ['a redaction of 1.2 million pixels', largest, redacting],
    ['voxels', POINTS, sensors],
    ['voxels that were thinned further', { ...POINTS, voxelMm: 2_000 }, sensors],
    ['counts by distance', RINGS, sensorsOf({ pointCloud: 1 })],
    ['counts of objects', OBJECTS, sensors],
  ])('%s', (_, content, policy) => {
    expect([passes(content, policy), recheck(content)]).toEqual([true, 'fine']);
    expect(encodeFrame(content, new Map()).length).toBeLessThan(50_000);
  });
});

const png = (columns: number, rows: number) =>
  encodeMosaicPng({ columns, rows, colours: new Uint8Array(columns * rows) });

describe('a lie is refused by both, each by itself', () => {
  test.each<readonly [string, FrameContent, string, typeof sensors | undefined]>([
    ['a raw picture that says it is a mosaic', { ...IMAGE, data: withGps }, 'IMAGE_NOT_CLEAN', undefined],
    ['a raw picture with GPS that says it is redacted', { ...good, data: withGps }, 'IMAGE_NOT_CLEAN', redacting],
    [
      'a redaction with a byte after its end',
      { ...good, data: Buffer.concat([good.data, Buffer.of(0)]) },
      'IMAGE_NOT_CLEAN',
      redacting,
    ],
    [
      'a mosaic with a byte after its end',
      { ...IMAGE, data: Buffer.concat([IMAGE.data, Buffer.of(0)]) },
      'IMAGE_NOT_CLEAN',
      undefined,
    ],
    ['a mosaic that says it is a JPEG', { ...IMAGE, format: IMAGE_FORMATS.jpeg }, 'IMAGE_NOT_CLEAN', undefined],
    ['a redaction that says it is a PNG', { ...good, format: IMAGE_FORMATS.png }, 'IMAGE_NOT_CLEAN', redacting],
    ['a mosaic of another size than it says', { ...IMAGE, width: 3 }, 'IMAGE_TOO_LARGE', undefined],
    ['a redaction of another size than it says', { ...good, height: 47 }, 'IMAGE_TOO_LARGE', redacting],
    ['a redaction of more than 1.2 million pixels', tooLarge, 'IMAGE_TOO_LARGE', redacting],
    ['a redaction by nobody', { ...good, detector: '' }, 'IMAGE_UNDECLARED', redacting],
    ['a redaction by no version', { ...good, detectorVersion: '' }, 'IMAGE_UNDECLARED', redacting],
    [
      'a redaction of the cabin',
      { ...good, camera: CAMERA_LABELS.cabin, consent: 'c-1' },
      'IMAGE_UNDECLARED',
      sensorsOf({ imagery: 2, consents: [consentOf()] }),
    ],
    ['a mosaic by a detector', { ...IMAGE, detector: 'onnx' }, 'IMAGE_UNDECLARED', undefined],
    ['a mosaic with regions', { ...IMAGE, regions: 1 }, 'IMAGE_UNDECLARED', undefined],
    ['the cabin without a consent', { ...IMAGE, camera: CAMERA_LABELS.cabin }, 'IMAGE_UNDECLARED', undefined],
    ['the road with one', { ...IMAGE, consent: 'c-1' }, 'IMAGE_UNDECLARED', undefined],
    ['voxels of 10 cm', { ...POINTS, voxelMm: 100 }, 'POINTS_NOT_REDUCED', undefined],
    [
      'voxels out of order',
      { ...POINTS, voxels: Uint8Array.from([...POINTS.voxels.slice(6), ...POINTS.voxels.slice(0, 6)]) },
      'POINTS_NOT_REDUCED',
      undefined,
    ],
    [
      'voxels that are doubled',
      { ...POINTS, voxels: Uint8Array.from([...POINTS.voxels, ...POINTS.voxels.slice(6)]) },
      'POINTS_NOT_REDUCED',
      undefined,
    ],
    ['half a voxel', { ...POINTS, voxels: POINTS.voxels.slice(0, 9) }, 'POINTS_NOT_REDUCED', undefined],
    [
      'a voxel beyond the range',
      { ...POINTS, voxels: Uint8Array.of(0, 4, 0, 0, 0, 0) },
      'POINTS_NOT_REDUCED',
      undefined,
    ],
    ['voxels with rings', { ...POINTS, rings: RINGS.rings }, 'POINTS_NOT_REDUCED', undefined],
    ['five rings', { ...RINGS, rings: RINGS.rings.slice(1) }, 'POINTS_NOT_REDUCED', sensorsOf({ pointCloud: 1 })],
    ['rings with voxels', { ...RINGS, voxels: POINTS.voxels }, 'POINTS_NOT_REDUCED', sensorsOf({ pointCloud: 1 })],
    ['counts out of order', { ...OBJECTS, counts: [...OBJECTS.counts].reverse() }, 'POINTS_NOT_REDUCED', undefined],
    ['a count of nothing', { ...OBJECTS, counts: [{ class: 1, count: 0 }] }, 'POINTS_NOT_REDUCED', undefined],
  ])('%s', (_, content, code, policy) => {
    expect([passes(content, policy), recheck(content)]).toEqual([false, code]);
  });

  test('a VIN where a detector is named', () => {
    const lie = {
      ...good,
      detector: device.registered.vin.reveal().toLowerCase(),
      detectorVersion: device.registered.vin.reveal(),
    };
    expect([passes(lie, redacting), recheck(lie)]).toEqual([false, 'VIN_IN_PAYLOAD']);
  });

  test('a picture from the future, which only the cloud can tell', () => {
    expect(recheck({ ...IMAGE, minute: IMAGE.minute + 11 })).toBe('fine');
    expect(recheck({ ...IMAGE, minute: IMAGE.minute + 12 })).toBe('TIME_IN_FUTURE');
  });
});

describe('what a policy does not name does not pass, however clean it is', () => {
  test.each<readonly [string, FrameContent, Partial<typeof sensors>]>([
    ['a mosaic under redact', IMAGE, { imagery: 2 }],
    ['a redaction under mosaic', good, { imagery: 1 }],
    ['a picture under drop', IMAGE, { imagery: 0, objects: 1 }],
    ['finer voxels than the policy has', POINTS, { pointCloud: 2, voxelMm: 1_000 }],
    ['voxels under counts', POINTS, { pointCloud: 1 }],
    ['counts under voxels', RINGS, { pointCloud: 2, voxelMm: 500 }],
    ['objects under drop', OBJECTS, { imagery: 1 }],
    [
      'the cabin under a consent that has ended',
      { ...IMAGE, camera: CAMERA_LABELS.cabin, consent: 'c-1' },
      { imagery: 1, consents: [consentOf({ until: (IMAGE.minute * MINUTE_MS) as Instant })] },
    ],
    [
      'the cabin under another consent than it names',
      { ...IMAGE, camera: CAMERA_LABELS.cabin, consent: 'c-2' },
      { imagery: 1, consents: [consentOf()] },
    ],
  ])('%s', (_, content, change) => {
    expect(passes(content, sensorsOf(change))).toBe(false);
  });

  test('nothing of a sensor under a policy that says nothing of sensors', () => {
    for (const content of [IMAGE, good, POINTS, RINGS, OBJECTS])
      expect(inspect({ kind: 'candidate', content }, policyOf())).toBeUndefined();
  });
});

test('a mosaic of 24 x 16 is the largest there is', () => {
  expect(passes({ ...IMAGE, width: 24, height: 16, data: png(24, 16) })).toBe(true);
  expect(() => png(25, 16)).toThrow('keeps to its size');
  expect(() => png(24, 17)).toThrow('keeps to its size');
});
