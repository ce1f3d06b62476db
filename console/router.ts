import { createRouter, createWebHistory } from 'vue-router';
import { tellRefusals } from './api/client.ts';
import { PAGES } from './pages.table.ts';
import { begin, resume, session } from './session.ts';

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/overview' },
    { path: '/login', component: async () => (await import('./pages/login.tsx')).Login, meta: { isOpen: true } },
    { path: '/setup', component: async () => (await import('./pages/setup.tsx')).Setup, meta: { isOpen: true } },
    { path: '/factor', component: async () => (await import('./pages/factor.tsx')).Factor },
    {
      path: '/transfers/:id',
      component: async () => (await import('./pages/transfer.tsx')).TransferPage,
      props: true,
    },
    {
      path: '/registers/:kind/:id?',
      component: async () => (await import('./pages/register.tsx')).Register,
      // What is left out of a path is an empty text.
      props: ({ params: { kind, id } }) => ({ kind, id: id === '' ? undefined : id }),
    },
    ...PAGES.map(({ path, load }) => ({ path, component: load })),
    { path: '/:rest(.*)*', redirect: '/overview' },
  ],
});

let isAsked = false;

router.beforeEach(async (to) => {
  if (to.meta['isOpen'] === true) return true;
  if (!isAsked) await resume();
  isAsked = true;
  if (session.value === undefined) return { path: '/login', query: to.path === '/overview' ? {} : { to: to.fullPath } };
  return session.value.secondFactor === 'wanted' && to.path !== '/factor' ? '/factor' : true;
});

/** A session that is over, or that lacks its second factor, leads to the page that mends it. */
tellRefusals((code) => {
  if (code === 'SESSION_FACTOR') void router.push('/factor');
  if (code !== 'SESSION_NONE' || session.value === undefined) return;
  begin(undefined);
  void router.push({ path: '/login', query: { to: router.currentRoute.value.fullPath } });
});
