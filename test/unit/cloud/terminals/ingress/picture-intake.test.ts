import { expect, test } from 'vitest';
import {
  createPictureIntake,
  PICTURE_BYTES_WAITING_MAX,
  PICTURES_WAITING_MAX,
  type TerminalImagery,
} from '../../../../../cloud/terminals/ingress/picture-intake.ts';
import { fail } from '../../../../../proto/words/result.ts';
import type { Instant } from '../../../../../proto/words/time.ts';

const MOSAIC: TerminalImagery = { treatment: 'mosaic', intervalMs: 10_000, exterior: new Map([[1, 1]]) };
const pictureOf = (seconds: number, { channel = 1, terminal = 1, bytes = 9 } = {}) => ({
  ...{ terminal, channel, at: (seconds * 1_000) as Instant },
  bytes: new Uint8Array(bytes),
});

test('no more wait than the limits say, one is treated at a time, and room is given back', async () => {
  let running = 0;
  const finish: (() => void)[] = [];
  const intake = createPictureIntake(MOSAIC, async () => {
    running += 1;
    await new Promise<void>((resolve) => finish.push(resolve));
    running -= 1;
    return fail('image-unreadable');
  });
  const taken = Array.from({ length: PICTURES_WAITING_MAX }, (_, index) => intake.take(pictureOf(100 * index)));
  expect(intake.take(pictureOf(99_999))).toBeUndefined();
  for (const one of taken) {
    await expect.poll(() => finish.length).toBe(1);
    expect(running).toBe(1);
    finish.pop()?.();
    expect(await one).toEqual(fail('image-unreadable'));
  }
  expect(intake.take(pictureOf(999_999, { bytes: PICTURE_BYTES_WAITING_MAX + 1 }))).toBeUndefined();
  expect(intake.take(pictureOf(99_999))).toBeDefined();
});

test('a treatment that throws costs the picture and not the ones after it', async () => {
  const intake = createPictureIntake(MOSAIC, () => {
    throw new Error('broken');
  });
  expect(await intake.take(pictureOf(1))).toEqual(fail('image-unreadable'));
  expect(await intake.take(pictureOf(100))).toEqual(fail('image-unreadable'));
});

test('whatever order pictures come in, two of one camera lie an interval apart, and other cameras are their own', async () => {
  const intake = createPictureIntake(MOSAIC, async () => fail('image-unreadable'));
  const causeOf = async (seconds: number, more = {}) => {
    const taken = await intake.take(pictureOf(seconds, more));
    return taken?.ok === false ? taken.fault : 'kept';
  };
  const took = 'image-unreadable';
  expect(await causeOf(100)).toBe(took);
  expect(await causeOf(109)).toBe('sensor-interval');
  expect(await causeOf(91)).toBe('sensor-interval');
  expect(await causeOf(100, { bytes: 8 })).toBe('sensor-interval');
  expect(await causeOf(100)).toBe(took);
  expect(await causeOf(90)).toBe(took);
  expect(await causeOf(100, { terminal: 2 })).toBe(took);
  expect(await causeOf(300, { channel: 2 })).toBe('image-cabin');
});
