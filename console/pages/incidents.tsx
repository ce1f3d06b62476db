import { computed, defineComponent } from 'vue';
import type { AgendaItem } from '../api/answers.ts';
import { follow } from '../api/follow.ts';
import type { RegisterEntry } from '../api/registers.ts';
import { duesOf } from '../models/due-clock.ts';
import { DueList } from '../parts/due-list.tsx';
import { stateOf } from '../parts/entry-panel.tsx';
import { Facts } from '../parts/facts.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { hasRole } from '../session.ts';
import { valueText } from '../words/fields.ts';
import { momentText } from '../words/format.ts';
import { t } from '../words/language.ts';
import { entryLink } from './filings.tsx';
import { newLink } from './register.tsx';

interface Listed {
  readonly entries: readonly RegisterEntry[];
}

/** Incidents and vulnerabilities, newest first, each with the clocks that run from when it was known. */
export const Incidents = defineComponent(() => {
  const incidents = follow<Listed>(() => '/registers/incident');
  const vulnerabilities = follow<Listed>(() => '/registers/vulnerability');
  const agenda = follow<{ readonly agenda: readonly AgendaItem[] }>(() => '/agenda');
  const newest = (of: Listed | undefined): readonly RegisterEntry[] =>
    (of?.entries ?? [])
      .filter(({ isWithdrawn }) => !isWithdrawn)
      .toSorted((a, b) => Date.parse(String(b.body['knownAt'])) - Date.parse(String(a.body['knownAt'])));
  const both = computed(() => [newest(incidents.value.value), newest(vulnerabilities.value.value)] as const);
  const duesFor = ({ kind, id }: RegisterEntry) => duesOf(agenda.value.value?.agenda ?? [], kind, id);
  return () => (
    <div class="stack">
      <FaultNotice fault={incidents.fault.value ?? vulnerabilities.fault.value} />
      <Panel title={t('incidents.incidents')} note={t('incidents.note')}>
        {hasRole(['custodian']) ? <div class="toolbar">{newLink('/registers/incident?new')}</div> : null}
        {incidents.value.value !== undefined && both.value[0].length === 0 ? (
          <Empty text={t('incidents.empty')} />
        ) : (
          both.value[0].map((one) => eventBlock(one, String(one.body['level']), duesFor(one)))
        )}
      </Panel>
      <Panel title={t('incidents.vulnerabilities')} note={t('incidents.vulnerabilities-note')}>
        {hasRole(['custodian']) ? <div class="toolbar">{newLink('/registers/vulnerability?new')}</div> : null}
        {vulnerabilities.value.value !== undefined && both.value[1].length === 0 ? (
          <Empty text={t('incidents.no-vulnerabilities')} />
        ) : (
          both.value[1].map((one) => eventBlock(one, String(one.body['severity']), duesFor(one)))
        )}
      </Panel>
    </div>
  );
});

function eventBlock(entry: RegisterEntry, level: string, dues: readonly AgendaItem[]) {
  const { kind, id, body } = entry;
  const reports = (body['reports'] ?? []) as readonly { readonly to: string }[];
  return (
    <section class="event" key={`${kind}/${id}`} aria-label={String(body['title'])}>
      <h3>
        {String(body['title'])} <StateTag state={stateOf(entry)} />
      </h3>
      <Facts
        facts={[
          [t('registers.entry'), entryLink(kind, id)],
          [t('incidents.level'), valueText(level)],
          [t('incidents.known'), momentText(String(body['knownAt']))],
          ...(kind === 'incident'
            ? ([[t('incidents.reported'), reports.map(({ to }) => valueText(to)).join(', ') || '–']] as const)
            : ([[t('incidents.reported'), valueText(String(body['platform']))]] as const)),
        ]}
      />
      {dues.length === 0 ? <p class="quiet">{t('incidents.nothing-due')}</p> : <DueList items={dues} />}
    </section>
  );
}
