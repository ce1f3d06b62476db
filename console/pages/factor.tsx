import { defineComponent, ref, shallowRef } from 'vue';
import { RouterLink, useRouter } from 'vue-router';
import type { Fault } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import { FaultNotice } from '../parts/notices.tsx';
import { QrCode } from '../parts/qr-code.tsx';
import { SubmitForm } from '../parts/submit-form.tsx';
import { TextInput } from '../parts/text-input.tsx';
import { resume, session } from '../session.ts';
import { t } from '../words/language.ts';

interface Seed {
  readonly secret: string;
  readonly uri: string;
}

/** Sets the second factor up: a seed, a code to prove that it arrived, and recovery codes, which are told once. */
export const Factor = defineComponent(() => {
  const router = useRouter();
  const seed = shallowRef<Seed>();
  const recovery = shallowRef<readonly string[]>();
  const fault = shallowRef<Fault>();
  const code = ref('');
  const [password, codeBefore] = [ref(''), ref('')];
  const begin = async (): Promise<void> => {
    const proof = {
      ...(password.value !== '' && { password: password.value }),
      ...(codeBefore.value !== '' && { code: codeBefore.value.trim() }),
    };
    const answer = await ask<Seed>('POST', '/session/second-factor', proof);
    fault.value = answer.ok ? undefined : answer.fault;
    if (answer.ok) seed.value = answer.value;
  };
  const confirm = async (): Promise<void> => {
    const typed = { code: code.value.trim() };
    const answer = await ask<{ readonly recovery: readonly string[] }>(
      'POST',
      '/session/second-factor/confirmation',
      typed,
    );
    fault.value = answer.ok ? undefined : answer.fault;
    if (answer.ok) recovery.value = answer.value.recovery;
  };
  const goOn = async (): Promise<void> => {
    await resume();
    await router.push('/overview');
  };
  /** The session alone could be somebody else's by now. */
  const again = () =>
    session.value?.secondFactor === 'provider' ? null : (
      <>
        <TextInput
          id="password"
          label={t('login.password')}
          of={password}
          type="password"
          autocomplete="current-password"
        />
        {session.value?.secondFactor === 'set' ? (
          <TextInput id="code-before" label={t('login.code')} of={codeBefore} autocomplete="one-time-code" />
        ) : null}
      </>
    );
  const later = () =>
    session.value?.secondFactor === 'offered' ? (
      <RouterLink to="/overview">{{ default: () => t('factor.later') }}</RouterLink>
    ) : null;
  return () => {
    if (recovery.value !== undefined) {
      return (
        <SubmitForm title={t('factor.recovery')} text={t('factor.kept')} submit={goOn}>
          <p>{t('factor.recovery-note')}</p>
          <ul class="codes">
            {recovery.value.map((one) => (
              <li>{one}</li>
            ))}
          </ul>
        </SubmitForm>
      );
    }
    return seed.value === undefined ? (
      <SubmitForm title={t('factor.title')} text={t('factor.begin')} submit={begin}>
        <FaultNotice fault={fault.value} />
        <p>{t('factor.why')}</p>
        {again()}
        {later()}
      </SubmitForm>
    ) : (
      <SubmitForm title={t('factor.title')} text={t('factor.confirm')} submit={confirm}>
        <FaultNotice fault={fault.value} />
        <p>{t('factor.seed')}</p>
        <QrCode text={seed.value.uri} label={t('factor.qr')} />
        <p class="seed">{(seed.value.secret.match(/.{1,4}/g) ?? []).join(' ')}</p>
        <a href={seed.value.uri}>{t('factor.open')}</a>
        <TextInput id="code" label={t('login.code')} of={code} autocomplete="one-time-code" />
        {later()}
      </SubmitForm>
    );
  };
});
