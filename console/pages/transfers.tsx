import { computed, defineComponent, ref } from 'vue';
import { RouterLink } from 'vue-router';
import type { Transfer } from '../api/answers.ts';
import { follow } from '../api/follow.ts';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { type Cell, Table } from '../parts/table.tsx';
import { Choice } from '../parts/text-input.tsx';
import { hasRole } from '../session.ts';
import { countText, momentText } from '../words/format.ts';
import { named, t } from '../words/language.ts';

const LOOK_MS = 5_000;
/** Rows on the page; who looks for an older one narrows the states. */
const SHOWN_MAX = 500;

/** Every transfer that was asked for, newest first. */
export const Transfers = defineComponent(() => {
  const { value, fault } = follow<{ readonly transfers: readonly Transfer[] }>(() => '/transfers', LOOK_MS);
  const state = ref('');
  const states = computed(() => [...new Set(value.value?.transfers.map((one) => one.state))].sort());
  const shown = computed(() =>
    (value.value?.transfers ?? []).filter((one) => state.value === '' || one.state === state.value).toReversed(),
  );
  return () => (
    <div class="stack">
      <FaultNotice fault={fault.value} />
      <div class="toolbar">
        <Choice
          id="state"
          label={t('transfers.state')}
          of={state}
          options={[
            { value: '', text: t('transfers.all') },
            ...states.value.map((one) => ({ value: one, text: named('state', one) })),
          ]}
        />
        {hasRole(['requester']) ? (
          <RouterLink class="button" to="/request">
            {{ default: () => t('page.request') }}
          </RouterLink>
        ) : null}
      </div>
      {value.value !== undefined && shown.value.length === 0 ? (
        <Empty text={t('transfers.empty')} />
      ) : (
        <TransferTable transfers={shown.value.slice(0, SHOWN_MAX)} />
      )}
    </div>
  );
});

/** Transfers as rows, each leading to its own page. */
export const TransferTable = ({ transfers }: { readonly transfers: readonly Transfer[] }) => (
  <div class="panel">
    <Table
      label={t('page.transfers')}
      columns={[
        { title: t('transfers.state') },
        { title: t('transfers.requested') },
        { title: t('transfers.id') },
        { title: t('transfers.dataset') },
        { title: t('transfers.recipient') },
        { title: t('transfers.purpose') },
        { title: t('transfers.persons'), isFigure: true },
      ]}
      rows={transfers.map(rowOf)}
    />
  </div>
);

function rowOf({
  transferId,
  requestedAt,
  datasetId,
  recipientId,
  purpose,
  state,
  persons,
}: Transfer): readonly Cell[] {
  const link = <RouterLink to={`/transfers/${transferId}`}>{{ default: () => transferId }}</RouterLink>;
  return [
    <StateTag state={state} />,
    momentText(requestedAt),
    link,
    datasetId,
    recipientId,
    purpose,
    countText(persons),
  ];
}
