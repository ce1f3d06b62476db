import { computed, defineComponent } from 'vue';
import { RouterLink } from 'vue-router';
import type { AgendaItem, Alert, Counts, Flow, Role, TransferTally } from '../api/answers.ts';
import { type Followed, follow } from '../api/follow.ts';
import { lawRowOf } from '../api/law.ts';
import { registerTitleOf, titleOf } from '../api/titles.ts';
import { clockOf } from '../models/due-clock.ts';
import { borderStreams, uplinkStreams } from '../models/flow-links.ts';
import { type Gauge, gaugesOf } from '../models/threshold-gauges.ts';
import { Cite } from '../parts/cite.tsx';
import { nowMs } from '../parts/clock.ts';
import { Moment } from '../parts/moment.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Sankey } from '../parts/sankey.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { hasRole } from '../session.ts';
import { countText, dayText, shareText, spanText } from '../words/format.ts';
import { labelled, named, say, spoken, t } from '../words/language.ts';

const LIVE_MS = 2_000;
const SLOW_MS = 20_000;
const LISTED_MAX = 6;
const TRANSFER_ID = /^t\d{8}-[0-9a-f]+$/;

const READS_TRANSFERS: readonly Role[] = ['requester', 'approver', 'auditor', 'security-officer'];
const READS_REGISTERS: readonly Role[] = ['custodian', 'requester', 'approver', 'security-officer', 'auditor'];
const READS_FLEET: readonly Role[] = ['fleet', 'security-officer', 'auditor'];
const READS_ALERTS: readonly Role[] = ['security-officer', 'auditor'];

/** What is going on, what is near a threshold, what is wrong and what is due. */
export const Overview = defineComponent(() => {
  const flow = follow<Flow>(() => '/flow', LIVE_MS);
  const counts = hasOther() ? follow<Counts>(() => '/counts', SLOW_MS) : undefined;
  const agenda = hasOther() ? follow<{ readonly agenda: readonly AgendaItem[] }>(() => '/agenda', SLOW_MS) : undefined;
  const transfers = hasRole(READS_TRANSFERS)
    ? follow<{ readonly tallies: readonly TransferTally[] }>(() => '/transfer-counts', SLOW_MS)
    : undefined;
  // Once: each reading of alerts is an entry of the log, since they name whom they are about.
  const alerts = hasRole(READS_ALERTS) ? follow<{ readonly alerts: readonly Alert[] }>(() => '/alerts') : undefined;
  const uplink = computed(() => (flow.value.value === undefined ? [] : uplinkStreams(flow.value.value)));
  const border = computed(() => borderStreams(transfers?.value.value?.tallies ?? []));
  return () => (
    <div class="stack">
      <FaultNotice fault={flow.fault.value} />
      {figures(flow.value.value)}
      <div class="columns">
        <Panel title={t('overview.uplink')} note={t('overview.uplink-note')}>
          {uplink.value.length === 0 ? (
            <Empty text={t('overview.uplink-empty')} />
          ) : (
            <Sankey label={t('overview.uplink')} streams={uplink.value} />
          )}
        </Panel>
        {transfers === undefined ? null : (
          <Panel title={t('overview.border')} note={t('overview.border-note')}>
            {border.value.length === 0 ? (
              <Empty text={t('overview.border-empty')}>
                <RouterLink to="/request">{{ default: () => t('page.request') }}</RouterLink>
              </Empty>
            ) : (
              <Sankey label={t('overview.border')} streams={border.value} />
            )}
          </Panel>
        )}
      </div>
      <div class="columns columns-three">
        {counts === undefined ? null : thresholds(counts)}
        {alerts === undefined ? null : alertList(alerts)}
        {agenda === undefined ? null : agendaList(agenda)}
      </div>
    </div>
  );
});

/** An administrator by itself reads no counts and no agenda. */
const hasOther = (): boolean =>
  hasRole(['viewer', 'fleet', 'custodian', 'requester', 'approver', 'security-officer', 'auditor']);

function figures(flow: Flow | undefined) {
  const figure = (name: string, count: number | undefined, to?: string) => (
    <div>
      <dt>{to === undefined ? name : <RouterLink to={to}>{{ default: () => name }}</RouterLink>}</dt>
      <dd>{count === undefined ? '–' : countText(count)}</dd>
    </div>
  );
  const fleet = hasRole(READS_FLEET) ? '/fleet' : undefined;
  const listed = (state: string): string | undefined =>
    hasRole(READS_TRANSFERS) ? `/transfers?state=${state}` : undefined;
  return (
    <dl class="figures">
      {figure(t('overview.connections'), flow?.connections, fleet)}
      {figure(t('overview.admitted'), flow?.framesAdmitted)}
      {figure(t('overview.quarantined'), flow?.quarantined, fleet)}
      {figure(t('overview.cleared'), flow?.transfers.cleared)}
      {figure(t('overview.withheld'), flow?.transfers.withheld, listed('withheld'))}
      {figure(t('overview.delivered'), flow?.transfers.delivered, listed('delivered'))}
    </dl>
  );
}

function thresholds({ value, fault }: Followed<Counts>) {
  const gauges = value.value === undefined ? [] : gaugesOf(value.value);
  return (
    <Panel
      title={t('overview.thresholds')}
      note={value.value === undefined ? undefined : `${value.value.year}-01-01 – ${value.value.on}`}
    >
      <FaultNotice fault={fault.value} />
      {gauges.map(gauge)}
    </Panel>
  );
}

const gauge = ({ counter, rule, count, threshold, share, reachedOn, level }: Gauge) => (
  <div class="gauge">
    <div class="gauge-head">
      <strong>{named('counter', counter)}</strong>
      <span class="figure">{`${countText(count)} / ${countText(threshold)} ${t('unit.persons')} (${shareText(share)})`}</span>
    </div>
    <meter
      class={`meter-${level}`}
      min={0}
      max={threshold}
      value={count}
      aria-label={`${named('counter', counter)} ${countText(threshold)}`}
    />
    <p class={level === 'calm' ? 'quiet' : 'clock-near'}>
      {reachedOn === null ? t('overview.not-reached') : labelled('overview.reached', reachedOn)}
    </p>
    {consequence(rule)}
  </div>
);

/** What reaching a threshold asks for, and where that is written. */
function consequence(rule: string) {
  const row = lawRowOf(rule);
  if (row?.citation === undefined || row.demands === undefined) return <p class="quiet">{rule}</p>;
  return (
    <p class="quiet">
      {`${labelled('overview.then', named('demand', row.demands))} · `}
      <Cite of={row.citation} />
    </p>
  );
}

function alertList({ value, fault }: Followed<{ readonly alerts: readonly Alert[] }>) {
  const standing = (value.value?.alerts ?? []).filter(({ state }) => state !== 'closed');
  return (
    <Panel title={`${t('overview.alerts')} (${standing.length})`}>
      <FaultNotice fault={fault.value} />
      {value.value !== undefined && standing.length === 0 ? <Empty text={t('overview.alerts-empty')} /> : null}
      <ul class="list">{standing.slice(0, LISTED_MAX).map(alertItem)}</ul>
      {standing.length === 0 ? null : (
        <RouterLink to="/alerts">{{ default: () => t('overview.all-alerts') }}</RouterLink>
      )}
    </Panel>
  );
}

const alertItem = ({ code, severity, reason, subject, occurrences, lastAt }: Alert) => (
  <li>
    <div class="list-head">
      <StateTag state={severity} />
      <Moment at={lastAt} />
    </div>
    <p>
      <strong>{say(reason)}</strong>
    </p>
    <p class="quiet">
      {subjectLink(subject)}
      {occurrences > 1 ? ` · ${countText(occurrences)} ${t('unit.times')}` : ''}
      {` · ${code}`}
    </p>
  </li>
);

/** An alert about a transfer leads to it. */
const subjectLink = (subject: string) =>
  TRANSFER_ID.test(subject) && hasRole(READS_TRANSFERS) ? (
    <RouterLink to={`/transfers/${subject}`}>{{ default: () => `${t('transfers.id')} ${subject}` }}</RouterLink>
  ) : (
    subject
  );

function agendaList({ value, fault }: Followed<{ readonly agenda: readonly AgendaItem[] }>) {
  const items = value.value?.agenda ?? [];
  return (
    <Panel title={`${t('overview.agenda')} (${items.length})`}>
      <FaultNotice fault={fault.value} />
      {value.value !== undefined && items.length === 0 ? <Empty text={t('overview.agenda-empty')} /> : null}
      <ul class="list">{items.slice(0, LISTED_MAX).map(agendaItem)}</ul>
      {items.length > LISTED_MAX ? (
        <p class="quiet">{`${countText(items.length - LISTED_MAX)} ${t('overview.more-due')}`}</p>
      ) : null}
    </Panel>
  );
}

function agendaItem(item: AgendaItem) {
  const { title, citation, dueAt, state, kind, entry } = item;
  const clock = clockOf(item, nowMs());
  return (
    <li>
      <div class="list-head">
        <strong>{dueAt === undefined ? t('overview.uncountable') : dayText(dueAt)}</strong>
        {clock === undefined ? null : (
          <span class={`quiet clock-${clock.level}`}>
            {`${t(clock.isOver ? 'due.over' : 'due.left')} ${spanText(clock.minutes, spoken())}`}
          </span>
        )}
        {state === 'open' ? null : <StateTag state={state} />}
      </div>
      <p>{say(title)}</p>
      <p class="quiet">
        {dueLink(kind, entry)}
        {' · '}
        <Cite of={citation} />
      </p>
    </li>
  );
}

/** Who may see the entry is led to it. The report of the year is no entry. */
const dueLink = (kind: string, entry: string) =>
  kind !== 'report' && hasRole(READS_REGISTERS) ? (
    <RouterLink to={`/registers/${kind}/${encodeURIComponent(entry)}`}>
      {{ default: () => entryText(kind, entry) }}
    </RouterLink>
  ) : (
    entryText(kind, entry)
  );

function entryText(kind: string, entry: string): string {
  if (kind === 'report') return t('overview.annual');
  const title = registerTitleOf(kind);
  const name = kind === 'purpose' ? titleOf('purpose', entry) : entry;
  return title === undefined ? `${kind} ${name}` : `${say(title)} ${name}`;
}
