import type { TerminalFaultCode } from '../terminal-fault.ts';
import { FLAG, JT_ESCAPED_BYTES_MAX, type JtFrame, readBetweenFlags } from './frame.ts';

export interface JtStreamSink {
  readonly frame: (frame: JtFrame) => void;
  readonly fault: (code: TerminalFaultCode) => void;
}

/**
 * Frames out of a stream, whichever way TCP split or merged them. One flag may end a frame and begin the next. What stands
 * before the first flag, and a frame that outgrows `JT_ESCAPED_BYTES_MAX`, is passed over and counted once.
 */
export function createJtStream(sink: JtStreamSink): {
  readonly push: (segment: Buffer) => void;
  readonly held: () => number;
} {
  let segments: Buffer[] = [];
  let held = 0;
  let isInside = false;
  let isTold = false;

  const tell = (code: TerminalFaultCode): void => {
    if (!isTold) sink.fault(code);
    isTold = true;
  };
  const keep = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    if (!isInside) {
      tell('TERMINAL_START');
      return;
    }
    if (held + bytes.length > JT_ESCAPED_BYTES_MAX) {
      segments = [];
      held = 0;
      isInside = false;
      tell('TERMINAL_TOO_LONG');
      return;
    }
    segments.push(Buffer.from(bytes));
    held += bytes.length;
  };
  const finish = (): void => {
    isTold = false;
    if (held > 0) {
      const read = readBetweenFlags(Buffer.concat(segments));
      if (read.ok) sink.frame(read.value);
      else sink.fault(read.fault.code);
    }
    segments = [];
    held = 0;
    isInside = true;
  };

  return {
    push(segment) {
      let from = 0;
      for (;;) {
        const flag = segment.indexOf(FLAG, from);
        if (flag < 0) break;
        keep(segment.subarray(from, flag));
        finish();
        from = flag + 1;
      }
      keep(segment.subarray(from));
    },
    held: () => held,
  };
}
