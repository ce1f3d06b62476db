import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pictureLook, threadLook } from '../../../../cloud/adapters/picture-look.ts';
import { isOnFace, knownFace, knownNothing } from '../../../../cloud/ingest/known-picture.ts';
import { createPictureSample } from '../../../../cloud/ingest/picture-sample.ts';
import type { PictureDetector } from '../../../../cloud/ports/picture-detector.ts';
import { redactedFrame } from '../../../support/cloud/redacted.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { modelFinding } from '../../../support/imagery/made-model.ts';
import { FACE_CASCADE } from '../../../support/imagery/shared-pictures.ts';

const has = (name: string): boolean => existsSync(join(process.cwd(), 'node_modules', name));

function closing<Detector extends PictureDetector>(detector: Detector): Detector {
  onTestFinished(() => detector.close());
  return detector;
}

const testOf = (detector: PictureDetector) =>
  createPictureSample({ detectors: [{ detector, knownPicture: undefined }], samplingRate: 1, key: Buffer.alloc(32) });

describe.skipIf(!existsSync(FACE_CASCADE) || !has('@techstark/opencv-js'))(
  'a cascade (needs opencv-data and @techstark/opencv-js)',
  () => {
    test('passes the self-test, and sees the face in a picture file', { timeout: 60_000 }, async () => {
      const detector = closing(
        pictureLook({ kind: 'opencv-cascade', file: FACE_CASCADE, finds: 'face', timeLimitMs: 30_000 }),
      );
      expect(await testOf(detector).testDetectors()).toBe('passed');
      const seen = await detector.look((await redactedFrame(knownFace())).data);
      expect(seen.ok && isOnFace(seen.value)).toBe(true);
      expect(await detector.look((await redactedFrame(knownNothing())).data)).toEqual({ ok: true, value: [] });
    });
  },
);

describe.skipIf(!has('onnxruntime-node'))('a model (needs onnxruntime-node)', () => {
  /** The lightest spot of the drawn face is lighter than its ground: a model that answers to brightness sees it. */
  function model(scoreMin: number): PictureDetector {
    const file = join(scratchDirectory(), 'model.onnx');
    writeFileSync(file, modelFinding([24, 14, 44, 34, 0], 64));
    const size = { inputWidth: 64, inputHeight: 64, scoreMin, timeLimitMs: 20_000 };
    return closing(pictureLook({ kind: 'onnx', file, classes: ['face'], ...size }));
  }

  test('is asked as one on the vehicle is, and passes the self-test', async () => {
    const seen = await model(0.8).look(knownFace());
    expect(seen.ok && seen.value.map(({ x, width }) => [x, width])).toEqual([[120, 100]]);
    expect(await testOf(model(0.8)).testDetectors()).toBe('passed');
  });

  test('that is deaf or sees everything is found out', async () => {
    expect(await testOf(model(1)).testDetectors()).toBe('missed-the-face');
    expect(await testOf(model(0.1)).testDetectors()).toBe('saw-what-is-not-there');
  });
});

describe('a thread', () => {
  const thread = (program: Parameters<typeof threadLook>[0]['program'], timeLimitMs = 5_000) =>
    closing(threadLook({ program, settings: {}, timeLimitMs }));
  const codeOf = async (detector: PictureDetector) => {
    const seen = await detector.look(knownNothing());
    return seen.ok ? seen.value : seen.fault;
  };

  test('whose package or file is missing answers nothing, and is not an answer without boxes', async () => {
    expect(await codeOf(thread(({ load }) => void load('no-such-package')))).toBe('detector-missing');
    expect(
      await codeOf(
        closing(pictureLook({ kind: 'opencv-cascade', file: '/nowhere', finds: 'face', timeLimitMs: 1_000 })),
      ),
    ).toBe('detector-missing');
  });

  test('that hangs is ended, and the next picture is looked at anew', async () => {
    const detector = thread(({ ready }) => {
      ready('1', ({ width }) => {
        for (let turns = 0; width > 0; turns += 1) if (turns < 0) return [];
        return [];
      });
    }, 300);
    expect([await codeOf(detector), await codeOf(detector)]).toEqual(['detector-slow', 'detector-slow']);
  });

  test('that throws, or answers what are no boxes, has failed', async () => {
    const throwing = thread(({ ready }) => {
      ready('1', () => {
        throw new Error('broken');
      });
    });
    expect(await codeOf(throwing)).toBe('detector-failed');
    expect(
      await codeOf(thread(({ ready }) => ready('1', () => [{ subject: 'cat', x: 0, y: 0, width: 1, height: 1 }]))),
    ).toBe('detector-failed');
    expect(await codeOf(thread(({ ready }) => ready('1', () => [{ subject: 'face' }])))).toBe('detector-failed');
  });

  test('a file that is no picture fails, and is not clean', async () => {
    const seen = await thread(({ ready }) => ready('1', () => [])).look(Buffer.from('no picture'));
    expect(seen).toEqual({ ok: false, fault: 'detector-failed' });
  });
});
