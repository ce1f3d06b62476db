import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspect } from '../../../../edge/stages/inspect.ts';
import { reducePoints } from '../../../../edge/stages/reduce-points.ts';
import type { Candidate } from '../../../../edge/stages/stage.ts';
import { POINT_CLOUD_SETTINGS } from '../../../../proto/codec/control-codec.ts';
import { encodeFrame, type FrameContent } from '../../../../proto/codec/telemetry-codec.ts';
import { areVoxels, VOXELS_MAX } from '../../../../proto/codec/voxels.ts';
import type { RawPointCloud } from '../../../../proto/words/raw-frame.ts';
import { later, MORNING } from '../../../support/edge/candidates.ts';
import { policyOf } from '../../../support/edge/policies.ts';
import { seededChance } from '../../../support/edge/seeded.ts';
import { sensorsOf } from '../../../support/edge/sensors.ts';

const counts = sensorsOf({ pointCloud: POINT_CLOUD_SETTINGS.counts });
const voxels = sensorsOf({ pointCloud: POINT_CLOUD_SETTINGS.voxel, voxelMm: 500 });

const cloud = (points: readonly number[] | Float64Array, change: Partial<RawPointCloud> = {}): RawPointCloud => ({
  ...{ kind: 'point-cloud', at: MORNING, sensor: 'roof', georeferenced: false },
  points: Float64Array.from(points),
  ...change,
});

function run(sensors: typeof counts, ...clouds: readonly RawPointCloud[]) {
  const stage = reducePoints(sensors);
  const removed: string[] = [];
  const out = clouds.flatMap((one) => stage.apply(one, (cause, count) => removed.push(`${cause} ${count}`)));
  const contents = out.map((draft) => (draft as Candidate).content);
  const sealed = contents.map((content) => inspect({ kind: 'candidate', content }, policyOf({ sensors })));
  expect(sealed.map((one) => one?.content)).toEqual(contents);
  return { contents, removed };
}

const ringsOf = (content: FrameContent | undefined): unknown =>
  content?.kind === 'points' && content.rings.map(({ points }) => points);
const bytesOf = (content: FrameContent | undefined): Uint8Array =>
  content?.kind === 'points' ? content.voxels : new Uint8Array(0);

describe('counts', () => {
  test('of points by horizontal distance, ring by ring, and no coordinate', () => {
    const { contents } = run(counts, cloud([0, 0, 50, 9.99, 0, 0, 10, 0, 0, 0, -20, 0, 60, 60, 0, 200, 0, 0]));
    expect(ringsOf(contents[0])).toEqual([2, 1, 1, 0, 1, 1]);
    expect(contents[0]).toMatchObject({ voxelMm: 0, minute: Math.floor(MORNING / 60_000) });
  });
});

describe('voxels', () => {
  test('say where something is to the edge of a voxel, relative to the sensor, once each and in order', () => {
    const { contents } = run(voxels, cloud([0.1, 0.2, 0.3, 0.4, 0.4, 0.4, -0.1, 0, 0, 10.2, -3.4, 1.7, 170, 0, 0]));
    const view = new DataView(bytesOf(contents[0]).slice().buffer);
    const read = Array.from({ length: view.byteLength / 2 }, (_, index) => view.getInt16(index * 2, true));
    expect(read).toEqual([-1, 0, 0, 0, 0, 0, 20, -7, 3]);
  });

  test('grow until the cloud fits', () => {
    const chance = seededChance(1);
    const { contents } = run(voxels, cloud(Float64Array.from({ length: 90_000 }, () => 100 * (chance() - 0.5))));
    const [content] = contents;
    if (content?.kind !== 'points') throw new Error('no cloud');
    expect(content.voxelMm).toBeGreaterThan(500);
    expect(content.voxels.length / 6).toBeLessThanOrEqual(VOXELS_MAX);
    expect(areVoxels(content.voxels, content.voxelMm)).toBe(true);
    expect(encodeFrame(content, new Map()).length).toBeLessThan(49_000);
  });

  test('two clouds whose points stay within their voxels cannot be told apart', () => {
    const chance = seededChance(2);
    const corner = Array.from({ length: 600 }, () => Math.floor(100 * (chance() - 0.5)) * 0.5);
    const within = () => corner.map((value) => value + 0.001 + 0.49 * chance());
    const [one, other] = [run(voxels, cloud(within())), run(voxels, cloud(within()))];
    expect(one.contents).toEqual(other.contents);
  });
});

describe('what leaves nothing', () => {
  test.each<readonly [string, RawPointCloud, string]>([
    ['a cloud that says it is georeferenced', cloud([1, 1, 1], { georeferenced: true }), 'point-cloud-georeferenced'],
    ['one in projected metres that does not say so', cloud([637_012.2, 849_028.3, 431.6]), 'point-cloud-georeferenced'],
    ['one in degrees that does not say so', cloud([120.1, 31.2, 12]), 'point-cloud-georeferenced'],
    ['one with a far point among near ones', cloud([1, 1, 1, 1, 1, 4_000]), 'point-cloud-georeferenced'],
    ['one without points', cloud([]), 'point-cloud-georeferenced'],
    ['one with a coordinate that is no number', cloud([1, 1, Number.NaN]), 'point-cloud-georeferenced'],
  ])('%s', (_, given, cause) => {
    for (const sensors of [counts, voxels])
      expect(run(sensors, given)).toEqual({ contents: [], removed: [`${cause} 1`] });
  });

  test('a cloud too soon after the last one of its sensor', () => {
    const at = (ms: number, sensor = 'roof') => cloud([1, 1, 1], { at: later(MORNING, ms), sensor });
    const { contents, removed } = run(counts, at(0), at(9_999), at(9_999, 'bumper'), at(10_000));
    expect([contents.length, removed]).toEqual([3, ['sensor-interval 1']]);
  });

  test('any cloud under a policy that does not name it', () => {
    expect(run(sensorsOf({ imagery: 1 }), cloud([1, 1, 1]))).toEqual({ contents: [], removed: ['point-cloud 1'] });
  });
});

const KITTI = join(process.cwd(), '../shared/data/pointclouds/kitti_000008.bin');
test.runIf(existsSync(KITTI))(
  'a real sweep fits at 0.5 m or a few times that (needs ../shared/data/pointclouds)',
  () => {
    const file = readFileSync(KITTI);
    const points = Array.from({ length: file.length / 16 }, (_, index) =>
      [0, 4, 8].map((at) => file.readFloatLE(index * 16 + at)),
    );
    const { contents } = run(voxels, cloud(points.flat()));
    expect(bytesOf(contents[0]).length).toBeGreaterThan(1_000);
    expect(contents[0]?.kind === 'points' && contents[0].voxelMm).toBeLessThanOrEqual(1_000);
  },
);
