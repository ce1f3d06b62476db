import { computed, defineComponent } from 'vue';
import { follow } from '../api/follow.ts';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { t } from '../words/language.ts';
import { type TransferPage, TransferTable } from './transfers.tsx';

const LOOK_MS = 5_000;

/** What waits for a second pair of eyes, oldest first; it is approved on its own page, after it was read. */
export const Approvals = defineComponent(() => {
  const { value, fault } = follow<TransferPage>(() => '/transfers?state=awaiting-approval&limit=500', LOOK_MS);
  const waiting = computed(() => (value.value?.transfers ?? []).toReversed());
  return () => (
    <div class="stack">
      <FaultNotice fault={fault.value} />
      <p class="quiet">{t('approvals.note')}</p>
      {value.value === undefined ? null : waiting.value.length === 0 ? (
        <Empty text={t('approvals.empty')} />
      ) : (
        <TransferTable transfers={waiting.value} />
      )}
    </div>
  );
});
