import type { RawFix, RawSignals, SignalValue } from '../../proto/words/raw-frame.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import { ratioClass } from '../trips/publish-row.ts';
import type { Draft, Stage } from './stage.ts';
import {
  CLIMB_PATH,
  CLIMB_UNIT_M,
  highPath,
  MOTION_QUANTITIES,
  medianPath,
  STATISTICS_CLASS_MAX,
  STATISTICS_PATHS,
  TURNING_PATH,
  TURNING_UNIT_DEG,
} from './statistics-paths.ts';

/** An hour with fewer samples tells nothing: the class of one sample would be the sample. */
export const SAMPLES_MIN = 60;

/**
 * Counts altitudes, headings, accelerations and angular velocities by the hour and offers classes of their distribution in
 * place of them. It removes nothing: what it counts is removed by the stages after it. Classes have no sign and no order, so
 * nothing can be integrated.
 *
 * @returns the stage, or undefined for a policy that allows none of the statistics
 */
export function motionStatistics({ allowedPaths, purposes }: ActivePolicy): Stage | undefined {
  const wanted = [...STATISTICS_PATHS].filter((path) => allowedPaths.has(path));
  if (wanted.length === 0) return undefined;
  let hour: number | undefined;
  let counts = createCounts();

  /** A time that goes back belongs to no hour that is still open. */
  const finish = (at: Instant): readonly Draft[] => {
    const now = Math.floor(at / HOUR_MS);
    if (hour === undefined || now <= hour) {
      hour ??= now;
      return [];
    }
    const signals = Object.fromEntries(counts.classes().filter(([path]) => allowedPaths.has(path)));
    const ended = (hour * HOUR_MS) as Instant;
    hour = now;
    counts = createCounts();
    return Object.keys(signals).length === 0 ? [] : [{ kind: 'signals', at: ended, signals }];
  };

  return {
    name: 'motion-statistics',
    parameters: `statistics=${wanted.length} time-floor-s=3600 samples-min=${SAMPLES_MIN} classes=ratio-2`,
    apply: (draft) => {
      if (draft.kind === 'candidate') return [draft];
      const ended = finish(draft.at);
      if (Math.floor(draft.at / HOUR_MS) === hour) {
        if (draft.kind === 'fix') counts.addFix(draft);
        if (draft.kind === 'signals') counts.addSignals(draft);
      }
      return [...ended, draft];
    },
    forget: (purpose) => {
      if (wanted.some((path) => purposes.ofPath.get(path)?.id === purpose)) counts = createCounts();
    },
  };
}

function createCounts() {
  const magnitudes = MOTION_QUANTITIES.map((quantity) => ({ quantity, classes: new Array<number>(21).fill(0) }));
  const altitude = { samples: 0, lowest: Number.POSITIVE_INFINITY, highest: Number.NEGATIVE_INFINITY };
  const turning = { samples: 0, total: 0, last: Number.NaN };

  const addAltitude = (metres: SignalValue | undefined): void => {
    if (typeof metres !== 'number' || !Number.isFinite(metres)) return;
    altitude.samples += 1;
    altitude.lowest = Math.min(altitude.lowest, metres);
    altitude.highest = Math.max(altitude.highest, metres);
  };

  const addHeading = (degrees: SignalValue | undefined): void => {
    if (typeof degrees !== 'number' || !Number.isFinite(degrees)) return;
    const turned = Math.abs(degrees - turning.last) % 360;
    if (Number.isFinite(turned)) turning.total += Math.min(turned, 360 - turned);
    turning.samples += 1;
    turning.last = degrees;
  };

  return {
    addFix: ({ altitudeM, headingDeg }: RawFix): void => {
      addAltitude(altitudeM);
      addHeading(headingDeg);
    },
    addSignals: ({ signals }: RawSignals): void => {
      addAltitude(signals['Vehicle.CurrentLocation.Altitude']);
      addHeading(signals['Vehicle.CurrentLocation.Heading']);
      for (const { quantity, classes } of magnitudes) {
        const value = signals[quantity.path];
        if (typeof value !== 'number' || !Number.isFinite(value)) continue;
        const found = ratioClass(Math.abs(value), quantity.unit);
        classes[found] = (classes[found] ?? 0) + 1;
      }
    },
    classes: (): readonly (readonly [path: string, value: number])[] => [
      ...magnitudes.flatMap(({ quantity, classes }) => {
        const [median, high] = [quantile(classes, 0.5), quantile(classes, 0.95)];
        return median === undefined || high === undefined
          ? []
          : ([
              [medianPath(quantity), median],
              [highPath(quantity), high],
            ] as const);
      }),
      ...(altitude.samples < SAMPLES_MIN
        ? []
        : ([[CLIMB_PATH, ratioClass(altitude.highest - altitude.lowest, CLIMB_UNIT_M)]] as const)),
      ...(turning.samples < SAMPLES_MIN
        ? []
        : ([[TURNING_PATH, ratioClass(turning.total, TURNING_UNIT_DEG)]] as const)),
    ],
  };
}

/** The class that holds the sample with this share of all below it; undefined for too few samples. */
function quantile(classes: readonly number[], share: number): number | undefined {
  const samples = classes.reduce((sum, count) => sum + count, 0);
  if (samples < SAMPLES_MIN) return undefined;
  let below = 0;
  const found = classes.findIndex((count) => {
    below += count;
    return below > share * samples;
  });
  return found === -1 ? STATISTICS_CLASS_MAX : found;
}
