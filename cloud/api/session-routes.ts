import { z } from 'zod';
import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { accountFault, statusOf } from '../accounts/account-fault.ts';
import { acceptInvitation, invite } from '../accounts/invitations.ts';
import { logIn } from '../accounts/log-in.ts';
import type { AccountParts } from '../accounts/parts.ts';
import { ROLES } from '../accounts/role.ts';
import { beginFactor, confirmFactor } from '../accounts/second-factor.ts';
import { beginSession, endSession, type OpenSession } from '../accounts/sessions.ts';
import { shownAccount } from '../accounts/shown-account.ts';
import { isUnvouched } from '../accounts/vouch.ts';
import type { Account } from '../ports/account-store.ts';
import { Country, Id, Text } from '../registers/words.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, refused } from './route.ts';

export interface SessionRoutesParts {
  readonly accounts: AccountParts;
  /** The first account as somebody wants it, entered in the registers; made once the link is found to be good. */
  readonly first: (wish: FirstAccount) => Result<Account, Fault>;
  /** Whether people can log in at an identity provider. */
  readonly hasProvider: boolean;
}

const Password = z.string().min(1).max(1_024);
const Code = z.string().min(6).max(32);
const Token = z.string().min(1).max(128);
const Login = z.strictObject({ account: z.string().min(1).max(64), password: Password, code: Code.optional() });
const Invitation = z.strictObject({ token: Token, password: Password });
const FirstAccount = z.strictObject({
  account: Id,
  person: Id.describe('the natural person behind it'),
  employer: z.strictObject({ name: Text, country: Country }),
  resident: Country.describe('where the person is'),
});
const Setup = FirstAccount.extend({ token: Token, password: Password });
const NewPassword = z.strictObject({ current: Password, next: Password, code: Code.optional() });
/** The password again, and a code of the factor in use where there is one. */
const Proof = z.strictObject({ password: Password.optional(), code: Code.optional() }).optional();
const Nothing = z.strictObject({}).optional();

export type FirstAccount = z.infer<typeof FirstAccount>;

const ShownSession = z.object({
  account: z.string(),
  person: z.string(),
  roles: z.array(z.enum(ROLES)),
  secondFactor: z.enum(['set', 'wanted', 'offered', 'provider']),
  waitsForVoucher: z
    .boolean()
    .describe('its credentials were set anew by another; it changes nothing until somebody answers for it'),
  csrf: z.string().describe('goes into `x-tongguan-csrf` with everything that changes something'),
});

/** What comes before anybody is known, and what an account does about itself. */
export function sessionRoutes(parts: SessionRoutesParts): readonly ApiRoute[] {
  return [...entryRoutes(parts), ...ownRoutes(parts.accounts)];
}

function entryRoutes({ accounts, first, hasProvider }: SessionRoutesParts): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'GET', path: '/setup', summary: 'whether the first account is still to be made', invalid },
      answers: z.object({
        isOpen: z.boolean(),
        hasProvider: z.boolean().describe('whether `session/provider` leads on'),
      }),
      answer: () => answered({ isOpen: accounts.store.count() === 0, hasProvider }),
    }),
    apiRoute({
      ...{ method: 'POST', path: '/setup', summary: 'make the first account, by the link of the terminal', invalid },
      body: Setup,
      answers: ShownSession,
      answer: async ({ body: { token, password, ...wish }, token: before }) =>
        begun(await acceptInvitation({ token, password, first: () => first(wish) }, accounts), before, accounts),
    }),
    apiRoute({
      ...{ method: 'POST', path: '/invitation', summary: 'set the password of an account, by its link', invalid },
      body: Invitation,
      answers: ShownSession,
      answer: async ({ body, token }) => begun(await acceptInvitation(body, accounts), token, accounts),
    }),
    apiRoute({
      ...{ method: 'POST', path: '/session', summary: 'log in', invalid },
      body: Login,
      answers: ShownSession,
      answer: async ({ body, token }) => begun(await logIn(body, accounts), token, accounts),
    }),
  ];
}

function ownRoutes(accounts: AccountParts): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'GET', path: '/session', summary: 'who is logged in, and what they may do', invalid },
      answers: ShownSession,
      answer: ({ session }) => owned(session, (one) => answered(shown(one, accounts))),
    }),
    apiRoute({
      ...{ method: 'DELETE', path: '/session', summary: 'log out', body: Nothing, invalid },
      answer: ({ session }) =>
        owned(session, ({ token }) => {
          endSession(token, accounts);
          return { status: 200, body: { ended: true }, session: null };
        }),
    }),
    apiRoute({
      ...{ method: 'POST', path: '/session/second-factor', summary: 'a new seed of one-time codes', invalid },
      body: Proof,
      answers: z.object({ secret: z.string(), uri: z.string().describe('otpauth, for a QR code') }),
      answer: ({ session, body }) =>
        owned(session, async ({ account }) => told(await beginFactor(account, body ?? {}, accounts))),
    }),
    apiRoute({
      ...{ method: 'POST', path: '/session/second-factor/confirmation', summary: 'put the new seed in use', invalid },
      body: z.strictObject({ code: Code }),
      answers: z.object({ recovery: z.array(z.string()).describe('each is good once; told now and never again') }),
      answer: ({ session, body: { code } }) => owned(session, (one) => told(confirmFactor(one, code, accounts))),
    }),
    apiRoute({
      ...{ method: 'POST', path: '/session/password', summary: 'change the own password', body: NewPassword, invalid },
      answers: ShownSession,
      answer: ({ session, body }) => owned(session, (one) => changePassword(one, body, accounts)),
    }),
  ];
}

/** The current password and a code are wanted again; every other session ends. */
async function changePassword(
  { account, token }: OpenSession,
  { current, next, code }: z.infer<typeof NewPassword>,
  accounts: AccountParts,
): Promise<ApiAnswer> {
  const known = await logIn({ account: account.name, password: current, code }, accounts);
  if (!known.ok) return refused(statusOf(known.fault.code), known.fault);
  const link = invite(account.name, accounts);
  return begun(await acceptInvitation({ token: link, password: next }, accounts), token, accounts);
}

function begun(account: Result<Account, Fault>, before: string | undefined, accounts: AccountParts): ApiAnswer {
  if (!account.ok) return refused(statusOf(account.fault.code), account.fault);
  const session = beginSession(account.value, before, accounts);
  return { status: 200, body: shown(session, accounts), session };
}

function shown({ account, csrf }: OpenSession, parts: AccountParts): object {
  const { name, person, roles, secondFactor: isSet, subject } = shownAccount(account);
  const wanted = parts.secondFactor === 'required' ? 'wanted' : 'offered';
  const factor = isSet ? 'set' : subject === undefined ? wanted : 'provider';
  return { account: name, person, roles, secondFactor: factor, waitsForVoucher: isUnvouched(account, parts), csrf };
}

function owned<T extends ApiAnswer | Promise<ApiAnswer>>(
  session: OpenSession | undefined,
  answer: (session: OpenSession) => T,
): T | ApiAnswer {
  return session === undefined ? refused(401, accountFault('SESSION_NONE')) : answer(session);
}

function told(outcome: Result<object, Fault>): ApiAnswer {
  return outcome.ok ? answered(outcome.value) : refused(statusOf(outcome.fault.code), outcome.fault);
}

const invalid = (): Fault => accountFault('ACCOUNT_INVALID');
