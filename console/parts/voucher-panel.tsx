import { defineComponent, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import type { WaitingAccount } from '../api/accounts.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import { comma, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { Empty, FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { Table } from './table.tsx';

/** Accounts whose credentials somebody else set anew; others of the matrix answer for them once they asked the person. */
export const VoucherPanel = defineComponent(
  (props: { readonly acted: () => Promise<unknown> }) => {
    const waiting = follow<{ readonly waiting: readonly WaitingAccount[] }>(() => '/vouchers');
    const fault = shallowRef<Fault>();
    const answerFor = async (name: string): Promise<void> => {
      const answer = await ask('POST', `/accounts/${encodeURIComponent(name)}/voucher`, {});
      fault.value = answer.ok ? undefined : answer.fault;
      await Promise.all([waiting.reload(), props.acted()]);
    };
    return () => (
      <Panel title={t('vouchers.title')} note={t('vouchers.note')}>
        <FaultNotice fault={fault.value ?? waiting.fault.value} />
        {waiting.value.value === undefined ? null : waiting.value.value.waiting.length === 0 ? (
          <Empty text={t('vouchers.none')} />
        ) : (
          waitingTable(waiting.value.value.waiting, answerFor)
        )}
      </Panel>
    );
  },
  { props: ['acted'] },
);

/** Accounts and persons who answer for an account. */
export const handsText = (hands: WaitingAccount['hands']): string =>
  hands.map(({ account, person }) => `${account} (${person})`).join(comma()) || t('vouchers.nobody');

const waitingTable = (accounts: readonly WaitingAccount[], answerFor: (name: string) => Promise<void>) => (
  <Table
    label={t('vouchers.title')}
    columns={[
      { title: t('login.account') },
      { title: t('setup.person') },
      { title: t('vouchers.hands') },
      { title: t('vouchers.act') },
    ]}
    rows={accounts.map(({ name, person, hands, mayAnswer }) => [
      name,
      person,
      handsText(hands),
      mayAnswer ? (
        <Act text={`${t('vouchers.answer')} ${name}`} tone="primary" act={() => answerFor(name)} />
      ) : (
        t('vouchers.others')
      ),
    ])}
  />
);
