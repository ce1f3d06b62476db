import type { RawFrame } from '../../proto/words/raw-frame.ts';

/** Raw frames in, from a TCU or from something that stands for one. */
export interface FrameSource {
  close(): Promise<void>;
}

export interface FrameSourceEvents {
  readonly onFrame: (frame: RawFrame) => void;
  /** A line that is no frame. Nothing of it is kept, so nothing of it is passed on. */
  readonly onMalformed: () => void;
  /** No more frames will come; only sources with an end say so. */
  readonly onEnd: () => void;
}
