import { carriesIdentifier } from '../../proto/words/identifiers.ts';
import { parseVssPath } from '../../proto/words/vss-path.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import { STATISTICS_PATHS } from './statistics-paths.ts';

/**
 * Whether a signal names the vehicle or somebody in it, says where it is, or integrates to a track (accelerations, angular
 * velocities, headings), or measures a person. Such a path never leaves, whatever a policy bundle allows; the cloud takes its arrival for a lie
 * (`forbidden` in cloud/catalogue/leaf-rules.table.ts).
 *
 * Words are compared, not whole paths, so that an overlay's `Vehicle.Vendor.GpsLatitude` is found too. The statistics that
 * stand in for motion (edge/stages/motion-statistics.ts) are the only exception, by their whole names.
 */
export function neverLeaves(path: string): boolean {
  if (STATISTICS_PATHS.has(path)) return false;
  if (FORBIDDEN_PREFIXES.some((prefix) => path.startsWith(prefix))) return true;
  const words = path.split(WORD_EDGE).map((word) => word.toLowerCase());
  return words.some((word, index) => FORBIDDEN_WORDS.has(word) || FORBIDDEN_PAIRS.has(`${word} ${words[index + 1]}`));
}

const FORBIDDEN_PREFIXES = [
  'Vehicle.CurrentLocation.',
  'Vehicle.Acceleration.',
  'Vehicle.AngularVelocity.',
  'Vehicle.VehicleIdentification.LicensePlate',
  // Eyes, fatigue, heart rate and identity of persons: biometrics, or near them (docs/adr/0025).
  'Vehicle.ADAS.DMS.IsWarning',
  'Vehicle.Driver.',
  'Vehicle.Occupant.',
];

/** Between the parts of a path, and between the words that capitals make in a part. */
const WORD_EDGE = /[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

const FORBIDDEN_WORDS: ReadonlySet<string> = new Set([
  ...[
    'latitude',
    'longitude',
    'lat',
    'lon',
    'lng',
    'altitude',
    'elevation',
    'heading',
    'gnss',
    'gps',
    'geohash',
    'evse',
  ],
  ...['acceleration', 'accelerometer', 'gyro', 'gyroscope', 'imu', 'yawrate'],
  ...['vin', 'imei', 'imsi', 'iccid', 'identifier'],
]);

const FORBIDDEN_PAIRS: ReadonlySet<string> = new Set([...['angular velocity', 'yaw rate', 'pitch rate', 'roll rate']]);

/**
 * Whether values of a signal, taken often enough beside the speed, integrate to a track: steering angles, and the speeds of
 * single wheels. They leave only at a period of `INTEGRABLE_PERIOD_MS` or longer, which the policy has to set.
 */
export function isIntegrable(path: string): boolean {
  return INTEGRABLE.test(path);
}

const INTEGRABLE =
  /^Vehicle\.MotionManagement\.Steering\.|SteeringWheel\.Angle|Steer(?:ing)?Angle|\.Wheel\.(?:Left|Right)\.(?:(?:Angular)?Speed|Omega)/;

/** A car has turned many corners within a minute. */
export const INTEGRABLE_PERIOD_MS = 60_000;

/** What of a policy's allow-list may leave: signals by their names (`__proto__` is none). Kept by list, since every frame asks. */
export function sendablePaths(policy: ActivePolicy): ReadonlySet<string> {
  const known = sendable.get(policy.allowedPaths);
  if (known !== undefined && known.rules === policy.signalRules) return known.paths;
  const paths = new Set([...policy.allowedPaths].filter((path) => maySend(path, policy)));
  sendable.set(policy.allowedPaths, { rules: policy.signalRules, paths });
  return paths;
}

function maySend(path: string, { signalRules }: ActivePolicy): boolean {
  if (!parseVssPath(path).ok || neverLeaves(path) || carriesIdentifier(path)) return false;
  return !isIntegrable(path) || (signalRules?.get(path)?.periodMs ?? 0) >= INTEGRABLE_PERIOD_MS;
}

const sendable = new WeakMap<
  ReadonlySet<string>,
  { readonly rules: ActivePolicy['signalRules']; readonly paths: ReadonlySet<string> }
>();
