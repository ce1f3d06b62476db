import { defineComponent, ref, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import { hasRole } from '../session.ts';
import { named, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { FaultNotice } from './notices.tsx';
import { Choice, TextInput } from './text-input.tsx';

const TRUST = ['trusted', 'watched', 'barred'] as const;

/** Believing a device more or less, and shutting it out for good; each with a reason that goes into the log. */
export const DeviceActs = defineComponent(
  (props: { readonly device: string; readonly acted: () => Promise<unknown> }) => {
    const [to, reason] = [ref('watched'), ref('')];
    const fault = shallowRef<Fault>();
    const act = async (what: 'trust' | 'revocation', body: object): Promise<void> => {
      const sent = { ...body, reason: reason.value.trim() };
      const answer = await ask('POST', `/devices/${props.device}/${what}`, sent);
      fault.value = answer.ok ? undefined : answer.fault;
      reason.value = '';
      await props.acted();
    };
    const isOpen = (): boolean => reason.value.trim() !== '';
    return () => (
      <details>
        <summary>{t('fleet.acts')}</summary>
        <FaultNotice fault={fault.value} />
        <div class="toolbar">
          <TextInput id="device-reason" label={t('emergency.reason')} of={reason} hint={t('emergency.reason-hint')} />
          {hasRole(['security-officer']) ? (
            <Choice
              id="trust"
              label={t('fleet.trust')}
              of={to}
              options={TRUST.map((one) => ({ value: one, text: named('state', one) }))}
            />
          ) : null}
          {hasRole(['security-officer']) ? (
            <Act text={t('fleet.set-trust')} disabled={!isOpen()} act={() => act('trust', { to: to.value })} />
          ) : null}
          <Act text={t('fleet.revoke')} tone="danger" disabled={!isOpen()} act={() => act('revocation', {})} />
        </div>
      </details>
    );
  },
  { props: ['device', 'acted'] },
);
