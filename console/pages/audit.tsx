import { computed, defineComponent, ref } from 'vue';
import type { Capture } from '../api/answers.ts';
import { follow } from '../api/follow.ts';
import type { FoundEntries, LogHead } from '../api/log-entries.ts';
import { CaptureTable } from '../parts/capture-table.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { StepList } from '../parts/step-list.tsx';
import { Table } from '../parts/table.tsx';
import { Choice, TextInput } from '../parts/text-input.tsx';
import { Act } from '../parts/act.tsx';
import { countText } from '../words/format.ts';
import { t } from '../words/language.ts';

const LIMIT = 50;

/** Three logs with their signed heads; entries to be searched and checked here; captured connections by address. */
export const Audit = defineComponent(() => {
  const heads = follow<{ readonly logs: readonly LogHead[] }>(() => '/logs');
  const [log, kind, transfer, cidr] = [ref('operations'), ref(''), ref(''), ref('')];
  const query = (parts: Readonly<Record<string, string>>): string =>
    new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== '')).toString();
  const entries = follow<FoundEntries>(
    () => `/logs/${log.value}/entries?${query({ kind: kind.value.trim(), transfer: transfer.value.trim(), limit: String(LIMIT) })}`,
  );
  const captures = follow<{ readonly connections: readonly Capture[] }>(() => `/captures?${query({ cidr: cidr.value.trim() })}`);
  const found = computed(() => (entries.value.value?.entries ?? []).map((entry) => ({ log: log.value, entry })));
  const names = computed(() => (heads.value.value?.logs ?? [{ name: 'operations' }]).map(({ name }) => name));
  return () => (
    <div class="stack">
      <FaultNotice fault={heads.fault.value} />
      <Panel title={t('audit.heads')}>
        <Table
          label={t('audit.heads')}
          columns={[{ title: t('audit.log') }, { title: t('audit.origin') }, { title: t('audit.size'), isFigure: true }, { title: t('audit.root') }]}
          rows={(heads.value.value?.logs ?? []).map(({ name, origin, size, root }) => [
            name,
            origin,
            size === undefined ? '–' : countText(size),
            <span class="path">{root ?? t('audit.unreadable')}</span>,
          ])}
        />
      </Panel>
      <Panel title={t('audit.search')} note={t('audit.search-note')}>
        <div class="form-row">
          <Choice id="log" label={t('audit.log')} of={log} options={names.value.map((name) => ({ value: name, text: name }))} />
          <TextInput id="kind" label={t('audit.kind')} of={kind} hint="verdict, permit, closed, data-read" required={false} />
          <TextInput id="transfer" label={t('transfers.id')} of={transfer} required={false} />
        </div>
        <div class="toolbar">
          <Act text={t('audit.act')} tone="primary" act={entries.reload} />
        </div>
        <FaultNotice fault={entries.fault.value} />
        {entries.value.value !== undefined && found.value.length === 0 ? <Empty text={t('audit.empty')} /> : <StepList steps={found.value} />}
      </Panel>
      <Panel title={t('audit.captures')}>
        <div class="form-row">
          <TextInput id="cidr" label={t('audit.cidr')} of={cidr} hint="203.0.113.0/24" required={false} />
        </div>
        <div class="toolbar">
          <Act text={t('audit.act')} act={captures.reload} />
        </div>
        <FaultNotice fault={captures.fault.value} />
        {captures.value.value?.connections.length === 0 ? (
          <Empty text={t('captures.empty')} />
        ) : (
          <CaptureTable captures={captures.value.value?.connections ?? []} />
        )}
      </Panel>
    </div>
  );
});
