import { defineComponent, ref, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import type { InvitedAccount, ShownAccount } from '../api/accounts.ts';
import type { Role } from '../api/answers.ts';
import { type Answer, ask } from '../api/client.ts';
import { comma, named, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { Facts } from './facts.tsx';
import { FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { RoleMarks } from './role-marks.tsx';
import { StateTag } from './state-tag.tsx';
import { handsText } from './voucher-panel.tsx';

interface AccountPanelProps {
  readonly account: ShownAccount;
  readonly acted: (link?: string) => Promise<unknown>;
}

/** What an administrator does about one account: its roles, whether it may log in, and a new link. */
export const AccountPanel = defineComponent(
  (props: AccountPanelProps) => {
    const path = `/accounts/${encodeURIComponent(props.account.name)}`;
    const roles = ref<readonly Role[]>(props.account.roles);
    const fault = shallowRef<Fault>();
    const told = async (answer: Answer<unknown>, link?: string): Promise<void> => {
      fault.value = answer.ok ? undefined : answer.fault;
      if (answer.ok) await props.acted(link);
    };
    const reset = async (): Promise<void> => {
      const answer = await ask<InvitedAccount>('POST', `${path}/reset`, {});
      await told(answer, answer.ok ? answer.value.link : undefined);
    };
    return () => {
      const { name, person, state, secondFactor, recoveryCodes, subject, hands } = props.account;
      const isDisabled = state === 'disabled';
      return (
        <Panel title={`${t('accounts.account')} ${name}`}>
          <FaultNotice fault={fault.value} />
          <Facts
            facts={[
              [t('transfers.state'), <StateTag state={state} />],
              [t('setup.person'), person],
              [t('factor.title'), secondFactor ? `${t('word.yes')} (${recoveryCodes})` : t('word.no')],
              ...(hands === undefined ? [] : [[t('vouchers.hands'), handsText(hands)] as const]),
              ...(subject === undefined ? [] : [[t('accounts.subject'), subject] as const]),
            ]}
          />
          <RoleMarks id="role" of={roles} />
          <div class="toolbar">
            <Act
              text={t('accounts.set-roles')}
              tone="primary"
              disabled={roles.value.length === 0}
              act={async () => told(await ask('PUT', `${path}/roles`, { roles: roles.value }))}
            />
            <Act
              text={t(isDisabled ? 'accounts.enable' : 'accounts.disable')}
              tone={isDisabled ? 'default' : 'danger'}
              act={async () => told(await ask('PUT', `${path}/standing`, { disabled: !isDisabled }))}
            />
            <Act text={t('accounts.reset')} act={reset} />
          </div>
          <p class="quiet">{t('accounts.reset-note')}</p>
          <p class="quiet">{props.account.roles.map((role) => named('role-name', role)).join(comma())}</p>
        </Panel>
      );
    };
  },
  { props: ['account', 'acted'] },
);
