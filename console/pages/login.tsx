import { defineComponent, ref, shallowRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Fault } from '../../proto/words/fault.ts';
import { follow } from '../api/follow.ts';
import { FaultNotice } from '../parts/notices.tsx';
import { SubmitForm } from '../parts/submit-form.tsx';
import { TextInput } from '../parts/text-input.tsx';
import { enter } from '../session.ts';
import { t } from '../words/language.ts';

/** Account and password, and a one-time code once the cloud asks for one. */
export const Login = defineComponent(() => {
  const router = useRouter();
  const { query } = useRoute();
  const [account, password, code] = [ref(''), ref(''), ref('')];
  const wantsCode = ref(false);
  const fault = shallowRef<Fault>();
  const setup = follow<{ readonly hasProvider: boolean }>(() => '/setup');
  const submit = async (): Promise<void> => {
    const typed = code.value.trim();
    const answer = await enter('/session', {
      ...{ account: account.value.trim(), password: password.value },
      ...(wantsCode.value && typed !== '' && { code: typed }),
    });
    if (answer.ok) return void (await router.push(ownPath(query['to'])));
    const isCodeWanted = answer.fault.code === 'LOGIN_CODE' && !wantsCode.value;
    wantsCode.value ||= answer.fault.code === 'LOGIN_CODE';
    fault.value = isCodeWanted ? undefined : answer.fault;
  };
  return () => (
    <SubmitForm title={t('login.title')} text={t('login.act')} submit={submit}>
      <FaultNotice fault={fault.value} />
      <TextInput id="account" label={t('login.account')} of={account} autocomplete="username" />
      <TextInput
        id="password"
        label={t('login.password')}
        of={password}
        type="password"
        autocomplete="current-password"
      />
      {wantsCode.value ? (
        <TextInput
          id="code"
          label={t('login.code')}
          of={code}
          hint={t('login.code-hint')}
          autocomplete="one-time-code"
        />
      ) : null}
      <p class="quiet">{t('login.forgotten')}</p>
      {setup.value.value?.hasProvider === true ? (
        <a class="button" href="/api/v1/session/provider">
          {t('login.provider')}
        </a>
      ) : null}
    </SubmitForm>
  );
});

/** Only a path of this console: `//host` would be another. */
const ownPath = (to: unknown): string =>
  typeof to === 'string' && to.startsWith('/') && !to.startsWith('//') ? to : '/overview';
