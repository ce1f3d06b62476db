/** Cuts a byte stream into lines, holding at most `bytesMax` of an unfinished one. */
export interface LineSplitter {
  readonly push: (chunk: Uint8Array) => void;
  /** Gives the last line when it ended without a line feed. */
  readonly end: () => void;
}

/**
 * @param onLine - a line without its line feed, UTF-8
 * @param onTooLong - once for each line longer than the limit; its bytes are skipped, not kept
 */
export function splitLines(bytesMax: number, onLine: (line: string) => void, onTooLong: () => void): LineSplitter {
  // One buffer that doubles, not a list of pieces: a writer that sends byte by byte would fill memory with pieces.
  let kept = Buffer.alloc(KEPT_BYTES_MIN);
  let length = 0;
  let skipping = false;

  const finish = (): void => {
    if (skipping) onTooLong();
    else if (length > 0) onLine(kept.toString('utf8', 0, length));
    if (kept.length > KEPT_BYTES_IDLE) kept = Buffer.alloc(KEPT_BYTES_MIN);
    length = 0;
    skipping = false;
  };

  const take = (part: Uint8Array): void => {
    if (skipping || length + part.length > bytesMax) {
      skipping = true;
      return;
    }
    if (length + part.length > kept.length) {
      const larger = Buffer.alloc(Math.min(bytesMax, Math.max(2 * kept.length, length + part.length)));
      kept.copy(larger, 0, 0, length);
      kept = larger;
    }
    kept.set(part, length);
    length += part.length;
  };

  return {
    push: (chunk) => {
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
        take(chunk.subarray(start, end));
        finish();
        start = end + 1;
      }
      if (start < chunk.length) take(chunk.subarray(start));
    },
    end: finish,
  };
}

const LINE_FEED = 0x0a;

const KEPT_BYTES_MIN = 4_096;

/** A buffer that grew past this for one line is given back after it. */
const KEPT_BYTES_IDLE = 65_536;
