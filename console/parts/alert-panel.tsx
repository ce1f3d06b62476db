import { defineComponent, ref, shallowRef } from 'vue';
import { RouterLink } from 'vue-router';
import type { Fault } from '../../proto/words/fault.ts';
import type { Alert } from '../api/answers.ts';
import { ask } from '../api/client.ts';
import { subjectPath } from '../models/subject-path.ts';
import { hasRole, session } from '../session.ts';
import { countText } from '../words/format.ts';
import { named, say, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { shortCiteText } from './cite.tsx';
import { Facts } from './facts.tsx';
import { Moment } from './moment.tsx';
import { FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { ProofCheck } from './proof-check.tsx';
import { StateTag } from './state-tag.tsx';
import { TextInput } from './text-input.tsx';

const LOG = 'alerts';

/** One alert: what happened, what was done about it, and what can be: to own, acknowledge, or close it with a reason. */
export const AlertPanel = defineComponent(
  (props: { readonly alert: Alert; readonly acted: () => Promise<unknown> }) => {
    const reason = ref('');
    const fault = shallowRef<Fault>();
    const act = async (body: object): Promise<void> => {
      const answer = await ask('POST', '/alerts/acts', { id: props.alert.id, ...body });
      fault.value = answer.ok ? undefined : answer.fault;
      reason.value = '';
      await props.acted();
    };
    const acts = ({ state, owner }: Alert) => (
      <div class="toolbar">
        {owner === session.value?.account ? null : (
          <Act text={t('alerts.own')} act={() => act({ act: 'own', owner: session.value?.account })} />
        )}
        {state === 'open' ? (
          <Act text={t('alerts.acknowledge')} tone="primary" act={() => act({ act: 'acknowledge' })} />
        ) : null}
        <TextInput id="closing" label={t('alerts.reason')} of={reason} />
        <Act
          text={t('alerts.close')}
          disabled={reason.value.trim() === ''}
          act={() => act({ act: 'close', reason: reason.value.trim() })}
        />
      </div>
    );
    return () => {
      const {
        id,
        code,
        subject,
        severity,
        cite,
        reason: why,
        state,
        owner,
        occurrences,
        firstAt,
        lastAt,
      } = props.alert;
      return (
        <Panel title={say(why)} note={`${code} · ${id}`}>
          <FaultNotice fault={fault.value} />
          <Facts
            facts={[
              [t('transfers.state'), <StateTag state={state === 'open' ? 'alert-open' : state} />],
              [t('alerts.severity'), <StateTag state={severity} />],
              [t('alerts.subject'), subjectOf(code, subject)],
              [t('alerts.owner'), owner || t('alerts.nobody')],
              [t('alerts.occurrences'), countText(occurrences)],
              [t('alerts.first'), <Moment at={firstAt} />],
              [t('alerts.last'), <Moment at={lastAt} />],
              ...(cite === '' ? [] : [[t('catalogue.cite'), shortCiteText(cite)] as const]),
            ]}
          />
          {state !== 'closed' && hasRole(['security-officer']) ? acts(props.alert) : null}
          <h3>{t('alerts.acts')}</h3>
          <ol class="steps">{props.alert.acts.map(actItem)}</ol>
        </Panel>
      );
    };
  },
  { props: ['alert', 'acted'] },
);

function subjectOf(code: string, subject: string) {
  const to = subjectPath(code, subject);
  return to === undefined ? subject || '–' : <RouterLink to={to}>{{ default: () => subject }}</RouterLink>;
}

const actItem = ({ at, by, person, act, detail, index }: Alert['acts'][number]) => (
  <li key={index}>
    <div class="list-head">
      <strong>{named('alert-act', act)}</strong>
      <span class="cite">{`${named('log', LOG)} #${index} · ${person === '' ? by : `${by} (${person})`}`}</span>
      <Moment at={at} />
    </div>
    {detail === '' ? null : <p class="quiet">{detail}</p>}
    <ProofCheck log={LOG} index={index} />
  </li>
);
