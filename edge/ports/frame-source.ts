import type { Fault } from '../../proto/words/fault.ts';
import type { RawFrame } from '../../proto/words/raw-frame.ts';

/** Raw frames in, from a TCU or from something that stands for one. */
export interface FrameSource {
  close(): Promise<void>;
}

/** Why a source kept something back that was no frame yet; told like every removal, as a count by cause. */
export type SourceRemoval = 'signal-not-mapped' | 'signal-invalid' | 'signal-aggregated' | 'source-repeated';

export interface FrameSourceEvents {
  readonly onFrame: (frame: RawFrame) => void;
  /** Something that is no frame. Nothing of it is kept, so nothing of it is passed on. */
  readonly onMalformed: () => void;
  readonly onRemoved: (cause: SourceRemoval, count: number) => void;
  /** The source has run into something that an operator has to know. It goes on, or ends, as the fault says. */
  readonly onFault: (fault: Fault) => void;
  /** No more frames will come; only sources with an end say so, and each of them once. */
  readonly onEnd: () => void;
}
