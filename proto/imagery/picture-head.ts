/** Size that the head of a picture file claims, pixels. */
export interface PictureHead {
  readonly format: 'jpeg' | 'png';
  readonly width: number;
  readonly height: number;
}

/** A picture is not decoded past these: 8 bytes can ask for gigabytes. */
export const RAW_EDGE_PX_MAX = 8_192;
export const RAW_PIXELS_MAX = 16_777_216;

/**
 * Reads only as much of a file as tells its kind and size.
 *
 * @returns undefined for everything but a JPEG or PNG within the limits; it never throws
 */
export function readPictureHead(bytes: Uint8Array): PictureHead | undefined {
  const head = bytes[0] === 0xff ? jpegHead(bytes) : pngHead(bytes);
  if (head === undefined || head.width < 1 || head.height < 1) return undefined;
  const isWithin = head.width <= RAW_EDGE_PX_MAX && head.height <= RAW_EDGE_PX_MAX;
  return isWithin && head.width * head.height <= RAW_PIXELS_MAX ? head : undefined;
}

/** Signature, and the first chunk, which has to be IHDR (PNG 5.2, 11.2.1). */
const PNG_START = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52] as const;

function pngHead(bytes: Uint8Array): PictureHead | undefined {
  if (bytes.length < PNG_START.length + 8 || !PNG_START.every((byte, index) => bytes[index] === byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { format: 'png', width: view.getUint32(PNG_START.length), height: view.getUint32(PNG_START.length + 4) };
}

/** Goes from segment to segment to the first frame header (ISO/IEC 10918-1, B.2.2). */
function jpegHead(bytes: Uint8Array): PictureHead | undefined {
  if (bytes[1] !== 0xd8) return undefined;
  let at = 2;
  for (let segments = 0; segments < SEGMENTS_MAX; segments += 1) {
    if (bytes[at] !== 0xff || at + 9 > bytes.length) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (isFrameHeader(marker)) return { format: 'jpeg', width: wordAt(bytes, at + 7), height: wordAt(bytes, at + 5) };
    at += 2 + wordAt(bytes, at + 2);
  }
  return undefined;
}

/** A camera writes twenty or so; a colour profile or XMP is cut into a few more. */
const SEGMENTS_MAX = 512;

const wordAt = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** SOF0 to SOF15 without DHT, JPG and DAC, which lie between them. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
