import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import type { Instant } from '../../proto/words/time.ts';
import { alertReason } from './alert-reasons.table.ts';
import { type MonitoredEvent, textOf } from './event.ts';
import { type MonitoringRow, monitoringRow } from './rules.table.ts';

export type AlertState = 'open' | 'acknowledged' | 'closed';

/** What happened to an alert, as its log has it. */
export interface AlertAct {
  readonly at: Instant;
  readonly by: string;
  /** Whose account that was; empty where nobody knew, and for what the cloud did of itself. */
  readonly person: string;
  readonly act: 'raised' | 'owned' | 'acknowledged' | 'closed';
  readonly detail: string;
  /** Place of the entry in the alerts log. */
  readonly index: number;
}

/** All occurrences of one thing, from the first until somebody closes it. */
export interface Alert {
  /** `a-` and the place of its first entry in the alerts log. */
  readonly id: string;
  readonly code: string;
  /** Whom it is about; empty where it is nobody. */
  readonly subject: string;
  readonly severity: MonitoringRow['severity'];
  readonly cite: string;
  readonly reason: Bilingual;
  readonly state: AlertState;
  readonly owner: string;
  readonly occurrences: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  /** Newest `ACTS_MAX`; the log has all. */
  readonly acts: readonly AlertAct[];
}

export interface AlertBook {
  /** Takes entries of the alerts log in order. @returns the alert, where the entry made or changed one */
  readonly take: (index: number, event: MonitoredEvent) => Alert | undefined;
  readonly find: (id: string) => Alert | undefined;
  /** Newest first. */
  readonly list: () => readonly Alert[];
  /** The last alert of this code and subject, whatever its state. */
  readonly last: (code: string, subject: string) => Alert | undefined;
}

/** Alerts in memory; beyond it the oldest that are closed, then the oldest, are found in the log only. */
export const ALERTS_MAX = 20_000;
export const ACTS_MAX = 50;

/** Kinds of entries of the alerts log. */
export const ALERT_KINDS = {
  alert: 'raised',
  'alert-owned': 'owned',
  'alert-acknowledged': 'acknowledged',
  'alert-closed': 'closed',
} as const;

/** The alerts as they stand: a view of their log. */
export function createAlertBook(): AlertBook {
  const alerts = new Map<string, Alert>();
  const lastOf = new Map<string, string>();
  const put = (alert: Alert): Alert => {
    alerts.set(alert.id, alert);
    if (alerts.size > ALERTS_MAX) drop();
    return alert;
  };
  const drop = (): void => {
    const [first] = alerts.values();
    const old = [...alerts.values()].find(({ state }) => state === 'closed') ?? first;
    if (old === undefined) return;
    alerts.delete(old.id);
    if (lastOf.get(keyOf(old.code, old.subject)) === old.id) lastOf.delete(keyOf(old.code, old.subject));
  };
  const last = (code: string, subject: string): Alert | undefined => {
    const id = lastOf.get(keyOf(code, subject));
    return id === undefined ? undefined : alerts.get(id);
  };
  const raise = (index: number, event: MonitoredEvent): Alert => {
    const fresh = alertOf(index, event);
    const known = last(fresh.code, fresh.subject);
    if (known !== undefined && known.state !== 'closed') {
      return put({ ...known, occurrences: known.occurrences + 1, lastAt: event.at });
    }
    lastOf.set(keyOf(fresh.code, fresh.subject), fresh.id);
    return put(fresh);
  };
  return {
    take: (index, event) => {
      const act = Object.hasOwn(ALERT_KINDS, event.kind)
        ? ALERT_KINDS[event.kind as keyof typeof ALERT_KINDS]
        : undefined;
      if (act === undefined) return undefined;
      if (act === 'raised') return raise(index, event);
      const known = alerts.get(textOf(event.document, 'alert') ?? '');
      return known === undefined ? undefined : put(changed(known, act, index, event));
    },
    find: (id) => alerts.get(id),
    list: () => [...alerts.values()].toSorted((a, b) => b.lastAt - a.lastAt),
    last,
  };
}

/** A code of an earlier version, or of one that comes. */
const UNEXPLAINED = bilingual('see docs/alerts.md for this code', '该代码的说明见 docs/alerts.md');

const keyOf = (code: string, subject: string): string => `${code}\0${subject}`;

function changed(known: Alert, act: Exclude<AlertAct['act'], 'raised'>, index: number, event: MonitoredEvent): Alert {
  const { at, actor, document } = event;
  const owner = act === 'owned' ? (textOf(document, 'owner') ?? actor) : known.owner;
  const detail = textOf(document, 'reason') ?? (act === 'owned' ? owner : '');
  const person = textOf(document, 'person') ?? '';
  const state = act === 'closed' ? 'closed' : 'acknowledged';
  return {
    ...known,
    state,
    owner,
    acts: [...known.acts, { at, by: actor, person, act, detail, index }].slice(-ACTS_MAX),
  };
}

function alertOf(index: number, { at, actor, document }: MonitoredEvent): Alert {
  const code = textOf(document, 'code') ?? 'UNNAMED';
  const row = monitoringRow(code);
  const subject =
    ['subject', 'device', 'transferId', 'account', 'by'].map((key) => textOf(document, key)).find(Boolean) ?? '';
  return {
    id: `a-${index}`,
    code,
    subject,
    severity: row?.severity ?? 'medium',
    cite: row?.cite ?? '',
    reason: row?.reason ?? reasonOf(document) ?? alertReason(code) ?? UNEXPLAINED,
    state: 'open',
    owner: '',
    occurrences: 1,
    firstAt: at,
    lastAt: at,
    acts: [{ at, by: actor, person: '', act: 'raised', detail: '', index }],
  };
}

function reasonOf({ problem }: MonitoredEvent['document']): Bilingual | undefined {
  const { en, zh } = (problem ?? {}) as Partial<Bilingual>;
  return typeof en === 'string' && typeof zh === 'string' ? { en, zh } : undefined;
}
