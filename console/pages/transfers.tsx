import { computed, defineComponent, ref, shallowRef, watch } from 'vue';
import { RouterLink, useRoute } from 'vue-router';
import type { Transfer, TransferState } from '../api/answers.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import { titleOf } from '../api/titles.ts';
import { Act } from '../parts/act.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { type Cell, Table } from '../parts/table.tsx';
import { Choice } from '../parts/text-input.tsx';
import { hasRole } from '../session.ts';
import { countText, momentText, queryText } from '../words/format.ts';
import { named, t } from '../words/language.ts';

const LOOK_MS = 5_000;
const STATES: readonly TransferState[] = [
  ...(['requested', 'awaiting-approval', 'permitted', 'delivered', 'withheld'] as const),
  ...(['failed', 'refused', 'rejected', 'lapsed', 'revoked'] as const),
];

export interface TransferPage {
  readonly transfers: readonly Transfer[];
  readonly next?: string;
}

/** Every transfer that was asked for, newest first, a page at a time; the newest page goes on by itself. */
export const Transfers = defineComponent(() => {
  const { query } = useRoute();
  const state = ref(STATES.find((one) => one === query['state']) ?? '');
  const pathOf = (before = ''): string => `/transfers?${queryText({ state: state.value, before })}`;
  const newest = follow<TransferPage>(() => pathOf(), LOOK_MS);
  const older = shallowRef<readonly TransferPage[]>([]);
  watch(state, () => {
    older.value = [];
    void newest.reload();
  });
  const pages = computed(() => (newest.value.value === undefined ? [] : [newest.value.value, ...older.value]));
  const shown = computed(() => unique(pages.value.flatMap(({ transfers }) => transfers)));
  const more = async (): Promise<void> => {
    const before = pages.value.at(-1)?.next;
    if (before === undefined) return;
    const answer = await ask<TransferPage>('GET', pathOf(before));
    if (answer.ok) older.value = [...older.value, answer.value];
  };
  return () => (
    <div class="stack">
      <FaultNotice fault={newest.fault.value} />
      <div class="toolbar">
        <Choice
          id="state"
          label={t('transfers.state')}
          of={state}
          options={[
            { value: '', text: t('transfers.all') },
            ...STATES.map((one) => ({ value: one, text: named('state', one) })),
          ]}
        />
        {hasRole(['requester']) ? (
          <RouterLink class="button" to="/request">
            {{ default: () => t('page.request') }}
          </RouterLink>
        ) : null}
      </div>
      {newest.value.value !== undefined && shown.value.length === 0 ? (
        <Empty text={t('transfers.empty')} />
      ) : (
        <TransferTable transfers={shown.value} />
      )}
      {pages.value.at(-1)?.next === undefined ? null : (
        <div class="toolbar">
          <Act text={t('transfers.older')} act={more} />
        </div>
      )}
    </div>
  );
});

/** What moved to the next page while it was looked at stands on both. */
function unique(transfers: readonly Transfer[]): readonly Transfer[] {
  return [...new Map(transfers.map((one) => [one.transferId, one])).values()];
}

/** Transfers as rows, each leading to its own page. */
export const TransferTable = ({ transfers }: { readonly transfers: readonly Transfer[] }) => (
  <div class="panel">
    <Table
      label={t('page.transfers')}
      columns={[
        { title: t('transfers.state'), by: transfers.map(({ state }) => named('state', state)) },
        { title: t('transfers.dataset'), isProse: true, by: transfers.map(({ datasetId }) => datasetId) },
        { title: t('transfers.recipient'), isProse: true, by: transfers.map(({ recipientId }) => recipientId) },
        { title: t('transfers.purpose'), isProse: true, by: transfers.map(({ purpose }) => purpose) },
        { title: t('transfers.persons'), isFigure: true, by: transfers.map(({ persons }) => persons) },
        { title: t('transfers.requested'), by: transfers.map(({ requestedAt }) => requestedAt) },
      ]}
      rows={transfers.map(rowOf)}
    />
  </div>
);

function rowOf(transfer: Transfer): readonly Cell[] {
  const { transferId, requestedAt, datasetId, recipientId, purpose, state, persons } = transfer;
  const link = (
    <div>
      <RouterLink to={`/transfers/${transferId}`}>{{ default: () => titleOf('dataset', datasetId) }}</RouterLink>
      <div class="path quiet">{`${datasetId} · ${transferId}`}</div>
    </div>
  );
  return [
    ...[<StateTag state={state} />, link, titleOf('recipient', recipientId), titleOf('purpose', purpose)],
    ...[countText(persons), momentText(requestedAt)],
  ];
}
