/** Size of a picture, pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads the structure of a JPEG (ISO/IEC 10918-1) and takes it only if nothing but the picture stands in it: no EXIF, GPS,
 * colour profile, XMP, JFIF head, comment, thumbnail or second picture, and not a byte after its end. What is between the segments'
 * heads is not decoded.
 *
 * @returns undefined for everything else; it never throws
 */
export function readCleanJpeg(bytes: Uint8Array): PictureSize | undefined {
  if (bytes[0] !== MARK || bytes[1] !== SOI) return undefined;
  let at = 2;
  let size: PictureSize | undefined;
  let scans = 0;
  for (;;) {
    const marker = bytes[at + 1];
    if (bytes[at] !== MARK || marker === undefined) return undefined;
    if (marker === EOI) return at + 2 === bytes.length && scans > 0 ? size : undefined;
    const body = segmentAt(bytes, at);
    if (body === undefined || !isAllowed(marker, body)) return undefined;
    at += 4 + body.length;
    if (marker === SOF0 || marker === SOF2) {
      if (size !== undefined) return undefined;
      size = sizeOf(body);
      if (size === undefined) return undefined;
    }
    if (marker !== SOS) continue;
    scans += 1;
    if (size === undefined || scans > SCANS_MAX) return undefined;
    at = afterScan(bytes, at);
  }
}

/** A progressive picture has a scan for each step; encoders write ten. */
const SCANS_MAX = 64;

const MARK = 0xff;
const [SOF0, SOF2, DHT, SOI, EOI, SOS, DQT, DRI] = [0xc0, 0xc2, 0xc4, 0xd8, 0xd9, 0xda, 0xdb, 0xdd];

/** What follows marker and length. */
function segmentAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  const end = at + 2 + length;
  return length < 2 || end > bytes.length ? undefined : bytes.subarray(at + 4, end);
}

/** Each kind of segment has a length that follows from what it holds, so that nothing can ride along. */
function isAllowed(marker: number, body: Uint8Array): boolean {
  switch (marker) {
    case DQT:
      return isTables(body, (head) => (head >> 4 === 0 ? 65 : 129));
    case DHT:
      return isTables(body, (_, at) => 17 + sumOf(body.subarray(at + 1, at + 17)));
    case SOF0:
    case SOF2:
      return body[0] === 8 && (body[5] === 1 || body[5] === 3) && body.length === 6 + 3 * body[5];
    case SOS:
      return body.length === 4 + 2 * (body[0] ?? 0);
    case DRI:
      return body.length === 2;
    default:
      return false;
  }
}

function isTables(body: Uint8Array, lengthOf: (head: number, at: number) => number): boolean {
  let at = 0;
  while (at < body.length) at += lengthOf(body[at] ?? 0, at);
  return at === body.length && at > 0;
}

const sumOf = (counts: Uint8Array): number => counts.reduce((sum, count) => sum + count, 0);

function sizeOf(body: Uint8Array): PictureSize | undefined {
  const height = ((body[1] ?? 0) << 8) | (body[2] ?? 0);
  const width = ((body[3] ?? 0) << 8) | (body[4] ?? 0);
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** Where the next marker is; within a scan only stuffed zeros and restarts follow 0xff. */
function afterScan(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== MARK) continue;
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}
