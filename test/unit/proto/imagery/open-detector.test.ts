import { afterAll, describe, expect, test } from 'vitest';
import { type DetectorProgram, FAILED_STARTS_MAX } from '../../../../proto/imagery/detector-thread.ts';
import { threadDetector } from '../../../../proto/imagery/open-detector.ts';
import { noise } from '../../../support/imagery/made-pictures.ts';

const pixels = noise(16, 16, 1);
const open: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(open.map((one) => one.close())));

function detectorOf(program: DetectorProgram, timeLimitMs = 20_000, settings = {}) {
  const detector = threadDetector({ name: 'made', finds: ['face'], program, settings, timeLimitMs });
  open.push(detector);
  return detector;
}

const works: DetectorProgram = ({ ready, settings }) => {
  ready('1/made', ({ width }) => [{ subject: settings['subject'], x: 0, y: 0, width, height: 1 }]);
};

describe('a detector in a thread', () => {
  test('answers, picture after picture, with its version', async () => {
    const detector = detectorOf(works, 20_000, { subject: 'face' });
    for (let turn = 0; turn < 3; turn += 1) {
      const boxes = [{ subject: 'face', x: 0, y: 0, width: 16, height: 1 }];
      expect(await detector.detect(pixels)).toEqual({ ok: true, value: { version: '1/made', boxes } });
    }
  });

  test('that is asked about two pictures at once answers each for itself', async () => {
    const detector = detectorOf(works, 20_000, { subject: 'face' });
    await detector.detect(pixels);
    const asked = [16, 8].map((width) => detector.detect(noise(width, 16, 1)));
    const widths = (await Promise.all(asked)).map((found) => found.ok && found.value.boxes.map(({ width }) => width));
    expect(widths).toEqual([[16], [8]]);
  });

  test('that never answers is ended, and started anew for the next picture', async () => {
    const detector = detectorOf(({ ready }) => {
      ready('1', () => {
        for (;;);
      });
    }, 100);
    for (let turn = 0; turn < 2; turn += 1)
      expect(await detector.detect(pixels)).toEqual({ ok: false, fault: 'detector-slow' });
  });

  test.each<readonly [string, DetectorProgram]>([
    [
      'throws',
      ({ ready }) =>
        ready('1', () => {
          throw new Error('a bug');
        }),
    ],
    ['rejects', ({ ready }) => ready('1', () => Promise.reject(new Error('a bug')))],
    ['answers what cannot be copied', ({ ready }) => ready('1', () => () => 1)],
    ['ends its thread', ({ ready, load }) => ready('1', () => (load('node:process') as { exit(): void }).exit())],
    [
      'throws later',
      ({ ready }) =>
        ready(
          '1',
          () =>
            new Promise(() => {
              setTimeout(() => {
                throw new Error('a bug');
              });
            }),
        ),
    ],
  ])('that %s has failed', async (_, program) => {
    expect(await detectorOf(program).detect(pixels)).toEqual({ ok: false, fault: 'detector-failed' });
  });

  test.each<readonly [string, DetectorProgram]>([
    ['whose package is not there', ({ load }) => void load('no-such-package-of-ours')],
    [
      'whose program throws',
      () => {
        throw new Error('a bug');
      },
    ],
  ])('%s is missing, and is not looked for for ever', async (_, program) => {
    const detector = detectorOf(program);
    for (let turn = 0; turn <= FAILED_STARTS_MAX; turn += 1)
      expect(await detector.detect(pixels)).toEqual({ ok: false, fault: 'detector-missing' });
  });
});
