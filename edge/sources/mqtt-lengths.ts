/** Watches a stream of MQTT packets for one that is too long, before it is gathered. */
export interface LengthGuard {
  /** False from the first packet on that is longer than the limit, or has no length at all. */
  readonly push: (chunk: Uint8Array) => boolean;
}

/** A remaining length has at most four bytes (MQTT 3.1.1, 2.2.3). */
const LENGTH_BYTES_MAX = 4;

/** @param bytesMax - of a packet without its fixed header */
export function guardLengths(bytesMax: number): LengthGuard {
  /** What is being read: the type of a packet, its length, or what follows. */
  let part: 'type' | 'length' | 'rest' = 'type';
  let length = 0;
  let lengthBytes = 0;
  let isBroken = false;

  const takeLength = (byte: number): void => {
    length += (byte & 0x7f) * 128 ** lengthBytes;
    lengthBytes += 1;
    if (byte >= 0x80) {
      isBroken = lengthBytes === LENGTH_BYTES_MAX;
      return;
    }
    isBroken = length > bytesMax;
    part = length === 0 ? 'type' : 'rest';
  };

  return {
    push: (chunk) => {
      for (let at = 0; at < chunk.length && !isBroken; ) {
        if (part === 'rest') {
          const step = Math.min(length, chunk.length - at);
          length -= step;
          at += step;
          if (length === 0) part = 'type';
          continue;
        }
        if (part === 'length') takeLength(chunk[at] ?? 0);
        else {
          part = 'length';
          length = 0;
          lengthBytes = 0;
        }
        at += 1;
      }
      return !isBroken;
    },
  };
}
