import { civilYearOf, HOUR_MS } from '../../proto/words/time.ts';
import { type Finding, type MonitoredCounts, type RunningRule, textOf } from './event.ts';
import { createRecent } from './recent.ts';
import { type MonitoringRow, PERSON_THRESHOLDS, THRESHOLD_STEPS } from './rules.table.ts';

/** One device goes on naming another vehicle. */
export function vinMismatch(row: MonitoringRow): RunningRule {
  const mismatches = createRecent<number>(row.windowMs);
  return {
    take: ({ log, at, document }) => {
      const device = textOf(document, 'device');
      if (log !== 'alerts' || document['code'] !== 'VIN_MISMATCH' || device === undefined) return [];
      const times = mismatches.before(device, at, at).length + 1;
      return times < row.limit ? [] : [{ code: row.id, subject: device, found: { times } }];
    },
  };
}

const STALE: readonly unknown[] = ['POLICY_UNKNOWN', 'POLICY_NOT_IN_FORCE', 'STEPS_NOT_OF_POLICY'];

/** Many devices under a policy that is not one of today. */
export function policyStale(row: MonitoringRow): RunningRule {
  const devices = createRecent<number>(row.windowMs);
  return {
    take: ({ log, at, document }) => {
      const device = textOf(document, 'device');
      if (log !== 'alerts' || !STALE.includes(document['code']) || device === undefined) return [];
      devices.before(device, at, at);
      const count = devices.subjects(at).length;
      return count < row.limit ? [] : [{ code: row.id, subject: 'fleet', found: { devices: count } }];
    },
  };
}

/** Fewer frames than this in a window say nothing of a rate. */
const FRAMES_MIN = 100;

/** Part of the frames of the last window that went to quarantine. */
export function quarantineRate(row: MonitoringRow): RunningRule {
  let since: { readonly at: number; readonly counts: MonitoredCounts } | undefined;
  return {
    look: (now, counts) => {
      const last = since ?? { at: now, counts };
      since = last;
      if (now - last.at < row.windowMs) return [];
      since = { at: now, counts };
      const quarantined = counts.framesQuarantined - last.counts.framesQuarantined;
      const frames = quarantined + counts.framesAdmitted - last.counts.framesAdmitted;
      const perCent = frames === 0 ? 0 : (100 * quarantined) / frames;
      if (frames < FRAMES_MIN || perCent < row.limit) return [];
      const hours = Math.round((now - last.at) / HOUR_MS);
      return [{ code: row.id, subject: 'fleet', found: { quarantined, frames, hours } }];
    },
  };
}

/** Persons of the year beside each threshold; one finding a threshold and step, told while it stands. */
export function thresholdNear(row: MonitoringRow): RunningRule {
  return {
    look: (now, { persons }) =>
      PERSON_THRESHOLDS.flatMap(({ kind, persons: most, cite }): readonly Finding[] => {
        const perCent = (100 * persons[kind]) / most;
        const step = THRESHOLD_STEPS.filter((one) => one >= row.limit && perCent >= one).at(-1);
        if (step === undefined) return [];
        return [
          {
            code: row.id,
            subject: `${civilYearOf(now)}-${kind}-${most}-${step}`,
            found: { persons: persons[kind], threshold: most, cite },
          },
        ];
      }),
  };
}
