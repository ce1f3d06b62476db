import type { Instant } from '../../proto/words/time.ts';
import { pairAlwaysSame, permissionThenExport, selfApproval, withheldRepeated } from './conduct-rules.ts';
import type { Finding, MonitoredCounts, MonitoredEvent, RunningRule } from './event.ts';
import { policyStale, quarantineRate, thresholdNear, vinMismatch } from './fleet-rules.ts';
import { clockSetBack, configurationChanged, sentWithoutPermit } from './integrity-rules.ts';
import type { RecipientBook } from './recipient-book.ts';
import { type RuleId, ruleOf } from './rules.table.ts';
import { destinationUnknown, hourUnusual, strangersRefused, volumeUnusual } from './traffic-rules.ts';

/** All rules over the logs at work. */
export interface Monitor {
  /** Whether a rule looks into documents of a kind of the operations log; of others it is enough to say when they were entered. */
  readonly looksInto: (kind: string) => boolean;
  /** Takes entries of each log in their order. */
  readonly take: (event: MonitoredEvent) => readonly Finding[];
  readonly look: (now: Instant, counts: MonitoredCounts) => readonly Finding[];
}

export interface MonitorSettings {
  readonly limits: Partial<Readonly<Record<RuleId, number>>>;
  readonly recipients: RecipientBook;
}

/** The rules of the table; AUDIT_OVERDUE and LOG_TAMPERED are found where audits and the traffic log are followed. */
export function createMonitor({ limits, recipients }: MonitorSettings): Monitor {
  const row = (id: RuleId) => ruleOf(id, limits);
  const rules: readonly RunningRule[] = [
    destinationUnknown(row('DESTINATION_UNKNOWN'), recipients),
    volumeUnusual(row('VOLUME_UNUSUAL')),
    hourUnusual(row('HOUR_UNUSUAL')),
    strangersRefused(row('STRANGERS_REFUSED')),
    withheldRepeated(row('WITHHELD_REPEATED')),
    pairAlwaysSame(row('PAIR_ALWAYS_SAME')),
    selfApproval(row('SELF_APPROVAL_TRIED')),
    permissionThenExport(row('PERMISSION_THEN_EXPORT')),
    vinMismatch(row('DEVICE_VIN_MISMATCH')),
    policyStale(row('DEVICE_POLICY_STALE')),
    quarantineRate(row('QUARANTINE_RATE')),
    thresholdNear(row('THRESHOLD_NEAR')),
    clockSetBack(row('CLOCK_SET_BACK')),
    configurationChanged(row('CONFIGURATION_CHANGED')),
    sentWithoutPermit(row('SENT_WITHOUT_PERMIT')),
  ];
  const kinds = new Set(rules.flatMap((rule) => rule.kinds ?? []));
  return {
    looksInto: (kind) => kinds.has(kind),
    take: (event) => rules.flatMap((rule) => rule.take?.(event) ?? []),
    look: (now, counts) => rules.flatMap((rule) => rule.look?.(now, counts) ?? []),
  };
}
