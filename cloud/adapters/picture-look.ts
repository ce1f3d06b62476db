import type { Box, Subject } from '../../proto/imagery/detector.ts';
import { type DetectorThreadSettings, detectorThread, type PixelsWithin } from '../../proto/imagery/detector-thread.ts';
import { ONNX } from '../../proto/imagery/onnx-model.ts';
import { type DetectorSettings, THREAD_FAULTS } from '../../proto/imagery/open-detector.ts';
import { CASCADE } from '../../proto/imagery/opencv-cascade.ts';
import type { Pixels } from '../../proto/imagery/picture-codec.ts';
import { fail, ok } from '../../proto/words/result.ts';
import type { PictureDetector } from '../ports/picture-detector.ts';

const START_MS_MAX = 30_000;

/** More are no answer: a picture of 1.2 megapixels has no room for them. */
const BOXES_MAX = 512;

/** What is found here accuses a vehicle, so that a chance hit costs more than where pictures are treated. */
const NEIGHBOURS = 5;

/**
 * The cloud's own look, by the programs that detect on vehicles and with settings, decoding and checks of its own (docs/adr/0135).
 * What a program needs is an optional peer; without it the answer is `detector-missing`.
 */
export function pictureLook(asked: DetectorSettings): PictureDetector {
  const { timeLimitMs } = asked;
  if (asked.kind === 'onnx') return threadLook({ program: ONNX, settings: { ...asked }, timeLimitMs });
  const settings = { file: asked.file, subject: asked.finds, neighbours: NEIGHBOURS };
  return threadLook({ program: CASCADE, settings, timeLimitMs });
}

/** Decoding and detecting in a thread of their own, which is ended when it takes too long. */
export function threadLook(
  parts: Pick<DetectorThreadSettings, 'program' | 'settings' | 'timeLimitMs'>,
): PictureDetector {
  const thread = detectorThread({ ...parts, pixelsWithin: DECODED, startMsMax: START_MS_MAX });
  return {
    look: async (picture) => {
      const answer = await thread.ask(picture);
      if (answer.kind !== 'boxes') return fail(THREAD_FAULTS[answer.kind]);
      if (areBoxes(answer.boxes)) return ok(answer.boxes);
      // What answers like this once is not asked about another picture.
      await thread.end();
      return fail('detector-failed');
    },
    close: thread.end,
  };
}

const SUBJECTS: readonly unknown[] = ['face', 'plate'] satisfies readonly Subject[];

/** An answer that is none may not pass for one without boxes. */
function areBoxes(boxes: unknown): boxes is readonly Box[] {
  return Array.isArray(boxes) && boxes.length <= BOXES_MAX && boxes.every(isBox);
}

function isBox(box: Readonly<Partial<Record<keyof Box, unknown>>> | null | undefined): boolean {
  return SUBJECTS.includes(box?.subject) && [box?.x, box?.y, box?.width, box?.height].every(Number.isFinite);
}

type Sharp = (
  input: Uint8Array,
  options?: object,
) => {
  removeAlpha(): ReturnType<Sharp>;
  toColourspace(name: string): ReturnType<Sharp>;
  jpeg(options: object): ReturnType<Sharp>;
  raw(): ReturnType<Sharp>;
  toBuffer(): Promise<Uint8Array>;
  toBuffer(options: {
    readonly resolveWithObject: true;
  }): Promise<{ readonly data: Uint8Array; readonly info: { readonly width: number; readonly height: number } }>;
};

/** Pixels are written as a JPEG first, so that a look at a drawn picture tries the whole way of a real one. */
const DECODED: PixelsWithin = (load) => {
  const sharp = load('sharp') as Sharp;
  return async (picture: Uint8Array | Pixels): Promise<Pixels> => {
    const file =
      'rgb' in picture
        ? await sharp(picture.rgb, { raw: { width: picture.width, height: picture.height, channels: 3 } })
            .jpeg({ quality: 90 })
            .toBuffer()
        : picture;
    const { data, info } = await sharp(file, { limitInputPixels: 16_777_216 })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (data.length !== info.width * info.height * 3) throw new Error('neither colour nor grey');
    return { width: info.width, height: info.height, rgb: data };
  };
};
