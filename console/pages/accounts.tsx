import { computed, defineComponent, type Ref, ref, shallowRef } from 'vue';
import { RouterLink } from 'vue-router';
import type { Fault } from '../../proto/words/fault.ts';
import type { InvitedAccount, ShownAccount } from '../api/accounts.ts';
import type { Role } from '../api/answers.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import type { RegisterEntry } from '../api/registers.ts';
import { AccountPanel } from '../parts/account-panel.tsx';
import { Act } from '../parts/act.tsx';
import { LinkNotice } from '../parts/link-notice.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { RoleMarks } from '../parts/role-marks.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { Table } from '../parts/table.tsx';
import { Choice, TextInput } from '../parts/text-input.tsx';
import { VoucherPanel } from '../parts/voucher-panel.tsx';
import { hasRole, session } from '../session.ts';
import { comma, named, t } from '../words/language.ts';
import { newLink } from './register.tsx';

const LISTS: readonly Role[] = ['administrator', 'auditor'];

/** Who may log in and as what, for those who see that; for all of the authority matrix, whom they are to answer for. */
export const Accounts = defineComponent(() => {
  const [answered, changed] = [ref(0), ref(0)];
  const turn = (count: Ref<number>) => async (): Promise<void> => {
    count.value += 1;
  };
  return () => (
    <div class="stack">
      <VoucherPanel key={`vouchers ${changed.value}`} acted={turn(answered)} />
      {hasRole(LISTS) ? <AccountList key={`list ${answered.value}`} changed={turn(changed)} /> : null}
    </div>
  );
});

/** An account belongs to an entry of the register of who may read. */
const AccountList = defineComponent(
  (props: { readonly changed: () => Promise<unknown> }) => {
    const listed = follow<{ readonly accounts: readonly ShownAccount[] }>(() => '/accounts');
    const principals = follow<{ readonly entries: readonly RegisterEntry[] }>(() => '/registers/principal');
    const chosen = ref<string>();
    const link = ref<string>();
    const accounts = computed(() => listed.value.value?.accounts ?? []);
    const account = computed(() => accounts.value.find(({ name }) => name === chosen.value));
    const without = computed(() =>
      (principals.value.value?.entries ?? [])
        .filter(({ id, isWithdrawn }) => !isWithdrawn && !accounts.value.some(({ name }) => name === id))
        .map(({ id }) => id),
    );
    const acted = async (given?: string): Promise<void> => {
      link.value = given;
      await Promise.all([listed.reload(), props.changed()]);
    };
    const open = (name: string): void => {
      [chosen.value, link.value] = [name, undefined];
    };
    const isOwn = () => account.value?.name === session.value?.account;
    return () => (
      <div class="stack">
        <FaultNotice fault={listed.fault.value ?? principals.fault.value} />
        <Panel title={t('accounts.list')} note={t('accounts.note')}>
          {accountTable(accounts.value, open)}
        </Panel>
        {link.value === undefined ? null : <LinkNotice link={link.value} />}
        {account.value === undefined ? null : isOwn() ? (
          <Empty text={t('accounts.own')} />
        ) : hasRole(['administrator']) ? (
          <AccountPanel key={account.value.name} account={account.value} acted={acted} />
        ) : null}
        {hasRole(['administrator']) ? <NewAccount without={without.value} acted={acted} /> : null}
        <Panel title={t('accounts.readers')} note={t('accounts.readers-note')}>
          <div class="toolbar">
            <RouterLink to="/registers/principal">{{ default: () => t('accounts.readers-open') }}</RouterLink>
            {hasRole(['administrator']) ? newLink('/registers/principal?new') : null}
          </div>
        </Panel>
      </div>
    );
  },
  { props: ['changed'] },
);

const accountTable = (accounts: readonly ShownAccount[], open: (name: string) => void) => (
  <Table
    label={t('accounts.list')}
    columns={[
      { title: t('login.account') },
      { title: t('transfers.state') },
      { title: t('setup.person') },
      { title: t('accounts.roles'), isProse: true },
      { title: t('factor.title') },
    ]}
    rows={accounts.map(({ name, state, person, roles, secondFactor }) => [
      <button type="button" class="link" onClick={() => open(name)}>
        {name}
      </button>,
      <StateTag state={state} />,
      person,
      roles.map((role) => named('role-name', role)).join(comma()),
      t(secondFactor ? 'word.yes' : 'word.no'),
    ])}
  />
);

interface NewAccountProps {
  /** Entries of the register that have no account yet. */
  readonly without: readonly string[];
  readonly acted: (link?: string) => Promise<void>;
}

const NewAccount = defineComponent(
  (props: NewAccountProps) => {
    const [name, subject] = [ref(''), ref('')];
    const roles = ref<readonly Role[]>([]);
    const fault = shallowRef<Fault>();
    const make = async (): Promise<void> => {
      const answer = await ask<InvitedAccount>('POST', '/accounts', {
        ...{ name: name.value, roles: roles.value },
        ...(subject.value.trim() !== '' && { subject: subject.value.trim() }),
      });
      fault.value = answer.ok ? undefined : answer.fault;
      if (!answer.ok) return;
      [name.value, subject.value, roles.value] = ['', '', []];
      await props.acted(answer.value.link);
    };
    return () => (
      <Panel title={t('accounts.new')}>
        <FaultNotice fault={fault.value} />
        {props.without.length === 0 ? (
          <Empty text={t('accounts.nobody')} />
        ) : (
          <div class="stack">
            <div class="form-row">
              <Choice
                id="name"
                label={t('login.account')}
                of={name}
                hint={t('accounts.name-hint')}
                options={[
                  { value: '', text: t('request.choose') },
                  ...props.without.map((id) => ({ value: id, text: id })),
                ]}
              />
              <TextInput
                id="subject"
                label={t('accounts.subject')}
                of={subject}
                hint={t('accounts.subject-hint')}
                required={false}
              />
            </div>
            <RoleMarks id="new-role" of={roles} />
            <div class="toolbar">
              <Act
                text={t('accounts.make')}
                tone="primary"
                disabled={name.value === '' || roles.value.length === 0}
                act={make}
              />
            </div>
          </div>
        )}
      </Panel>
    );
  },
  { props: ['without', 'acted'] },
);
