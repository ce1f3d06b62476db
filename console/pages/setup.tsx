import { defineComponent, type Ref, ref, shallowRef } from 'vue';
import { useRouter } from 'vue-router';
import type { Fault } from '../../proto/words/fault.ts';
import { follow } from '../api/follow.ts';
import { FaultNotice } from '../parts/notices.tsx';
import { SubmitForm } from '../parts/submit-form.tsx';
import { TextInput } from '../parts/text-input.tsx';
import { enter } from '../session.ts';
import { t } from '../words/language.ts';

/** What a link of the terminal or of an administrator opens: the first account, or the password of one that was made. */
export const Setup = defineComponent(() => {
  const router = useRouter();
  const token = location.hash.slice(1);
  // The link is good once; it has no place in the history of a browser.
  history.replaceState(history.state, '', location.pathname);
  const setup = follow<{ readonly isOpen: boolean }>(() => '/setup');
  const [account, person, employer, password, again] = [ref(''), ref(''), ref(''), ref(''), ref('')];
  const fault = shallowRef<Fault>();
  const isTwoWords = ref(false);
  const submit = async (isFirst: boolean): Promise<void> => {
    isTwoWords.value = password.value !== again.value;
    if (isTwoWords.value) return;
    const link = { token, password: password.value };
    const first = {
      ...{ account: account.value.trim(), person: person.value.trim(), resident: 'CN' },
      employer: { name: employer.value.trim(), country: 'CN' },
    };
    const answer = await enter(isFirst ? '/setup' : '/invitation', isFirst ? { ...link, ...first } : link);
    fault.value = answer.ok ? undefined : answer.fault;
    if (answer.ok) await router.push(answer.value.secondFactor === 'set' ? '/overview' : '/factor');
  };
  return () => {
    const isFirst = setup.value.value?.isOpen === true;
    return (
      <SubmitForm
        title={t(isFirst ? 'setup.first' : 'setup.invited')}
        text={t('setup.act')}
        submit={() => submit(isFirst)}
      >
        <FaultNotice fault={fault.value ?? setup.fault.value} />
        <p class="quiet">{t(isFirst ? 'setup.first-note' : 'setup.invited-note')}</p>
        {isFirst ? personFields({ account, person, employer }) : null}
        <TextInput
          id="password"
          label={t('setup.password')}
          of={password}
          type="password"
          hint={t('setup.password-hint')}
          autocomplete="new-password"
        />
        <TextInput id="again" label={t('setup.again')} of={again} type="password" autocomplete="new-password" />
        {isTwoWords.value ? (
          <p class="wrong" role="alert">
            {t('setup.two-words')}
          </p>
        ) : null}
      </SubmitForm>
    );
  };
});

interface PersonFields {
  readonly account: Ref<string>;
  readonly person: Ref<string>;
  readonly employer: Ref<string>;
}

/** Whom the register of who may read will name; both countries are the mainland, since nobody else is let in. */
const personFields = ({ account, person, employer }: PersonFields) => [
  <TextInput
    id="account"
    label={t('login.account')}
    of={account}
    hint={t('setup.account-hint')}
    autocomplete="username"
  />,
  <TextInput id="person" label={t('setup.person')} of={person} hint={t('setup.person-hint')} />,
  <TextInput
    id="employer"
    label={t('setup.employer')}
    of={employer}
    hint={t('setup.employer-hint')}
    autocomplete="organization"
  />,
];
