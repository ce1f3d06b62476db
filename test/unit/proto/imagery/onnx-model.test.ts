import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Detector } from '../../../../proto/imagery/detector.ts';
import { openDetector } from '../../../../proto/imagery/open-detector.ts';
import type { Pixels } from '../../../../proto/imagery/picture-codec.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';
import { modelFinding } from '../../../support/imagery/made-model.ts';

const hasRuntime = existsSync(join(process.cwd(), 'node_modules/onnxruntime-node'));
const opened: Detector[] = [];
afterAll(() => Promise.all(opened.map((one) => one.close())));

const plain = (width: number, height: number, level: number): Pixels => ({
  ...{ width, height },
  rgb: new Uint8Array(width * height * 3).fill(level),
});

function detectorOf(model: Uint8Array | undefined, scoreMin = 0.5): Detector {
  const file = join(tempDirectory(), 'model.onnx');
  if (model !== undefined) writeFileSync(file, model);
  const detector = openDetector({
    kind: 'onnx',
    file,
    classes: ['face', 'plate'],
    inputWidth: 64,
    inputHeight: 64,
    scoreMin,
    timeLimitMs: 10_000,
  });
  opened.push(detector);
  return detector;
}

describe.runIf(hasRuntime)("a model of the operator's (needs onnxruntime-node)", () => {
  test('is asked with the picture scaled into its input, and its boxes are scaled back', async () => {
    const detector = detectorOf(modelFinding([8, 4, 24, 12, 1], 64));
    // 256 px across become 64: a box of the input is four times as large in the picture.
    const found = await detector.detect(plain(256, 128, 255));
    if (!found.ok) throw new Error(found.fault);
    expect(found.value.boxes).toEqual([{ subject: 'plate', x: 32, y: 16, width: 64, height: 32 }]);
    expect(found.value.version).toMatch(/^1\.30\.0\/[0-9a-f]{12}$/);
    const dark = await detector.detect(plain(64, 64, 0));
    expect(dark.ok && dark.value.boxes).toEqual([]);
  });

  test('gives no box below the least score, and none of a class without a name', async () => {
    const dim = await detectorOf(modelFinding([8, 4, 24, 12, 0], 64), 0.9).detect(plain(64, 64, 128));
    expect(dim.ok && dim.value.boxes).toEqual([]);
    const other = await detectorOf(modelFinding([8, 4, 24, 12, 2], 64)).detect(plain(64, 64, 255));
    expect(other.ok && other.value.boxes).toEqual([]);
  });

  test('that takes another size of input has failed', async () => {
    expect(await detectorOf(modelFinding([8, 4, 24, 12, 1], 32)).detect(plain(64, 64, 255))).toEqual({
      ok: false,
      fault: 'detector-failed',
    });
  });
});

describe('what cannot be loaded is missing', () => {
  test.each([
    ['a file that is no model', Buffer.from('no model')],
    ['no file', undefined],
  ])('%s', async (_, model) => {
    expect(await detectorOf(model).detect(plain(64, 64, 255))).toEqual({ ok: false, fault: 'detector-missing' });
  });

  test('a cascade without its file', async () => {
    const file = join(tempDirectory(), 'none.xml');
    const detector = openDetector({ kind: 'opencv-cascade', file, finds: 'face', timeLimitMs: 10_000 });
    opened.push(detector);
    expect([detector.name, detector.finds]).toEqual(['opencv-cascade', ['face']]);
    expect(await detector.detect(plain(64, 64, 255))).toEqual({ ok: false, fault: 'detector-missing' });
  });
});
