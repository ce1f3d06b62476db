const NEWLINE = 0x0a;

/**
 * Cuts what goes beyond `bytesMax` off each line and passes everything else on, so that a file without line ends (or full
 * of zeros after a power cut) cannot fill the memory. A cut line still counts as one line; its parser will refuse it.
 */
export async function* boundLines(
  chunks: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Uint8Array, void> {
  let lineBytes = 0;
  for await (const chunk of chunks) {
    let passedTo = 0;
    for (let from = 0; from < chunk.length; ) {
      const newline = chunk.indexOf(NEWLINE, from);
      const until = newline < 0 ? chunk.length : newline;
      const keptTo = from + Math.min(until - from, Math.max(0, bytesMax - lineBytes));
      if (keptTo < until) {
        yield chunk.subarray(passedTo, keptTo);
        passedTo = until;
      }
      lineBytes = newline < 0 ? lineBytes + until - from : 0;
      from = until + 1;
    }
    if (passedTo < chunk.length) yield chunk.subarray(passedTo);
  }
}
