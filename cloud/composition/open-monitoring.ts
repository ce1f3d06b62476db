import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { DAY_MS, HOUR_MS, type Instant, toIso } from '../../proto/words/time.ts';
import { syslogAlerts } from '../adapters/alert-syslog.ts';
import { webhookAlerts } from '../adapters/alert-webhook.ts';
import { monitoringRoutes } from '../api/monitoring-routes.ts';
import { operationFields } from '../audit/operation-fields.ts';
import type { CloudConfig } from '../config/config.ts';
import { FOLLOWED_ENTRIES_MAX, type FollowedLog, followLog } from '../log/follow-log.ts';
import type { NewEntry, OpenLog } from '../log/open-log.ts';
import { actOnAlert } from '../monitoring/act-on-alert.ts';
import { type Alert, type AlertBook, createAlertBook } from '../monitoring/alert-book.ts';
import { AUDIT_KINDS, AUDITED_BY_CLOUD, type AuditBook, createAuditBook } from '../monitoring/audit-book.ts';
import { documentFor, documentOf } from '../monitoring/document.ts';
import type { Finding, MonitoredCounts, MonitoredEvent } from '../monitoring/event.ts';
import { createMonitor, type Monitor } from '../monitoring/monitor.ts';
import { createRecipientBook, type RecipientEntry } from '../monitoring/recipient-book.ts';
import { monitoringRow, type RuleId, ruleOf } from '../monitoring/rules.table.ts';
import { type MonthAudits, openMonthAudits, type TrafficCounted } from '../month-audits.ts';
import type { PersonOf } from '../person-of.ts';
import type { AlertSink } from '../ports/alert-sink.ts';
import { type AccessState, accessState, changedAccess } from './access-state.ts';
import type { CloudLogs } from './open-logs.ts';

/** How often counts, the traffic log and the audits are looked at. */
export const MONITOR_EVERY_MS = 5_000;

/** Entries of each log that are read at a start: habits and alerts older than these are found in the logs only. */
const REPLAYED_MAX = 200_000;

/** What happened this long before a start is still alerted, if it was not. */
const CATCH_UP_MS = 7 * DAY_MS;

/** Who the log names for what the cloud does of itself. */
const ACTOR = AUDITED_BY_CLOUD;

export interface OpenMonitoring {
  /** The logs; what is appended through them is watched. */
  readonly logs: CloudLogs;
  readonly routes: ReturnType<typeof monitoringRoutes>;
  readonly look: (counts: MonitoredCounts) => void;
  readonly close: () => void;
}

interface Watch {
  /** The watched ones, once they are: a finding has to pass the watched alerts log. */
  logs: CloudLogs;
  readonly monitor: Monitor;
  readonly alerts: AlertBook;
  readonly audits: AuditBook;
  readonly sinks: readonly AlertSink[];
  /** What decided who may do what, as the log has it last. */
  access: AccessState;
  readonly traffic: FollowedLog | undefined;
  readonly around: Around;
}

type Around = Pick<RoleSurroundings, 'clock' | 'err' | 'fault'> & {
  readonly personOf: PersonOf;
  /** The entry of a recipient in the register, as it is now. */
  readonly recipient: (id: string) => RecipientEntry | undefined;
  /** Of `REPLAYED_MAX`, and of what is counted at a time, which they are without. */
  readonly entriesMax?: { readonly replayed: number; readonly counted: number };
};

/**
 * Reads the newest part of the logs and watches them from there on. An entry is watched once it is durable, and nothing that
 * watching does can undo or delay it.
 *
 * @throws Error when a key or certificate of the configuration cannot be read
 */
export function openMonitoring(loaded: LoadedConfig<CloudConfig>, logs: CloudLogs, around: Around): OpenMonitoring {
  const watch = createWatch(loaded, logs, around);
  const watched = { alerts: watchedLog('alerts', watch), operations: watchedLog('operations', watch) };
  watch.logs = watched;
  // Alerts first: what stands in their log already is not raised again.
  for (const name of ['alerts', 'operations'] as const) replay(name, logs[name], around.entriesMax?.replayed, watch);
  noteAccess(accessState(loaded), watch);
  const { audits, alerts } = watch;
  const counted = around.entriesMax && { countedMax: around.entriesMax.counted };
  const countTraffic = () => followTraffic(watch);
  const months = openMonthAudits({
    book: audits,
    alerts,
    logs: watched,
    clock: around.clock,
    countTraffic,
    ...counted,
  });
  months.countOn();
  const status = () => ({
    traffic: watch.traffic === undefined ? 'not-configured' : 'followed',
    open: alerts.list().filter(({ state }) => state !== 'closed').length,
    ways: watch.sinks.map((sink) => sink.status()),
  });
  return {
    logs: watched,
    routes: monitoringRoutes({
      ...{ alerts, audits, clock: around.clock, status },
      act: (wish) => actOnAlert(wish, alerts, { log: watched.alerts, personOf: around.personOf }),
      runAudit: months.run,
      signAudit: months.sign,
    }),
    look: (counts) => look(counts, months, watch),
    close: () => {
      for (const sink of watch.sinks) sink.close();
    },
  };
}

function createWatch({ config, path }: LoadedConfig<CloudConfig>, logs: CloudLogs, around: Around): Watch {
  const { limits = {}, trafficLog } = config.monitoring ?? {};
  const endpoints = new Map(config.recipients.map(({ id, endpoint }) => [id, endpoint]));
  return {
    ...{ logs, around, access: {} },
    monitor: createMonitor({ limits, recipients: createRecipientBook(endpoints, around.recipient) }),
    alerts: createAlertBook(),
    audits: createAuditBook({ graceDays: ruleOf('AUDIT_OVERDUE', limits).limit, personOf: around.personOf }),
    sinks: sinksOf(config.monitoring, path),
    traffic:
      trafficLog &&
      followLog({
        directory: path(trafficLog.directory),
        origin: `${config.log.origin}/traffic`,
        publicKey: createPublicKey(readFileSync(path(trafficLog.publicKeyFile))),
      }),
  };
}

function sinksOf(monitoring: CloudConfig['monitoring'], path: (relative: string) => string): readonly AlertSink[] {
  const { webhook, syslog } = monitoring ?? {};
  const sinks: AlertSink[] = [];
  if (webhook !== undefined) {
    const { url, address, authorityFile, keyFile } = webhook;
    const authority = readFileSync(path(authorityFile), 'utf8');
    sinks.push(webhookAlerts({ url, address, authority, key: readFileSync(path(keyFile)) }));
  }
  if (syslog !== undefined) {
    const { transport, address, port, authorityFile, serverName } = syslog;
    const tls = {
      ...(authorityFile !== undefined && { authority: readFileSync(path(authorityFile), 'utf8') }),
      ...(serverName !== undefined && { serverName }),
    };
    sinks.push(syslogAlerts({ transport, address, port, hostName: hostname(), ...tls }));
  }
  return sinks;
}

/** A log whose new entries are watched. */
function watchedLog(name: 'operations' | 'alerts', watch: Watch): OpenLog {
  const log = watch.logs[name];
  return {
    ...log,
    append: (entries) => {
      const appended = log.append(entries);
      if (!appended.ok) {
        // Another hand was at its files: nothing more is entered, so nothing more is permitted. The other log can still say so.
        if (appended.fault.code === 'LOG_CORRUPT' && name === 'operations') tamperedWith(name, watch);
        return appended;
      }
      const at = watch.around.clock.now();
      for (const [offset, entry] of entries.entries())
        guard(watch, () => see(appended.value.firstIndex + offset, eventOf(name, at, entry), watch, 'new'));
      return appended;
    },
  };
}

function tamperedWith(subject: string, watch: Watch): void {
  const now = watch.around.clock.now();
  raise({ code: 'LOG_TAMPERED' satisfies RuleId, subject, found: { fault: 'LOG_CORRUPT' } }, now, DAY_MS, watch);
}

function eventOf(
  log: 'operations' | 'alerts',
  at: Instant,
  { kind, transferId, actor, document }: NewEntry,
): MonitoredEvent {
  const fields = document as Readonly<Record<string, unknown>>;
  const isFilled = log !== 'operations' || fields['operation'] !== undefined;
  const operation = isFilled
    ? {}
    : { operation: operationFields({ kind, transferId, document }, { loginIp: '', device: '' }) };
  return { log, at, kind, transferId, actor, document: { ...fields, ...operation } };
}

function replay(name: 'operations' | 'alerts', log: OpenLog, newest = REPLAYED_MAX, watch: Watch): void {
  // Raised once all is read: the alert that a finding led to comes after what it was found in.
  const found: (() => void)[] = [];
  for (const { index, leaf } of log.entries(Math.max(0, log.head().size - newest))) {
    const { kind, transferId, actor, recordedAtMs } = leaf;
    const document = name === 'alerts' ? documentOf(leaf) : documentFor(leaf, [watch.monitor]);
    const event = { log: name, at: recordedAtMs as Instant, kind, transferId, actor, document };
    guard(watch, () => {
      for (const finding of see(index, event, watch, 'known'))
        found.push(() => raise(finding, event.at, HOUR_MS, watch));
    });
  }
  for (const raiseIt of found) guard(watch, raiseIt);
}

/** A rule that fails must undo nothing: the entry is in its log. */
function guard({ around }: Watch, work: () => void): void {
  try {
    work();
  } catch (cause) {
    around.err(`cloud: monitoring: ${cause instanceof Error ? cause.name : 'unknown'}`);
  }
}

function see(index: number, event: MonitoredEvent, watch: Watch, is: 'known' | 'new'): readonly Finding[] {
  if (is === 'new' && event.log === 'operations' && isOfAudit(event.kind)) watch.audits.note(event);
  if (event.kind === PERMISSION_CHANGE) watch.access = (event.document['after'] ?? {}) as AccessState;
  if (event.log === 'alerts') {
    const changed = watch.alerts.take(index, event);
    const isNews = changed !== undefined && (event.kind !== 'alert' || changed.occurrences === 1);
    if (isNews && is === 'new') tell(changed, watch);
  }
  const found = watch.monitor.take(event);
  if (is === 'new') for (const finding of found) raise(finding, event.at, HOUR_MS, watch);
  return found;
}

/** Keys, files and settings that are not as the log has them last: a change of permissions, entered at the start that finds it. */
function noteAccess(after: AccessState, watch: Watch): void {
  const before = watch.access;
  const changed = changedAccess(before, after);
  if (changed.length === 0) return;
  const document = { object: 'configuration', changed, before, after };
  const logged = watch.logs.operations.append([{ kind: PERMISSION_CHANGE, transferId: '', actor: ACTOR, document }]);
  if (!logged.ok) watch.around.fault(logged.fault);
}

const PERMISSION_CHANGE = 'permission-change';

function tell({ id, code, severity, state, lastAt, cite, reason }: Alert, { sinks }: Watch): void {
  for (const sink of sinks) sink.send({ id, code, severity, state, at: lastAt, cite, reason });
}

/** Raises a finding, unless it stands there already, or was raised a short while ago. */
function raise({ code, subject, found }: Finding, at: Instant, quietMs: number, watch: Watch): void {
  const { alerts, logs, around } = watch;
  const last = alerts.last(code, subject);
  if (at < around.clock.now() - CATCH_UP_MS) return;
  if (last !== undefined && (last.lastAt >= at || at - last.lastAt < quietMs)) return;
  const { cite, severity, reason: problem } = monitoringRow(code) ?? {};
  around.err(`cloud: alert: ${code} at ${toIso(around.clock.now())}`);
  const document = { code, subject, found, cite, severity, problem };
  const logged = logs.alerts.append([{ kind: 'alert', transferId: '', actor: ACTOR, document }]);
  if (!logged.ok) around.fault(logged.fault);
}

const isOfAudit = (kind: string): boolean => AUDIT_KINDS.some((one) => one === kind);

/** Raises what goes on, at most once within the window of its rule, or a day. */
function standing(finding: Finding, watch: Watch): void {
  const quietMs = Math.max(monitoringRow(finding.code)?.windowMs ?? 0, DAY_MS);
  raise(finding, watch.around.clock.now(), quietMs, watch);
}

function look(counts: MonitoredCounts, months: MonthAudits, watch: Watch): void {
  const now = watch.around.clock.now();
  followTraffic(watch);
  months.countOn();
  for (const finding of watch.monitor.look(now, counts)) standing(finding, watch);
  for (const { month, state, isOverdue } of watch.audits.list(now)) {
    if (state === 'due') months.run(month, ACTOR);
    if (isOverdue) standing({ code: 'AUDIT_OVERDUE' satisfies RuleId, subject: month, found: { month } }, watch);
  }
}

/** Takes in what the exporter wrote since, as far as one look goes. */
function followTraffic(watch: Watch): TrafficCounted {
  if (watch.traffic === undefined) return 'not-configured';
  const next = watch.traffic.next();
  if (!next.ok) {
    const found = { fault: next.fault.code };
    standing({ code: 'LOG_TAMPERED' satisfies RuleId, subject: 'traffic', found }, watch);
    return 'unreadable';
  }
  for (const { index, leaf } of next.value) {
    const { kind, transferId, actor, recordedAtMs } = leaf;
    const document = documentOf(leaf);
    const event = { log: 'traffic' as const, at: recordedAtMs as Instant, kind, transferId, actor, document };
    guard(watch, () => {
      watch.audits.count(event);
      see(index, event, watch, 'new');
    });
  }
  return next.value.length < FOLLOWED_ENTRIES_MAX ? 'counted' : 'counting';
}
