/** Cuts a byte stream into records, each behind its length: u32, big endian. */
export interface RecordSplitter {
  /** False once the stream is broken; nothing of it is read from then on. */
  readonly push: (chunk: Uint8Array) => boolean;
  /** Whether a record has begun and is not whole. */
  readonly isWithinRecord: () => boolean;
}

const LENGTH_BYTES = 4;

/**
 * @param bytesMax - of a record; memory for one is taken when its length is read, so this is what a writer can claim
 * @param onRecord - each record, in memory of its own
 */
export function splitRecords(bytesMax: number, onRecord: (record: Uint8Array) => void): RecordSplitter {
  const prefix = Buffer.alloc(LENGTH_BYTES);
  let prefixLength = 0;
  let record: Buffer | undefined;
  let length = 0;
  let isBroken = false;

  const takePrefix = (chunk: Uint8Array): number => {
    const part = chunk.subarray(0, LENGTH_BYTES - prefixLength);
    prefix.set(part, prefixLength);
    prefixLength += part.length;
    if (prefixLength < LENGTH_BYTES) return part.length;
    const announced = prefix.readUInt32BE(0);
    isBroken = announced === 0 || announced > bytesMax;
    if (!isBroken) record = Buffer.alloc(announced);
    return part.length;
  };

  const takeRecord = (into: Buffer, chunk: Uint8Array): number => {
    const part = chunk.subarray(0, into.length - length);
    into.set(part, length);
    length += part.length;
    if (length === into.length) {
      record = undefined;
      length = 0;
      prefixLength = 0;
      onRecord(into);
    }
    return part.length;
  };

  return {
    push: (chunk) => {
      for (let at = 0; at < chunk.length && !isBroken; ) {
        const rest = chunk.subarray(at);
        at += record === undefined ? takePrefix(rest) : takeRecord(record, rest);
      }
      return !isBroken;
    },
    isWithinRecord: () => prefixLength > 0 && !isBroken,
  };
}
