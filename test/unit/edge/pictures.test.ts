import { describe, expect, test } from 'vitest';
import { treatPicture } from '../../../edge/imagery/treat-picture.ts';
import { PICTURES_WAITING_MAX } from '../../../edge/picture-queue.ts';
import { sensorStages } from '../../../edge/stages/reduce-sensors.ts';
import type { Stage } from '../../../edge/stages/stage.ts';
import { CONSENT_KINDS, CONSENT_SUBJECTS, IMAGERY_SETTINGS } from '../../../proto/codec/control-codec.ts';
import { CAMERA_LABELS, MINUTE_MS } from '../../../proto/codec/sensor-frames.ts';
import { sharpCodec } from '../../../proto/imagery/sharp-codec.ts';
import type { RawImage } from '../../../proto/words/raw-frame.ts';
import { createRig, feedSpeeds } from '../../support/edge/agent-rig.ts';
import { later, MORNING } from '../../support/edge/candidates.ts';
import { policyOf } from '../../support/edge/policies.ts';
import { consentOf, sensorsOf } from '../../support/edge/sensors.ts';
import { imageOf } from '../../support/imagery/made-files.ts';

const codec = sharpCodec();
const realTreatment = (image: RawImage, order: Parameters<typeof treatPicture>[1]) =>
  treatPicture(image, order, { codec, detectors: [] });
const mosaics = policyOf({ sensors: sensorsOf({ imagery: IMAGERY_SETTINGS.mosaic }) });
const image = await imageOf();

const imagesIn = (rig: ReturnType<typeof createRig>) =>
  rig.batches().flatMap(({ frames }) => frames.flatMap((frame) => (frame.kind === 'image' ? [frame] : [])));

describe('pictures on their way through the agent', () => {
  test('come out as mosaics, with their minute and without their bytes, beside the signals', async () => {
    const rig = createRig({ treatPicture: realTreatment });
    rig.agent.usePolicy(mosaics);
    rig.agent.take(image);
    feedSpeeds(rig, 2);
    await rig.agent.settlePictures('treat');
    rig.agent.flush();
    const [frame] = imagesIn(rig);
    expect(frame).toMatchObject({
      minute: Math.floor(MORNING / MINUTE_MS),
      camera: CAMERA_LABELS.front,
      width: 10,
      height: 7,
    });
    expect(
      rig
        .batches()[0]
        ?.steps.map(({ stage }) => stage)
        .slice(0, 3),
    ).toEqual(['imagery-mosaic', 'point-cloud-drop', 'objects-drop']);
    const bytes = Buffer.concat(rig.spool.read(-1, 9).map((batch) => batch.bytes));
    expect(bytes.includes(Buffer.from('Exif')) || bytes.includes(Buffer.from(image.bytes.subarray(200, 232)))).toBe(
      false,
    );
    expect(rig.agent.removals()).toEqual({});
  });

  test('are dropped where there is no decoder, and counted as that', async () => {
    const rig = createRig();
    rig.agent.usePolicy(mosaics);
    rig.agent.take(image);
    await rig.agent.settlePictures('treat');
    expect(rig.agent.removals()).toEqual({ 'image-decoder-missing': 1 });
  });

  test('leave only so often a camera', async () => {
    const rig = createRig({ treatPicture: realTreatment });
    rig.agent.usePolicy(mosaics);
    for (const [camera, ms] of [
      ['front', 0],
      ['front', 9_999],
      ['rear', 9_999],
      ['front', 10_000],
      ['front', 9_000],
    ] as const)
      rig.agent.take({ ...image, camera, at: later(MORNING, ms) });
    await rig.agent.settlePictures('treat');
    rig.agent.flush();
    expect(imagesIn(rig).map(({ camera }) => camera)).toEqual([1, 2, 1]);
    expect(rig.agent.removals()).toEqual({ 'sensor-interval': 2 });
  });

  test('that find no place in the queue are dropped, and one that breaks costs itself only', async () => {
    let turn = 0;
    const rig = createRig({
      treatPicture: async (...args) => {
        turn += 1;
        if (turn === 2) throw new Error('a bug');
        return realTreatment(...args);
      },
    });
    rig.agent.usePolicy(mosaics);
    for (let index = 0; index < PICTURES_WAITING_MAX + 3; index += 1) rig.agent.take({ ...image, camera: `c${index}` });
    await rig.agent.settlePictures('treat');
    rig.agent.flush();
    expect(imagesIn(rig)).toHaveLength(PICTURES_WAITING_MAX);
    expect(rig.agent.removals()).toEqual({ 'image-queue-full': 2, 'stage-threw': 1 });
  });

  test.each([
    ['the policy changes', 'image-policy-changed'],
    ['the agent stops', 'image-stopped'],
  ])('do not come out when %s in the meantime: those in hand and those that wait are counted', async (_, cause) => {
    const rig = createRig({ treatPicture: realTreatment });
    rig.agent.usePolicy(mosaics);
    for (const camera of ['a', 'b', 'c']) rig.agent.take({ ...image, camera });
    if (cause === 'image-policy-changed') rig.agent.usePolicy({ ...mosaics, version: 2 });
    await rig.agent.settlePictures(cause === 'image-stopped' ? 'drop' : 'treat');
    rig.agent.flush();
    expect(imagesIn(rig)).toEqual([]);
    expect(rig.agent.removals()).toEqual({ [cause]: 3 });
  });

  test('are removed by what stands before their release, as they came and once more when they have been treated', async () => {
    for (const [removing, decoded] of [
      ['image', 0],
      ['treated-picture', 1],
    ] as const) {
      let treated = 0;
      const before: Stage = {
        ...{ name: 'fence-senses', parameters: '' },
        apply: (draft, removed) => {
          if (draft.kind !== removing) return [draft];
          removed('imagery', 1);
          return [];
        },
      };
      const rig = createRig({
        treatPicture: async (...args) => {
          treated += 1;
          return realTreatment(...args);
        },
        stagesFor: (policy) => [before, ...sensorStages(policy)],
      });
      rig.agent.usePolicy(mosaics);
      rig.agent.take(image);
      await rig.agent.settlePictures('treat');
      rig.agent.flush();
      expect([imagesIn(rig), rig.agent.removals(), treated]).toEqual([[], { imagery: 1 }, decoded]);
    }
  });

  test('are not even decoded under a policy that drops them, or without one', async () => {
    const rig = createRig({
      treatPicture: () => {
        throw new Error('nobody asked');
      },
    });
    rig.agent.take(image);
    rig.agent.usePolicy(policyOf());
    rig.agent.take(image);
    await rig.agent.settlePictures('treat');
    expect(rig.agent.removals()).toEqual({ 'no-policy': 1, imagery: 1 });
  });
});

describe('pictures of the cabin', () => {
  const take = async (
    consents: readonly ReturnType<typeof consentOf>[],
    change: Partial<RawImage> = {},
    imagery: 1 | 2 = 1,
  ) => {
    const rig = createRig({ treatPicture: realTreatment });
    rig.agent.usePolicy(policyOf({ sensors: sensorsOf({ imagery, consents }) }));
    rig.agent.take({ ...image, place: 'cabin', ...change });
    await rig.agent.settlePictures('treat');
    rig.agent.flush();
    return { images: imagesIn(rig), removed: rig.agent.removals() };
  };

  test('leave as mosaics under a consent of everybody that holds, and name it', async () => {
    const { images } = await take([consentOf()]);
    expect(images).toMatchObject([{ camera: CAMERA_LABELS.cabin, consent: 'c-1', width: 10 }]);
  });

  test.each<readonly [string, readonly ReturnType<typeof consentOf>[], Partial<RawImage>, 1 | 2]>([
    ['without a consent', [], {}, 1],
    ['under one that has expired', [consentOf({ until: MORNING })], {}, 1],
    ['under one that begins later', [consentOf({ from: later(MORNING, 1) })], {}, 1],
    ['under one of the driver alone', [consentOf({ subjects: CONSENT_SUBJECTS.driver })], {}, 1],
    ['under one for sound', [consentOf({ kind: CONSENT_KINDS.cabinAudio })], {}, 1],
    ['redacted', [consentOf()], {}, 2],
    ['of a camera that only its name gives away', [], { place: 'exterior', camera: 'driver_monitor' }, 1],
  ])('do not leave %s', async (_, consents, change, imagery) => {
    expect(await take(consents, change, imagery)).toEqual({ images: [], removed: { 'image-cabin': 1 } });
  });
});
