import { computed, defineComponent, ref, watch } from 'vue';
import { follow } from '../api/follow.ts';
import type { RegisterEntry, RegisterKind } from '../api/registers.ts';
import { EntryPanel } from '../parts/entry-panel.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { Table } from '../parts/table.tsx';
import { Choice } from '../parts/text-input.tsx';
import { countText } from '../words/format.ts';
import { say, t } from '../words/language.ts';

/** Who may read is a register too, which others than these look after. */
const APART = 'principal';

/** What is on file: papers, recipients, filings, incidents. An entry opens below the list. */
export const Registers = defineComponent(() => {
  const kinds = follow<{ readonly kinds: readonly RegisterKind[] }>(() => '/registers');
  const kind = ref('recipient');
  const chosen = ref<string>();
  const listed = follow<{ readonly entries: readonly RegisterEntry[] }>(() => `/registers/${kind.value}`);
  watch(kind, () => {
    chosen.value = undefined;
    void listed.reload();
  });
  const open = (id: string): void => {
    chosen.value = id;
  };
  const options = computed(() =>
    (kinds.value.value?.kinds ?? [])
      .filter(({ id }) => id !== APART)
      .map(({ id, title }) => ({ value: id, text: say(title) })),
  );
  const entries = computed(() => (listed.value.value?.entries ?? []).filter((one) => one.kind === kind.value));
  return () => (
    <div class="stack">
      <FaultNotice fault={kinds.fault.value ?? listed.fault.value} />
      <Panel title={t('registers.list')}>
        <div class="form-row">
          <Choice id="kind" label={t('registers.kind')} of={kind} options={options.value} />
        </div>
        {listed.value.value !== undefined && entries.value.length === 0 ? (
          <Empty text={t('registers.empty')} />
        ) : (
          entryTable(entries.value, open)
        )}
      </Panel>
      {chosen.value === undefined ? null : (
        <EntryPanel key={`${kind.value}/${chosen.value}`} kind={kind.value} id={chosen.value} acted={listed.reload} />
      )}
    </div>
  );
});

const entryTable = (entries: readonly RegisterEntry[], open: (id: string) => void) => (
  <Table
    label={t('registers.list')}
    columns={[
      { title: t('registers.entry') },
      { title: t('transfers.state') },
      { title: t('registers.from') },
      { title: t('registers.until') },
      { title: t('registers.version'), isFigure: true },
      { title: t('registers.documents'), isFigure: true },
    ]}
    rows={entries.map((entry) => [
      <button type="button" class="link" onClick={() => open(entry.id)}>
        {entry.id}
      </button>,
      <StateTag state={stateOf(entry)} />,
      dayOf(entry, 'validFrom'),
      dayOf(entry, 'validUntil'),
      countText(entry.version),
      countText(entry.attachments.length),
    ])}
  />
);

const stateOf = ({ isWithdrawn, pending }: RegisterEntry): string =>
  isWithdrawn ? 'withdrawn' : pending === undefined ? 'standing' : 'awaiting-confirmation';

/** Not every kind ends. */
const dayOf = ({ body }: RegisterEntry, key: 'validFrom' | 'validUntil'): string => {
  const day = body[key];
  return typeof day === 'string' ? day : '–';
};
