import { defineComponent, ref, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import { hasRole } from '../session.ts';
import { t } from '../words/language.ts';
import { Act } from './act.tsx';
import { FaultNotice } from './notices.tsx';
import { TextInput } from './text-input.tsx';

/** Who may stop a campaign, and who lets one go on; the cloud decides anew. */
const MAY_STOP = ['fleet', 'custodian', 'security-officer'] as const;
const MAY_START = ['custodian'] as const;

/** A campaign is stopped with a reason, and goes on when it is started. */
export const CampaignActs = defineComponent(
  (props: { readonly id: string; readonly isStopped: boolean; readonly acted: () => Promise<unknown> }) => {
    const reason = ref('');
    const fault = shallowRef<Fault>();
    const act = async (what: 'stop' | 'start', body: object): Promise<void> => {
      const answer = await ask('POST', `/updates/${encodeURIComponent(props.id)}/${what}`, body);
      fault.value = answer.ok ? undefined : answer.fault;
      if (answer.ok) reason.value = '';
      await props.acted();
    };
    const stopping = () => (
      <details>
        <summary>{t('updates.stop')}</summary>
        <p class="quiet">{t('updates.stop-note')}</p>
        <div class="toolbar">
          <TextInput id={`stop-${props.id}`} label={t('updates.stop-reason')} of={reason} />
          <Act
            text={t('updates.stop')}
            tone="danger"
            disabled={reason.value.trim() === ''}
            act={() => act('stop', { reason: reason.value.trim() })}
          />
        </div>
      </details>
    );
    return () => (
      <div>
        <FaultNotice fault={fault.value} />
        {props.isStopped ? (
          hasRole(MAY_START) ? (
            <Act text={t('updates.start')} tone="primary" act={() => act('start', {})} />
          ) : null
        ) : hasRole(MAY_STOP) ? (
          stopping()
        ) : null}
      </div>
    );
  },
  { props: ['id', 'isStopped', 'acted'] },
);
