import { computed, defineComponent, type Ref, ref } from 'vue';
import { follow } from '../api/follow.ts';
import type { FoundEntries } from '../api/log-entries.ts';
import { instantText, isTimeOrNone } from '../models/typed-time.ts';
import { queryText } from '../words/format.ts';
import { named, stepNames, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { DayInput } from './day-input.tsx';
import { Empty, FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { StepList } from './step-list.tsx';
import { Choice, TextInput } from './text-input.tsx';

const LIMIT = 50;

/** Entries of one log, newest first; each can be checked here. */
export const EntrySearch = defineComponent(
  (props: { readonly logs: readonly string[] }) => {
    const [log, kind, transfer, actor] = [ref('operations'), ref(''), ref(''), ref('')];
    const [before, from, to] = [ref(''), ref(''), ref('')];
    const entries = follow<FoundEntries>(() => {
      const sought = { kind: kind.value.trim(), transfer: transfer.value.trim(), actor: actor.value.trim() };
      const times = { from: instantText(from.value), to: instantText(to.value) };
      return `/logs/${log.value}/entries?${queryText({ ...sought, ...times, before: before.value, limit: String(LIMIT) })}`;
    });
    const turnTo = async (next: string): Promise<void> => {
      before.value = next;
      await entries.reload();
    };
    const found = computed(() => (entries.value.value?.entries ?? []).map((entry) => ({ log: log.value, entry })));
    return () => (
      <Panel title={t('audit.search')} note={t('audit.search-note')}>
        <div class="form-row">
          <Choice
            id="log"
            label={t('audit.log')}
            of={log}
            options={props.logs.map((name) => ({ value: name, text: named('log', name) }))}
          />
          <Choice
            id="kind"
            label={t('audit.kind')}
            of={kind}
            options={[
              { value: '', text: t('transfers.all') },
              ...stepNames().map(([value, text]) => ({ value, text })),
            ]}
          />
          {narrowings({ transfer, actor, from, to })}
        </div>
        <div class="toolbar">
          <Act
            text={t('audit.act')}
            tone="primary"
            disabled={!isTimeOrNone(from.value) || !isTimeOrNone(to.value)}
            act={() => turnTo('')}
          />
        </div>
        <FaultNotice fault={entries.fault.value} />
        {entries.value.value !== undefined && found.value.length === 0 ? (
          <Empty text={t('audit.empty')} />
        ) : (
          <StepList steps={found.value} />
        )}
        <div class="toolbar">
          {before.value === '' ? null : <Act text={t('word.first')} act={() => turnTo('')} />}
          {entries.value.value?.next === undefined ? null : (
            <Act text={t('audit.older')} act={() => turnTo(String(entries.value.value?.next ?? ''))} />
          )}
        </div>
      </Panel>
    );
  },
  { props: ['logs'] },
);

interface Narrowings {
  readonly transfer: Ref<string>;
  readonly actor: Ref<string>;
  readonly from: Ref<string>;
  readonly to: Ref<string>;
}

/** What entries are told apart by beside their log and kind; each may stay empty. */
const narrowings = ({ transfer, actor, from, to }: Narrowings) => [
  <TextInput id="transfer" label={t('transfers.id')} of={transfer} required={false} />,
  <TextInput id="actor" label={t('audit.actor')} of={actor} required={false} />,
  <DayInput id="entries-from" kind="moment" label={t('audit.from')} of={from} required={false} />,
  <DayInput id="entries-to" kind="moment" label={t('audit.to')} of={to} required={false} />,
];
