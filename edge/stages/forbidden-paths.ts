import { parseVssPath } from '../../proto/words/vss-path.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';

/**
 * Whether a signal names the vehicle or says where it is. Such a path never leaves, whatever a policy bundle allows; the
 * cloud takes its arrival for a lie (`forbidden` in cloud/catalogue/catalogue.table.ts).
 *
 * Words are compared, not whole paths, so that an overlay's `Vehicle.Vendor.GpsLatitude` is found too.
 */
export function neverLeaves(path: string): boolean {
  if (path.startsWith('Vehicle.CurrentLocation.')) return true;
  return path.split(WORD_EDGE).some((word) => FORBIDDEN_WORDS.has(word.toLowerCase()));
}

/** Between the parts of a path, and between the words that capitals make in a part. */
const WORD_EDGE = /[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

const FORBIDDEN_WORDS: ReadonlySet<string> = new Set([
  ...['latitude', 'longitude', 'lat', 'lon', 'lng', 'altitude', 'heading'],
  ...['vin', 'imei', 'imsi', 'iccid'],
]);

/** What of a policy's allow-list may leave: signals by their names (`__proto__` is none). Kept by list, since every frame asks. */
export function sendablePaths({ allowedPaths }: ActivePolicy): ReadonlySet<string> {
  const known = sendable.get(allowedPaths);
  if (known !== undefined) return known;
  const made = new Set([...allowedPaths].filter((path) => parseVssPath(path).ok && !neverLeaves(path)));
  sendable.set(allowedPaths, made);
  return made;
}

const sendable = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>();
