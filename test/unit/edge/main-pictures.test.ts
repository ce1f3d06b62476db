import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { runEdge } from '../../../edge/main.ts';
import type { PolicyBundle } from '../../../proto/codec/control-codec.ts';
import { decodeSealedBatch, decodeSignedBatch } from '../../../proto/codec/telemetry-codec.ts';
import type { RoleSurroundings } from '../../../proto/config/role.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { signedBundle } from '../../support/edge/policies.ts';
import { tempDirectory } from '../../support/edge/temp-directory.ts';
import { writeConfig, writeVehicleFiles } from '../../support/edge/vehicle-files.ts';
import { jpegFile } from '../../support/imagery/made-files.ts';
import { FACE_CASCADE, hasCascades, hasPictures, pictureFile } from '../../support/imagery/shared-pictures.ts';

/** Feeds lines to an agent as it is configured, and gives what it sealed. */
async function sealed(lines: readonly object[], bundle: Partial<PolicyBundle>, sections: object = {}) {
  const directory = tempDirectory();
  const sealTo = tempDirectory();
  await writeVehicleFiles(directory);
  writeFileSync(join(directory, 'policy.bin'), signedBundle(bundle));
  const config = writeConfig(directory, { source: { kind: 'stdin' }, ...sections });
  const reports: { readonly removed?: Readonly<Record<string, number>> }[] = [];
  const around: RoleSurroundings = {
    ...{ environment: {}, clock: { now: () => Date.now() as Instant }, chance: () => 0.5 },
    stdin: Readable.from(lines.map((one) => Buffer.from(`${JSON.stringify(one)}\n`))),
    ...{ out: () => undefined, err: () => undefined, fault: () => undefined },
    report: (status) => void reports.push(status as object),
    stopRequested: new Promise(() => undefined),
  };
  expect(await runEdge([config], around, sealTo)).toBe(0);
  const frames = readdirSync(sealTo).flatMap((name) => {
    const signed = decodeSignedBatch(readFileSync(join(sealTo, name)));
    const batch = signed.ok ? decodeSealedBatch(signed.value.batch) : signed;
    if (!batch.ok) throw new Error(batch.fault.code);
    return batch.value.frames;
  });
  return { frames, removed: reports.at(-1)?.removed };
}

const line = (bytes: Uint8Array, change: object = {}): object => ({
  ...{ kind: 'image', at: '2025-01-01T00:00:00Z', camera: 'front', place: 'exterior' },
  dataBase64: Buffer.from(bytes).toString('base64'),
  ...change,
});

describe('tongguan edge with pictures', () => {
  test('seals mosaics, voxels and counts of what its policy allows, the last picture of the input included', async () => {
    const points = Buffer.from(Float64Array.of(12.5, -3, 0.25).buffer).toString('base64');
    const at = '2025-01-01T00:00:01Z';
    const { frames, removed } = await sealed(
      [
        { kind: 'point-cloud', at, sensor: 'roof', georeferenced: false, pointsBase64: points },
        { kind: 'objects', at, sensor: 'radar', objects: [{ class: 'car', xM: 1, yM: 2 }] },
        line(await jpegFile(1_280, 720), { place: undefined }),
        line(await jpegFile(1_280, 720)),
      ],
      { imagery: 1, sensorIntervalS: 10, pointCloud: 2, voxelMm: 500, objects: 1 },
    );
    expect(frames).toMatchObject([
      { kind: 'points', voxelMm: 500 },
      { kind: 'objects', counts: [{ class: 1, count: 1 }] },
      { kind: 'image', width: 23, height: 13, detector: '' },
    ]);
    expect(removed).toEqual({ 'image-cabin': 1 });
  });

  test('drops pictures that nothing is configured to redact', async () => {
    const { frames, removed } = await sealed([line(await jpegFile())], { imagery: 2, sensorIntervalS: 10 });
    expect([frames, removed]).toEqual([[], { 'detector-missing': 1 }]);
  });

  test.runIf(hasPictures && hasCascades)(
    'redacts by the cascade it is configured with (needs opencv-data and the shared pictures)',
    async () => {
      const detectors = [{ kind: 'opencv-cascade', file: FACE_CASCADE, finds: 'face', timeLimitMs: 30_000 }];
      const lines = [line(pictureFile('fr_obama_small.jpg'))];
      const incomplete = await sealed(lines, { imagery: 2, sensorIntervalS: 10 }, { imagery: { detectors } });
      expect([incomplete.frames, incomplete.removed]).toEqual([[], { 'detector-incomplete': 1 }]);
      const bundle = { imagery: 2, sensorIntervalS: 10, unsafePlatesLeft: true } as const;
      const { frames } = await sealed(lines, bundle, { imagery: { detectors } });
      expect(frames).toMatchObject([
        { kind: 'image', width: 320, height: 240, detector: 'opencv-cascade', regions: 1 },
      ]);
    },
    60_000,
  );
});
