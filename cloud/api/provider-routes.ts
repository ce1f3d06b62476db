import { z } from 'zod';
import { accountFault, statusOf } from '../accounts/account-fault.ts';
import { logInBySubject } from '../accounts/log-in.ts';
import type { AccountParts } from '../accounts/parts.ts';
import { beginSession, hashOf } from '../accounts/sessions.ts';
import type { IdentityProvider, PendingLogin } from '../ports/identity-provider.ts';
import { type ApiAnswer, type ApiRoute, apiRoute, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

export interface ProviderRoutesParts {
  readonly accounts: AccountParts;
  /** Undefined where none is configured. */
  readonly provider: IdentityProvider | undefined;
  /** As browsers see this server. */
  readonly origin: () => string;
}

/** Logins that are under way at the provider; beyond it the oldest has to begin again. */
const PENDING_MAX = 1_000;
const PENDING_MS = 600_000;
const NAME_BYTES = 32;

const RETURN_PATH = '/api/v1/session/provider/return';
const Returned = z.looseObject({ code: z.string().max(2_048).optional(), state: z.string().max(512).optional() });

/** `/session/provider[/return]`: to the identity provider and back. The browser that comes back is the one that went. */
export function providerRoutes({ accounts, provider, origin }: ProviderRoutesParts): readonly ApiRoute[] {
  const under = new Map<string, PendingLogin & { readonly until: number }>();
  const late = (): ApiAnswer => refused(statusOf('LOGIN_PROVIDER'), accountFault('LOGIN_PROVIDER'));
  return [
    apiRoute({
      ...{ method: 'GET', path: '/session/provider', summary: 'log in at the identity provider', invalid: noQuestion },
      answer: async () => {
        const begun = await provider?.begin(`${origin()}${RETURN_PATH}`).catch(() => undefined);
        if (begun === undefined) return late();
        const name = accounts.draw(NAME_BYTES);
        const [oldest] = under.keys();
        if (under.size >= PENDING_MAX && oldest !== undefined) under.delete(oldest);
        under.set(hashOf(name), { ...begun.pending, until: accounts.clock.now() + PENDING_MS });
        return { status: 302, body: {}, location: begun.url, pending: name };
      },
    }),
    apiRoute({
      ...{
        method: 'GET',
        path: '/session/provider/return',
        summary: 'where the identity provider sends a browser back',
      },
      ...{ query: Returned, invalid: noQuestion },
      answer: async ({ query, pending: name, token }) => {
        const known = name === undefined ? undefined : under.get(hashOf(name));
        if (name !== undefined) under.delete(hashOf(name));
        if (provider === undefined || known === undefined || accounts.clock.now() >= known.until) return late();
        const returned = new URL(`${origin()}${RETURN_PATH}`);
        for (const [key, value] of Object.entries(query)) returned.searchParams.set(key, String(value));
        const subject = await provider.finish(returned, known);
        if (subject === undefined) return late();
        const account = logInBySubject(subject, accounts);
        if (!account.ok) return refused(statusOf(account.fault.code), account.fault);
        const session = beginSession(account.value, token, accounts);
        return { status: 302, body: {}, location: '/', pending: null, session };
      },
    }),
  ];
}
