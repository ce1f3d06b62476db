import type { Result } from '../words/result.ts';
import type { Pixels } from './picture-codec.ts';

/** What has to go from a picture. */
export type Subject = 'face' | 'plate';

/** A rectangle in the pixels it was given, from the upper left corner. */
export interface Box {
  readonly subject: Subject;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Detection {
  readonly boxes: readonly Box[];
  /** Of the code, and digest of the model. */
  readonly version: string;
}

export type DetectorFault = 'detector-missing' | 'detector-failed' | 'detector-slow';

/**
 * Finds faces and plates. It answers within a time limit of its own, and one that was too slow is ended; it never throws.
 * Whoever asks checks the answer: a detector may be wrong.
 */
export interface Detector {
  readonly name: string;
  /** What it looks for; what no detector looks for stays in the picture. */
  readonly finds: readonly Subject[];
  detect(pixels: Pixels): Promise<Result<Detection, DetectorFault>>;
  close(): Promise<void>;
}
