import { computed, defineComponent } from 'vue';
import { RouterLink } from 'vue-router';
import type { AgendaItem } from '../api/answers.ts';
import { follow } from '../api/follow.ts';
import type { RegisterKind } from '../api/registers.ts';
import { PRINCIPALS } from '../models/register-roles.ts';
import { FileImportPanel } from '../parts/file-import-panel.tsx';
import { FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { hasRole } from '../session.ts';
import { countText } from '../words/format.ts';
import { say, t } from '../words/language.ts';

/** What is on file, by register, with what is due in each. */
export const Registers = defineComponent(() => {
  const kinds = follow<{ readonly kinds: readonly RegisterKind[] }>(() => '/registers');
  const agenda = follow<{ readonly agenda: readonly AgendaItem[] }>(() => '/agenda');
  // Who may read is looked after on the page of the accounts.
  const shown = computed(() => (kinds.value.value?.kinds ?? []).filter(({ id }) => id !== PRINCIPALS));
  const dueOf = (kind: string): number =>
    (agenda.value.value?.agenda ?? []).filter((item) => item.kind === kind).length;
  return () => (
    <div class="stack">
      <FaultNotice fault={kinds.fault.value} />
      <Panel title={t('registers.kinds')} note={t('registers.kinds-note')}>
        <Table
          label={t('registers.kinds')}
          columns={[
            { title: t('registers.kind'), isProse: true, by: shown.value.map(({ title }) => say(title)) },
            { title: t('registers.word') },
            { title: t('registers.due'), isFigure: true, by: shown.value.map(({ id }) => dueOf(id)) },
          ]}
          rows={shown.value.map(({ id, title }) => [
            <RouterLink to={`/registers/${id}`}>{{ default: () => say(title) }}</RouterLink>,
            <span class="path">{id}</span>,
            dueOf(id) === 0 ? '–' : countText(dueOf(id)),
          ])}
        />
      </Panel>
      {hasRole(['custodian']) ? <FileImportPanel /> : null}
    </div>
  );
});
