import { type Finding, isFirstStart, type MonitoredEvent, type RunningRule } from './event.ts';
import type { MonitoringRow } from './rules.table.ts';

/** An entry that is older than the one before it in its log, by more than clocks are corrected by. */
export function clockSetBack(row: MonitoringRow): RunningRule {
  const last = new Map<MonitoredEvent['log'], number>();
  return {
    take: ({ log, at }) => {
      const before = last.get(log) ?? at;
      last.set(log, at);
      const seconds = (before - at) / 1_000;
      return seconds > row.limit ? [{ code: row.id, subject: log, found: { seconds } }] : [];
    },
  };
}

/** Keys, files or parts of the configuration that are not what they were at the start before. */
export function configurationChanged(row: MonitoringRow): RunningRule {
  return {
    kinds: ['permission-change'],
    take: (event) => {
      const { changed } = event.document;
      if (event.log !== 'operations' || event.kind !== 'permission-change' || isFirstStart(event)) return [];
      if (!Array.isArray(changed)) return [];
      return [{ code: row.id, subject: 'configuration', found: { changed: changed.join(' ') } }];
    },
  };
}

/** Permits that are remembered; transfers are sent soon after theirs. */
const PERMITS_MAX = 100_000;

/** The exporter begins what this cloud has not permitted, or has revoked: it was given another key, or files of somebody's own. */
export function sentWithoutPermit(row: MonitoringRow): RunningRule {
  const permitted = new Set<string>();
  const finding = (subject: string, because: string): readonly Finding[] => [
    { code: row.id, subject, found: { because } },
  ];
  return {
    kinds: ['permit'],
    take: ({ log, kind, transferId }) => {
      if (log === 'operations' && kind === 'permit') permitted.add(transferId);
      const [oldest] = permitted;
      if (permitted.size > PERMITS_MAX && oldest !== undefined) permitted.delete(oldest);
      const isBegun = log === 'traffic' && (kind === 'intent' || kind === 'delivered');
      return isBegun && !permitted.has(transferId) ? finding(transferId, 'no-permit') : [];
    },
  };
}
