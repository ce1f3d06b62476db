import { defineComponent, onScopeDispose, ref } from 'vue';
import type { AgendaItem } from '../api/answers.ts';
import { clockOf } from '../models/due-clock.ts';
import { spanText } from '../words/format.ts';
import { say, spoken, t } from '../words/language.ts';
import { Cite } from './cite.tsx';
import { nowMs } from './clock.ts';
import { Moment } from './moment.tsx';
import { StateTag } from './state-tag.tsx';

const TURN_MS = 30_000;

/** Clocks that run, each with how long is left; they go on while somebody looks. */
export const DueList = defineComponent(
  (props: { readonly items: readonly AgendaItem[] }) => {
    const now = ref(nowMs());
    const timer = setInterval(() => {
      now.value = nowMs();
    }, TURN_MS);
    onScopeDispose(() => clearInterval(timer));
    return () => <ul class="list">{props.items.map((item) => dueItem(item, now.value))}</ul>;
  },
  { props: ['items'] },
);

function dueItem(item: AgendaItem, now: number) {
  const { title, citation, dueAt, state } = item;
  const clock = clockOf(item, now);
  return (
    <li>
      <div class="list-head">
        <strong class={`clock clock-${clock?.level ?? 'over'}`}>
          {clock === undefined
            ? t('overview.uncountable')
            : `${t(clock.isOver ? 'due.over' : 'due.left')} ${spanText(clock.minutes, spoken())}`}
        </strong>
        {state === 'open' ? null : <StateTag state={state} />}
        {dueAt === undefined ? null : <Moment at={dueAt} />}
      </div>
      <p>{say(title)}</p>
      <p class="quiet">
        <Cite of={citation} />
      </p>
    </li>
  );
}
