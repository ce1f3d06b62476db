import type { FrameSourceEvents, SourceRemoval } from '../../../edge/ports/frame-source.ts';
import type { Fault } from '../../../proto/words/fault.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';

export interface SeenOfSource {
  readonly frames: RawFrame[];
  readonly faults: Fault[];
  readonly removed: Partial<Record<SourceRemoval, number>>;
  malformed: number;
  ended: number;
}

/** Takes the place of the agent behind a source, and writes down what comes. */
export function recordSource(): { readonly seen: SeenOfSource; readonly events: FrameSourceEvents } {
  const seen: SeenOfSource = { frames: [], faults: [], removed: {}, malformed: 0, ended: 0 };
  const events: FrameSourceEvents = {
    onFrame: (frame) => void seen.frames.push(frame),
    onFault: (fault) => void seen.faults.push(fault),
    onRemoved: (cause, count) => {
      seen.removed[cause] = (seen.removed[cause] ?? 0) + count;
    },
    onMalformed: () => {
      seen.malformed += 1;
    },
    onEnd: () => {
      seen.ended += 1;
    },
  };
  return { seen, events };
}
