import { defineComponent, ref } from 'vue';
import type { Capture } from '../api/answers.ts';
import { follow } from '../api/follow.ts';
import { instantText, isTimeOrNone } from '../models/typed-time.ts';
import { queryText } from '../words/format.ts';
import { t } from '../words/language.ts';
import { Act } from './act.tsx';
import { CaptureTable } from './capture-table.tsx';
import { DayInput } from './day-input.tsx';
import { Empty, FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { TextInput } from './text-input.tsx';

/** Captured connections by time and by the address of the other end; of all time, where no time is said. */
export const CaptureSearch = defineComponent(() => {
  const [cidr, from, to] = [ref(''), ref(''), ref('')];
  const { value, fault, reload } = follow<{ readonly connections: readonly Capture[] }>(
    () =>
      `/captures?${queryText({ cidr: cidr.value.trim(), from: instantText(from.value), to: instantText(to.value) })}`,
  );
  return () => (
    <Panel title={t('audit.captures')} note={t('audit.captures-note')}>
      <div class="form-row">
        <DayInput id="captures-from" kind="moment" label={t('audit.from')} of={from} required={false} />
        <DayInput id="captures-to" kind="moment" label={t('audit.to')} of={to} required={false} />
        <TextInput id="cidr" label={t('audit.cidr')} of={cidr} hint={t('audit.cidr-hint')} required={false} />
      </div>
      <div class="toolbar">
        <Act
          text={t('audit.act')}
          tone="primary"
          disabled={!isTimeOrNone(from.value) || !isTimeOrNone(to.value)}
          act={reload}
        />
      </div>
      <FaultNotice fault={fault.value} />
      {value.value?.connections.length === 0 ? (
        <Empty text={t('captures.none-fits')} />
      ) : (
        <CaptureTable captures={value.value?.connections ?? []} />
      )}
    </Panel>
  );
});
