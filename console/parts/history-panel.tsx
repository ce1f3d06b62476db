import { computed, defineComponent, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import type { EntryChange, EntryHistory } from '../api/registers.ts';
import { changedKeys } from '../models/changed-keys.ts';
import { fieldText } from '../words/fields.ts';
import { queryText } from '../words/format.ts';
import { named, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { BodyFacts } from './body-facts.tsx';
import { Moment } from './moment.tsx';
import { Empty, FaultNotice } from './notices.tsx';
import { ProofCheck } from './proof-check.tsx';

const LOG = 'operations';

/** Who changed an entry and when, as the operations log has it. Read when somebody asks: each reading is an entry of the log. */
export const HistoryPanel = defineComponent(
  (props: { readonly path: string }) => {
    const pages = shallowRef<readonly EntryHistory[]>([]);
    const fault = shallowRef<Fault>();
    const changes = computed(() => pages.value.flatMap((page) => page.changes));
    const more = async (): Promise<void> => {
      const next = pages.value.at(-1)?.next;
      const query = queryText(next === undefined ? {} : { before: String(next) });
      const answer = await ask<EntryHistory>('GET', `${props.path}/history?${query}`);
      fault.value = answer.ok ? undefined : answer.fault;
      if (answer.ok) pages.value = [...pages.value, answer.value];
    };
    return () => (
      <div class="stack">
        <h3>{t('history.title')}</h3>
        <FaultNotice fault={fault.value} />
        {pages.value.length > 0 && changes.value.length === 0 ? <Empty text={t('history.empty')} /> : null}
        <ol class="steps">{changes.value.map(changeItem)}</ol>
        {pages.value.length === 0 || pages.value.at(-1)?.next !== undefined ? (
          <div class="toolbar">
            <Act text={t(pages.value.length === 0 ? 'history.show' : 'history.older')} act={more} />
          </div>
        ) : null}
      </div>
    );
  },
  { props: ['path'] },
);

function changeItem({ index, recordedAt, actor, act, reason, before, after }: EntryChange) {
  const keys = changedKeys(before?.body, after?.body);
  return (
    <li key={index}>
      <div class="list-head">
        <strong>{`${named('change', act)} · ${t('registers.version')} ${after?.version ?? '–'}`}</strong>
        <span class="cite">{`${named('log', LOG)} #${index} · ${actor}`}</span>
        <Moment at={recordedAt} />
      </div>
      {keys.length === 0 ? null : <p>{keys.map(fieldText).join(', ')}</p>}
      {reason === undefined ? null : <p class="quiet">{reason}</p>}
      <ProofCheck log={LOG} index={index} />
      {after === undefined ? null : (
        <details>
          <summary>{t('history.as-it-was')}</summary>
          <BodyFacts body={after.body} />
        </details>
      )}
    </li>
  );
}
