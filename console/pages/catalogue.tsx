import { computed, defineComponent, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Fault } from '../../proto/words/fault.ts';
import type { CatalogueRow } from '../api/answers.ts';
import { ask } from '../api/client.ts';
import { shortCiteText } from '../parts/cite.tsx';
import { ClassifyPanel } from '../parts/classify-panel.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { Choice, TextInput } from '../parts/text-input.tsx';
import { countText } from '../words/format.ts';
import { named, say, t } from '../words/language.ts';

const LIMIT = 100;
const TYPING_MS = 250;
const CLASSES = ['general', 'personal', 'sensitive', 'geographic', 'important', 'core'] as const;

interface Found {
  readonly total: number;
  readonly rows: readonly CatalogueRow[];
}

/** What a signal or a kind of content is: class, zone, whether it may go, why, after which article. And the same of one record. */
export const Catalogue = defineComponent(() => {
  const { query } = useRoute();
  const router = useRouter();
  const text = ref(typeof query['text'] === 'string' ? query['text'] : '');
  const dataClass = ref(typeof query['class'] === 'string' ? query['class'] : '');
  const found = shallowRef<Found>();
  const fault = shallowRef<Fault>();
  const asked = computed(() => {
    const sought = {
      ...(text.value.trim() && { text: text.value.trim() }),
      ...(dataClass.value && { class: dataClass.value }),
    };
    return new URLSearchParams(sought).toString();
  });
  const look = async (): Promise<void> => {
    const wanted = asked.value;
    const answer = await ask<Found>('GET', `/catalogue?limit=${LIMIT}&${wanted}`);
    if (wanted !== asked.value) return;
    fault.value = answer.ok ? undefined : answer.fault;
    if (answer.ok) found.value = answer.value;
    await router.replace(`/catalogue${wanted === '' ? '' : `?${wanted}`}`);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(asked, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), TYPING_MS);
  });
  onScopeDispose(() => clearTimeout(timer));
  void look();
  return () => (
    <div class="stack">
      <Panel title={t('catalogue.search')}>
        <div class="form-row">
          <TextInput
            id="text"
            label={t('catalogue.text')}
            of={text}
            type="search"
            hint={t('catalogue.text-hint')}
            required={false}
          />
          <Choice
            id="class"
            label={t('catalogue.class')}
            of={dataClass}
            options={[
              { value: '', text: t('transfers.all') },
              ...CLASSES.map((one) => ({ value: one, text: named('class', one) })),
            ]}
          />
        </div>
        <FaultNotice fault={fault.value} />
        <p class="quiet" role="status">
          {found.value === undefined ? '' : foundText(found.value)}
        </p>
        {found.value?.rows.length === 0 ? <Empty text={t('catalogue.empty')} /> : rowsOf(found.value?.rows ?? [])}
      </Panel>
      <ClassifyPanel />
    </div>
  );
});

const foundText = ({ total, rows }: Found): string => {
  const all = `${countText(total)} ${t('catalogue.found')}`;
  return rows.length < total ? `${all}; ${t('catalogue.first')} ${countText(rows.length)}` : all;
};

const rowsOf = (rows: readonly CatalogueRow[]) => (
  <Table
    label={t('page.catalogue')}
    columns={[
      { title: t('catalogue.path'), isProse: true, by: rows.map(({ path }) => path) },
      { title: t('catalogue.class'), isProse: true, by: rows.map((row) => row.class) },
      { title: t('catalogue.export'), isProse: true },
      { title: t('catalogue.zone'), isProse: true },
      { title: t('catalogue.reason'), isProse: true },
      { title: t('catalogue.cite'), isProse: true },
    ]}
    rows={rows.map(({ path, classes, exportable, zone, reason, cite }) => [
      <span class="path">{path}</span>,
      classes.map((one) => named('class', one)).join(', '),
      t(exportable ? 'catalogue.exportable' : 'catalogue.domestic'),
      named('zone', zone),
      say(reason),
      shortCiteText(cite),
    ])}
  />
);
