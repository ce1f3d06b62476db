import { type Finding, isFirstStart, type MonitoredEvent, type RunningRule, textOf } from './event.ts';
import { createRecent } from './recent.ts';
import type { MonitoringRow } from './rules.table.ts';

/** Requests withheld, one account after the other. */
export function withheldRepeated(row: MonitoringRow): RunningRule {
  const withheld = createRecent<string>(row.windowMs);
  return {
    kinds: ['verdict'],
    take: ({ log, kind, at, actor, transferId, document }) => {
      const verdict = document['verdict'] as { readonly decision?: unknown } | undefined;
      if (log !== 'operations' || kind !== 'verdict' || verdict?.decision !== 'withhold') return [];
      const account = textOf(document, 'requestedBy') ?? actor;
      const times = new Set([...withheld.before(account, at, transferId), transferId]).size;
      return times < row.limit ? [] : [{ code: row.id, subject: account, found: { times } }];
    },
  };
}

/** Transfers that wait for their approvals: who asked, and who approved so far. */
const WAITING_MAX = 10_000;

/** The same persons approved all of the last transfers of one account. */
export function pairAlwaysSame(row: MonitoringRow): RunningRule {
  const waiting = new Map<string, { readonly by: string; readonly approvers: Set<string> }>();
  const teams = createRecent<string>(row.windowMs);
  const ask = (transferId: string, by: string): void => {
    if (waiting.has(transferId)) return;
    waiting.set(transferId, { by, approvers: new Set() });
    const [oldest] = waiting.keys();
    if (waiting.size > WAITING_MAX && oldest !== undefined) waiting.delete(oldest);
  };
  const permitted = ({ transferId, at }: MonitoredEvent): readonly Finding[] => {
    const one = waiting.get(transferId);
    waiting.delete(transferId);
    if (one === undefined || one.approvers.size === 0) return [];
    const team = [...one.approvers].sort().join(' + ');
    const before = teams.before(one.by, at, team);
    const last = [...before, team].slice(-row.limit);
    const isSame = last.length === row.limit && last.every((other) => other === team);
    return isSame ? [{ code: row.id, subject: one.by, found: { approvers: team, transfers: last.length } }] : [];
  };
  return {
    kinds: ['verdict', 'approval', 'permit'],
    take: (event) => {
      const { log, kind, transferId, actor, document } = event;
      if (log !== 'operations') return [];
      if (kind === 'verdict') ask(transferId, textOf(document, 'requestedBy') ?? actor);
      if (kind === 'approval') waiting.get(transferId)?.approvers.add(actor);
      return kind === 'permit' ? permitted(event) : [];
    },
  };
}

/** Codes of refused approvals that say that one person tried to be two. */
const ONE_PERSON: readonly string[] = ['APPROVAL_OWN_REQUEST', 'APPROVAL_SAME_PERSON'];

export function selfApproval(row: MonitoringRow): RunningRule {
  return {
    kinds: ['approval-refused'],
    take: ({ log, kind, actor, document }) => {
      const because = textOf(document, 'code') ?? '';
      const isTried = log === 'operations' && kind === 'approval-refused' && ONE_PERSON.includes(because);
      return isTried ? [{ code: row.id, subject: actor, found: { because } }] : [];
    },
  };
}

/** Entries that change permissions as a matter of course: they are the export itself. */
const OF_THE_EXPORT: readonly string[] = ['permit', 'revocation', 'approval', 'approval-void'];

/** Who changed permissions, and asked for or approved what was permitted within the window. */
export function permissionThenExport(row: MonitoringRow): RunningRule {
  const changes = createRecent<string>(row.windowMs);
  const parties = new Map<string, Set<string>>();
  const partiesOf = (transferId: string): Set<string> => {
    const known = parties.get(transferId) ?? new Set<string>();
    parties.set(transferId, known);
    const [oldest] = parties.keys();
    if (parties.size > WAITING_MAX && oldest !== undefined) parties.delete(oldest);
    return known;
  };
  const permitted = ({ transferId, at, actor }: MonitoredEvent): readonly Finding[] => {
    const all = new Set([...(parties.get(transferId) ?? []), actor]);
    parties.delete(transferId);
    return [...all].flatMap((account) => {
      const before = changes.peek(account, at);
      const found = { changes: before.length, last: before.at(-1) ?? '' };
      return before.length > row.limit ? [{ code: row.id, subject: account, found }] : [];
    });
  };
  return {
    kinds: ['verdict', 'approval', 'permit'],
    take: (event) => {
      const { log, kind, at, actor, transferId, document } = event;
      if (log !== 'operations') return [];
      const { permissionChange } = (document['operation'] ?? {}) as { readonly permissionChange?: unknown };
      if (permissionChange === true && !OF_THE_EXPORT.includes(kind) && !isFirstStart(event))
        changes.before(actor, at, kind);
      if (kind === 'verdict') partiesOf(transferId).add(textOf(document, 'requestedBy') ?? actor);
      if (kind === 'approval') partiesOf(transferId).add(actor);
      return kind === 'permit' ? permitted(event) : [];
    },
  };
}
