import type { Result } from '../../proto/words/result.ts';

export type PictureSubject = 'face' | 'plate';

/** A rectangle in pixels of the picture, from the upper left corner. */
export interface SeenBox {
  readonly subject: PictureSubject;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Red, green, blue, 0 to 255, row by row. */
export interface PlainPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Why there is no answer. None of them means that nothing was found. */
export type LookFault = 'detector-missing' | 'detector-failed' | 'detector-slow';

/**
 * The cloud's own look for faces and plates in pictures that a vehicle redacted. It answers within a time limit of its own and
 * never throws.
 */
export interface PictureDetector {
  /** @param picture - a picture file as it came, or pixels */
  look(picture: Uint8Array | PlainPicture): Promise<Result<readonly SeenBox[], LookFault>>;
  close(): Promise<void>;
}
