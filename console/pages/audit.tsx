import { defineComponent } from 'vue';
import { follow } from '../api/follow.ts';
import type { LogHead } from '../api/log-entries.ts';
import { BundlePanel, mayInspect } from '../parts/bundle-panel.tsx';
import { CaptureSearch } from '../parts/capture-search.tsx';
import { EntrySearch } from '../parts/entry-search.tsx';
import { MonthAudits } from '../parts/month-audits.tsx';
import { FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { countText } from '../words/format.ts';
import { named, t } from '../words/language.ts';

/** Three logs with their signed heads; entries to be searched and checked here; captured connections by address. */
export const Audit = defineComponent(() => {
  const heads = follow<{ readonly logs: readonly LogHead[] }>(() => '/logs');
  return () => (
    <div class="stack">
      <FaultNotice fault={heads.fault.value} />
      <Panel title={t('audit.heads')}>{headsOf(heads.value.value?.logs ?? [])}</Panel>
      {mayInspect() ? <BundlePanel kind="inspection" /> : null}
      <EntrySearch logs={heads.value.value?.logs.map(({ name }) => name) ?? ['operations']} />
      <BundlePanel kind="logs" />
      <MonthAudits />
      <CaptureSearch />
      <BundlePanel kind="captures" />
    </div>
  );
});

const headsOf = (logs: readonly LogHead[]) => (
  <Table
    label={t('audit.heads')}
    columns={[
      { title: t('audit.log') },
      { title: t('audit.origin') },
      { title: t('audit.size'), isFigure: true },
      { title: t('audit.root') },
    ]}
    rows={logs.map(({ name, origin, size, root }) => [
      named('log', name),
      origin,
      size === undefined ? '–' : countText(size),
      <span class="path">{root ?? t('audit.unreadable')}</span>,
    ])}
  />
);
