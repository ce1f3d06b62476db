/** IFD tag that points to where a picture was taken (Exif 2.32, 4.6.3). */
const GPS_IFD = 0x8825;

/** Entries of a directory that are looked at. */
const ENTRIES_MAX = 512;

/**
 * Whether a picture says where it was taken: a GPS directory in Exif, wherever in the file that stands (JPEG, PNG, WebP, HEIC,
 * TIFF), or a GPS property in XMP.
 */
export function holdsPicturePosition(bytes: Uint8Array): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.includes('exif:GPSLatitude') || view.includes('GPSLongitude')) return true;
  for (const order of ['II*\0', 'MM\0*']) {
    for (let at = view.indexOf(order, 0, 'latin1'); at >= 0; at = view.indexOf(order, at + 1, 'latin1')) {
      if (hasGpsDirectory(view.subarray(at), order === 'II*\0')) return true;
    }
  }
  return false;
}

function hasGpsDirectory(tiff: Buffer, isLittle: boolean): boolean {
  const short = (at: number): number => {
    if (at + 2 > tiff.length) return 0;
    return isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  };
  if (tiff.length < 8) return false;
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  const entries = Math.min(short(directory), ENTRIES_MAX);
  for (let entry = 0; entry < entries; entry += 1) {
    if (short(directory + 2 + entry * 12) === GPS_IFD) return true;
  }
  return false;
}
