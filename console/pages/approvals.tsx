import { computed, defineComponent } from 'vue';
import type { Transfer } from '../api/answers.ts';
import { follow } from '../api/follow.ts';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { t } from '../words/language.ts';
import { TransferTable } from './transfers.tsx';

const LOOK_MS = 5_000;

/** What waits for a second pair of eyes, oldest first; it is approved on its own page, after it was read. */
export const Approvals = defineComponent(() => {
  const { value, fault } = follow<{ readonly transfers: readonly Transfer[] }>(() => '/transfers', LOOK_MS);
  const waiting = computed(() => (value.value?.transfers ?? []).filter(({ state }) => state === 'awaiting-approval'));
  return () => (
    <div class="stack">
      <FaultNotice fault={fault.value} />
      <p class="quiet">{t('approvals.note')}</p>
      {waiting.value.length === 0 ? <Empty text={t('approvals.empty')} /> : <TransferTable transfers={waiting.value} />}
    </div>
  );
});
