import type { Readable } from 'node:stream';

/**
 * Watches the MQTT packet lengths of a connection before the parser does, and tells as soon as a header announces a
 * packet larger than the limit: the parser would otherwise gather up to 256 MB for whoever announces them.
 *
 * @param stream - the connection; its `read` is wrapped, so call this before anybody reads
 * @param bytesMax - largest remaining length of a packet (MQTT 3.1.1 section 2.2.3)
 * @param onTooLarge - called once; nothing more is given to the reader after it
 */
export function guardPackets(stream: Readable, bytesMax: number, onTooLarge: () => void): void {
  const scan = packetScanner(bytesMax);
  const read = stream.read.bind(stream) as (size?: number) => Buffer | null;
  let isCut = false;
  stream.read = (size?: number): Buffer | null => {
    if (isCut) return null;
    const chunk = read(size);
    if (chunk === null || scan(chunk)) return chunk;
    isCut = true;
    onTooLarge();
    return null;
  };
}

/** Gives true as long as every packet announced so far is within the limit. */
export function packetScanner(bytesMax: number): (chunk: Uint8Array) => boolean {
  let skip = 0;
  let isInLength = false;
  let length = 0;
  let shift = 0;
  return (chunk) => {
    let offset = 0;
    while (offset < chunk.length) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - offset);
        skip -= step;
        offset += step;
        continue;
      }
      const byte = chunk[offset] ?? 0;
      offset += 1;
      if (!isInLength) {
        isInLength = true;
        length = 0;
        shift = 0;
        continue;
      }
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (length > bytesMax || shift > LENGTH_BITS_MAX) return false;
      if (byte < 0x80) {
        isInLength = false;
        skip = length;
      }
    }
    return true;
  };
}

/** Four bytes of seven bits. */
const LENGTH_BITS_MAX = 28;
