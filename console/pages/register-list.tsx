import { computed, defineComponent, ref, shallowRef } from 'vue';
import { RouterLink } from 'vue-router';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import type { RegisterEntry } from '../api/registers.ts';
import { titleIn } from '../models/entry-title.ts';
import { stateOf } from '../parts/entry-panel.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { Table } from '../parts/table.tsx';
import { TextInput } from '../parts/text-input.tsx';
import { countText, queryText } from '../words/format.ts';
import { say, t } from '../words/language.ts';

const LIMIT = 200;

interface Listed {
  readonly entries: readonly RegisterEntry[];
  readonly next?: string;
}

/** Entries of one register, by name; each leads to its own page. */
export const RegisterList = defineComponent(
  (props: { readonly kind: string; readonly title: string }, { slots }) => {
    const path = `/registers/${props.kind}`;
    const first = follow<Listed>(() => `${path}?${queryText({ limit: String(LIMIT) })}`);
    const later = shallowRef<readonly Listed[]>([]);
    const sought = ref('');
    const pages = computed(() => (first.value.value === undefined ? [] : [first.value.value, ...later.value]));
    const shown = computed(() =>
      pages.value.flatMap(({ entries }) => entries).filter((entry) => isMeant(entry, sought.value)),
    );
    const more = async (after: string): Promise<void> => {
      const answer = await ask<Listed>('GET', `${path}?${queryText({ limit: String(LIMIT), after })}`);
      if (answer.ok) later.value = [...later.value, answer.value];
    };
    const next = computed(() => pages.value.at(-1)?.next);
    return () => (
      <Panel title={props.title}>
        <FaultNotice fault={first.fault.value} />
        <div class="toolbar">
          {slots['acts']?.()}
          {pages.value[0]?.entries.length === 0 ? null : (
            <TextInput id="sought" label={t('registers.seek')} of={sought} type="search" required={false} />
          )}
        </div>
        {first.value.value !== undefined && shown.value.length === 0 ? (
          <Empty text={t('registers.empty')} />
        ) : (
          entryTable(shown.value)
        )}
        {next.value === undefined ? null : (
          <button type="button" class="link" onClick={() => void more(next.value ?? '')}>
            {t('word.next')}
          </button>
        )}
      </Panel>
    );
  },
  { props: ['kind', 'title'] },
);

const entryTable = (entries: readonly RegisterEntry[]) => (
  <Table
    label={t('registers.list')}
    columns={[
      { title: t('registers.entry'), by: entries.map(({ id }) => id) },
      { title: t('registers.title'), isProse: true, by: entries.map(titleText) },
      { title: t('transfers.state'), by: entries.map(stateOf) },
      { title: t('registers.from'), by: entries.map((entry) => dayOf(entry, 'validFrom')) },
      { title: t('registers.until'), by: entries.map((entry) => dayOf(entry, 'validUntil')) },
      { title: t('registers.version'), isFigure: true },
      { title: t('registers.documents'), isFigure: true },
    ]}
    rows={entries.map((entry) => [
      <RouterLink to={`/registers/${entry.kind}/${encodeURIComponent(entry.id)}`}>
        {{ default: () => entry.id }}
      </RouterLink>,
      titleText(entry) || '–',
      <StateTag state={stateOf(entry)} />,
      dayOf(entry, 'validFrom'),
      dayOf(entry, 'validUntil'),
      countText(entry.version),
      countText(entry.attachments.length),
    ])}
  />
);

const titleText = (entry: RegisterEntry): string => say(titleIn(entry) ?? '');

const isMeant = (entry: RegisterEntry, sought: string): boolean =>
  `${entry.id}\n${titleText(entry)}`.toLowerCase().includes(sought.trim().toLowerCase());

/** Not every kind ends. */
const dayOf = ({ body }: RegisterEntry, key: 'validFrom' | 'validUntil'): string => {
  const day = body[key];
  return typeof day === 'string' ? day : '–';
};
