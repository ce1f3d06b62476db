/** Largest picture a source takes, bytes: a 1920 x 1080 JPEG has a quarter of it. */
export const IMAGE_BYTES_MAX = 2_000_000;

/** The file format that the first bytes name; undefined for everything that is neither JPEG nor PNG. */
export function imageFormatOf(bytes: Uint8Array): 'jpeg' | 'png' | undefined {
  if (startsWith(bytes, JPEG_START)) return 'jpeg';
  return startsWith(bytes, PNG_START) ? 'png' : undefined;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);
}

/** ISO/IEC 10918-1: start of image, and the lead of the marker that follows. */
const JPEG_START = [0xff, 0xd8, 0xff];

/** PNG (W3C, third edition) 5.2. */
const PNG_START = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
