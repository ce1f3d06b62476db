/** A seeded sequence of numbers below a bound (xorshift32), so that a run can be made again. */
export function seeded(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** One of five ways to spoil a frame: a bit, a byte, a cut, more bytes in the middle, or a wrong length. */
export function mutated(frame: Buffer, draw: (below: number) => number): Buffer {
  const way = draw(5);
  const at = draw(frame.length);
  if (way === 2) return frame.subarray(0, at);
  if (way === 3) return Buffer.concat([frame.subarray(0, at), Buffer.from([draw(256), draw(256)]), frame.subarray(at)]);
  const bytes = Buffer.from(frame);
  if (way === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(8));
  else if (way === 1) bytes[at] = draw(256);
  else bytes[Math.min(23, frame.length - 1)] = draw(256);
  return bytes;
}
