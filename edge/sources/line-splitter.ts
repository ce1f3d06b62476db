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
  let parts: Uint8Array[] = [];
  let length = 0;
  let skipping = false;

  const finish = (): void => {
    if (skipping) onTooLong();
    else if (length > 0) onLine(Buffer.concat(parts, length).toString('utf8'));
    parts = [];
    length = 0;
    skipping = false;
  };

  const take = (part: Uint8Array): void => {
    if (skipping) return;
    length += part.length;
    if (length <= bytesMax) {
      parts.push(part);
      return;
    }
    parts = [];
    skipping = true;
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
