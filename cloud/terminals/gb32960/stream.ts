import type { TerminalFaultCode } from '../terminal-fault.ts';
import { canStart, frameAt, GB_FRAME_BYTES_MAX, GB_HEADER_BYTES, type GbFrame, gbFrameLength } from './frame.ts';

/** What came out of a stream of segments. */
export interface StreamSink {
  readonly frame: (frame: GbFrame) => void;
  readonly fault: (code: TerminalFaultCode) => void;
}

export interface FrameStream {
  /** Takes a segment of any size, and hands out each frame it completes. */
  readonly push: (segment: Buffer) => void;
  /** Bytes of a frame that is not whole. */
  readonly held: () => number;
}

/**
 * Frames out of a stream, whichever way TCP split or merged them. What begins no frame is passed over up to the next
 * place where one may begin, and counted once. It holds less than one frame: `GB_FRAME_BYTES_MAX`.
 */
export function createGbStream(sink: StreamSink): FrameStream {
  let segments: Buffer[] = [];
  let held = 0;
  let wanted = 1;
  let isLost = false;
  const once: StreamSink = {
    frame(frame) {
      isLost = false;
      sink.frame(frame);
    },
    fault(code) {
      if (!isLost) sink.fault(code);
      isLost = true;
    },
  };
  return {
    push(segment) {
      segments.push(segment);
      held += segment.length;
      // Put together only when there is enough: a frame that comes byte by byte is not copied at each of them.
      if (held < wanted) return;
      const bytes = segments.length === 1 ? segment : Buffer.concat(segments);
      const at = drain(bytes, once);
      // A copy: what is held must not keep a large segment alive.
      segments = at === bytes.length ? [] : [Buffer.from(bytes.subarray(at))];
      held = bytes.length - at;
      wanted = held === 0 ? 1 : wantedAt(bytes, at);
    },
    held: () => held,
  };
}

/** How many bytes have to be there before it is worth another look. */
function wantedAt(bytes: Buffer, at: number): number {
  const length = gbFrameLength(bytes, at);
  return length.ok ? (length.value ?? GB_HEADER_BYTES) : 1;
}

/** @returns where the first frame begins that is not whole */
function drain(bytes: Buffer, { frame, fault }: StreamSink): number {
  let at = 0;
  while (at < bytes.length) {
    const length = gbFrameLength(bytes, at);
    if (!length.ok) {
      fault(length.fault.code);
      at = nextStart(bytes, at + 1);
      continue;
    }
    if (length.value === undefined || bytes.length - at < length.value) break;
    frame(frameAt(bytes, at, length.value));
    at += length.value;
  }
  return at;
}

function nextStart(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && !canStart(bytes, at)) at += 1;
  return at;
}

/** What a connection holds at most between two segments. */
export const HELD_BYTES_MAX = GB_FRAME_BYTES_MAX;
