import { parseVin } from '../../proto/words/vin.ts';
import { holdsCoordinates, type Leak } from './leaks.ts';

/**
 * What a person would read in a file, however it was written: full-width digits as digits, without what cannot be seen, and of a file
 * that is no UTF text, as sources and logs in GB 18030 are none, what stands in it in ASCII, two bytes a character as one.
 *
 * @param text - where the file is text
 * @returns empty for a PDF, whose drawing is made of numbers
 */
export function plainText(bytes: Uint8Array, text: string | undefined): string {
  if (text !== undefined) return text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '');
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.subarray(0, 5).toString('latin1') === '%PDF-' ? '' : view.toString('latin1').replaceAll('\0', '');
}

/** What must not leave and is written otherwise than in a parcel: sentences of a receiver, degrees in whole numbers, a VIN in small letters. */
export function textLeak(text: string): Leak | undefined {
  if (holdsVinOfAnyCase(text)) return 'vin';
  return holdsCoordinates(text) || SENTENCE.test(text) || holdsWholeDegrees(text) ? 'coordinates' : undefined;
}

/** A VIN ends in four digits (GB 16735), which words of 17 letters do not. */
function holdsVinOfAnyCase(text: string): boolean {
  for (const [run] of text.matchAll(/(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{13}\d{4}(?![A-Za-z0-9])/gi)) {
    if (parseVin(run.toUpperCase()).ok) return true;
  }
  return false;
}

/** Latitude and longitude as degrees and minutes without a sign between, with their hemispheres (NMEA 0183). */
const SENTENCE = /\b[0-8]\d[0-5]\d\.\d{2,8},[NS],[01]\d\d[0-5]\d\.\d{2,8},[EW]\b/;

/** A latitude and a longitude by name, in millionths or ten-millionths of a degree, as protocols of vehicles carry them. */
function holdsWholeDegrees(text: string): boolean {
  for (const found of text.matchAll(
    /lat(?:itude)?(?:[_-]?(?:micro|e[67]|u?deg)[a-z]*)?["']?\s{0,4}[:=]\s{0,4}["']?(\d{7,9})(?!\d)/gi,
  )) {
    const around = text.slice(Math.max(0, found.index - AROUND), found.index + found[0].length + AROUND);
    const longitude =
      /(?:lon|lng|longitude)(?:[_-]?(?:micro|e[67]|u?deg)[a-z]*)?["']?\s{0,4}[:=]\s{0,4}["']?(\d{8,10})(?!\d)/i;
    const other = longitude.exec(around)?.[1];
    if (other === undefined) continue;
    if ([1e6, 1e7].some((unit) => isIn(Number(found[1]) / unit, 3, 55) && isIn(Number(other) / unit, 73, 136)))
      return true;
  }
  return false;
}

/** Characters between the two. */
const AROUND = 96;

const isIn = (value: number, least: number, most: number): boolean => value >= least && value <= most;
