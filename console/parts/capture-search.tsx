import { defineComponent, ref } from 'vue';
import type { Capture } from '../api/answers.ts';
import { follow } from '../api/follow.ts';
import { queryText } from '../words/format.ts';
import { t } from '../words/language.ts';
import { Act } from './act.tsx';
import { CaptureTable } from './capture-table.tsx';
import { Empty, FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { TextInput } from './text-input.tsx';

/** Captured connections of all time, by the address of the other end. */
export const CaptureSearch = defineComponent(() => {
  const cidr = ref('');
  const { value, fault, reload } = follow<{ readonly connections: readonly Capture[] }>(
    () => `/captures?${queryText({ cidr: cidr.value.trim() })}`,
  );
  return () => (
    <Panel title={t('audit.captures')}>
      <div class="form-row">
        <TextInput id="cidr" label={t('audit.cidr')} of={cidr} hint="203.0.113.0/24" required={false} />
      </div>
      <div class="toolbar">
        <Act text={t('audit.act')} act={reload} />
      </div>
      <FaultNotice fault={fault.value} />
      {value.value?.connections.length === 0 ? (
        <Empty text={t('captures.empty')} />
      ) : (
        <CaptureTable captures={value.value?.connections ?? []} />
      )}
    </Panel>
  );
});
