import { computed, defineComponent, type Ref, ref, watch } from 'vue';
import { RouterLink, RouterView, useRoute } from 'vue-router';
import type { Role } from './api/answers.ts';
import { ask } from './api/client.ts';
import { learnLaw } from './api/law.ts';
import { learnTitles } from './api/titles.ts';
import { PAGES, type PageRow } from './pages.table.ts';
import { hasRole, leave, renew, session } from './session.ts';
import { speak, spoken, t } from './words/language.ts';

const GROUPS = ['flow', 'border', 'duties', 'oversight'] as const;
const STOP_LOOK_MS = 15_000;
const KNOWS_TITLES: readonly Role[] = ['custodian', 'requester', 'approver', 'security-officer', 'auditor'];
const KNOWS_LAW: readonly Role[] = ['viewer', 'fleet', ...KNOWS_TITLES];

/** What stands around every page: the menu, who is logged in, the language, and a bar while exports are stopped. */
export const App = defineComponent(() => {
  const route = useRoute();
  const isMenuOpen = ref(false);
  const isStopped = ref(false);
  const lookForStop = async (): Promise<void> => {
    if (session.value === undefined || document.hidden) return;
    const answer = await ask<{ readonly stopped: boolean }>('GET', '/emergency');
    if (answer.ok) isStopped.value = answer.value.stopped;
    if (session.value?.waitsForVoucher === true) await renew();
  };
  setInterval(() => void lookForStop(), STOP_LOOK_MS);
  watch([() => route.path, () => session.value?.account], () => void lookForStop());
  watch(
    [() => route.path, () => session.value?.account],
    () => {
      if (hasRole(KNOWS_TITLES)) void learnTitles();
      if (hasRole(KNOWS_LAW)) void learnLaw();
    },
    { immediate: true },
  );
  const page = computed(() => PAGES.find(({ path }) => route.path.startsWith(path)));
  watch(
    () => [route.path, spoken()],
    () => {
      isMenuOpen.value = false;
      document.title = `${page.value === undefined ? '' : `${t(page.value.word)} · `}${t('product')}`;
    },
    { immediate: true },
  );
  const bars: Bars = { isMenuOpen, isStopped, page };
  return () =>
    session.value === undefined || session.value.secondFactor === 'wanted' ? (
      <div class="entry">
        <header class="entry-head">
          <strong class="mark">{t('product')}</strong>
          {languageSwitch()}
        </header>
        <main>
          <RouterView />
        </main>
      </div>
    ) : (
      <div class="shell">
        <a class="skip" href="#page">
          {t('shell.skip')}
        </a>
        {bar(session.value.account, bars)}
        {menu(bars)}
        {body(route.path, route.path + (route.query['new'] === undefined ? '' : '?new'), bars)}
      </div>
    );
});

interface Bars {
  readonly isMenuOpen: Ref<boolean>;
  readonly isStopped: Ref<boolean>;
  readonly page: Ref<PageRow | undefined>;
}

const bar = (account: string, { isMenuOpen }: Bars) => (
  <header class="bar">
    <button
      type="button"
      class="menu-button"
      aria-expanded={isMenuOpen.value}
      aria-controls="menu"
      onClick={() => {
        isMenuOpen.value = !isMenuOpen.value;
      }}
    >
      {t('shell.menu')}
    </button>
    <strong class="mark">{t('product')}</strong>
    <span class="bar-zone" title={t('time.zone-note')}>
      {t('time.zone')}
    </span>
    <span class="bar-who">
      <RouterLink to="/factor" title={t('shell.own')}>
        {{ default: () => `${t('login.account')} ${account}` }}
      </RouterLink>
    </span>
    {languageSwitch()}
    <button type="button" class="plain" onClick={() => void leaveFor()}>
      {t('shell.leave')}
    </button>
  </header>
);

const menu = ({ isMenuOpen }: Bars) => {
  // Also where the page stays the same.
  const close = (): void => {
    isMenuOpen.value = false;
  };
  return (
    <nav id="menu" class={isMenuOpen.value ? 'menu is-open' : 'menu'} aria-label={t('shell.menu')}>
      {GROUPS.map((group) => {
        const rows = PAGES.filter((row) => row.group === group && (row.roles === undefined || hasRole(row.roles)));
        return rows.length === 0 ? null : (
          <div class="menu-group">
            <p class="menu-head">{t(`menu.${group}`)}</p>
            {rows.map(({ path, word }) => (
              <RouterLink to={path} onClick={close}>
                {{ default: () => t(word) }}
              </RouterLink>
            ))}
          </div>
        );
      })}
      <div class="menu-group menu-own">
        <RouterLink to="/factor" onClick={close}>
          {{ default: () => `${t('shell.own')} (${session.value?.account ?? ''})` }}
        </RouterLink>
      </div>
    </nav>
  );
};

const body = (path: string, full: string, { isStopped, page }: Bars) => (
  <main id="page" tabindex={-1}>
    {isStopped.value ? (
      <p class="stopped" role="status">
        <RouterLink to="/emergency">{{ default: () => t('shell.stopped') }}</RouterLink>
      </p>
    ) : null}
    {session.value?.waitsForVoucher === true ? (
      <p class="unvouched" role="status">
        {t('shell.unvouched')}
      </p>
    ) : null}
    {page.value?.path === path ? <h1>{t(page.value.word)}</h1> : null}
    <RouterView key={full} />
    <p class="quiet page-foot">{t('time.zone-note')}</p>
  </main>
);

/** A page may hold what the next person must not see: it is loaded anew. */
async function leaveFor(): Promise<void> {
  await leave();
  location.assign('/login');
}

const languageSwitch = () => (
  <button
    type="button"
    class="plain"
    lang={spoken() === 'zh' ? 'en' : 'zh-CN'}
    onClick={() => speak(spoken() === 'zh' ? 'en' : 'zh')}
  >
    {t('shell.other-language')}
  </button>
);
