import { computed, defineComponent, ref } from 'vue';
import { RouterLink } from 'vue-router';
import type { Alert } from '../api/answers.ts';
import { follow } from '../api/follow.ts';
import { Act } from '../parts/act.tsx';
import { AlertPanel } from '../parts/alert-panel.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { Table } from '../parts/table.tsx';
import { Choice } from '../parts/text-input.tsx';
import { countText, momentText } from '../words/format.ts';
import { named, say, t } from '../words/language.ts';

const SEVERITIES = ['low', 'medium', 'high', 'critical'];
const TRANSFER_ID = /^t\d{8}-[0-9a-f]+$/;
const STATES = ['open', 'acknowledged', 'closed'] as const;
const STANDING = 'standing';
/** Rows on the page; older ones are in the log. */
const SHOWN_MAX = 300;

/** Alerts, newest first. It is asked anew when somebody wants it: each reading is an entry of the log. */
export const Alerts = defineComponent(() => {
  const { value, fault, reload } = follow<{ readonly alerts: readonly Alert[] }>(() => '/alerts');
  const state = ref<string>(STANDING);
  const chosen = ref<string>();
  const alerts = computed(() => value.value?.alerts ?? []);
  const shown = computed(() =>
    alerts.value.filter((one) =>
      state.value === STANDING ? one.state !== 'closed' : state.value === '' || one.state === state.value,
    ),
  );
  const alert = computed(() => alerts.value.find(({ id }) => id === chosen.value));
  return () => (
    <div class="stack">
      <FaultNotice fault={fault.value} />
      <Panel title={t('page.alerts')} note={t('alerts.note')}>
        <div class="toolbar">
          <Choice
            id="state"
            label={t('transfers.state')}
            of={state}
            options={[
              { value: STANDING, text: t('alerts.standing') },
              ...STATES.map((one) => ({ value: one, text: named('state', one === 'open' ? 'alert-open' : one) })),
              { value: '', text: t('transfers.all') },
            ]}
          />
          <Act text={t('word.reload')} act={reload} />
        </div>
        {value.value !== undefined && shown.value.length === 0 ? (
          <Empty text={t('overview.alerts-empty')} />
        ) : (
          alertTable(shown.value.slice(0, SHOWN_MAX), (id) => {
            chosen.value = id;
          })
        )}
      </Panel>
      {alert.value === undefined ? null : <AlertPanel key={alert.value.id} alert={alert.value} acted={reload} />}
    </div>
  );
});

/** An alert about a transfer leads to it. */
const subjectOf = (subject: string) =>
  TRANSFER_ID.test(subject) ? (
    <RouterLink to={`/transfers/${subject}`}>{{ default: () => subject }}</RouterLink>
  ) : (
    subject || '–'
  );

const alertTable = (alerts: readonly Alert[], open: (id: string) => void) => (
  <Table
    label={t('page.alerts')}
    columns={[
      { title: t('alerts.severity'), by: alerts.map(({ severity }) => SEVERITIES.indexOf(severity)) },
      { title: t('alerts.code'), isProse: true },
      { title: t('transfers.state'), by: alerts.map(({ state }) => state) },
      { title: t('alerts.subject') },
      { title: t('alerts.owner') },
      { title: t('alerts.occurrences'), isFigure: true, by: alerts.map(({ occurrences }) => occurrences) },
      { title: t('alerts.last'), by: alerts.map(({ lastAt }) => lastAt) },
    ]}
    rows={alerts.map(({ id, severity, code, reason, state, subject, owner, occurrences, lastAt }) => [
      <StateTag state={severity} />,
      <span class="stack-tight">
        <button type="button" class="link" onClick={() => open(id)}>
          {say(reason)}
        </button>
        <span class="cite">{code}</span>
      </span>,
      <StateTag state={state === 'open' ? 'alert-open' : state} />,
      subjectOf(subject),
      owner || '–',
      countText(occurrences),
      momentText(lastAt),
    ])}
  />
);
