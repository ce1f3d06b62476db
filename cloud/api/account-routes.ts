import { z } from 'zod';
import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { namesVin } from '../../proto/words/vin.ts';
import { accountFault, statusOf } from '../accounts/account-fault.ts';
import { addAccount, resetAccount, setDisabled, setRoles } from '../accounts/administer.ts';
import type { AccountParts } from '../accounts/parts.ts';
import { ROLES } from '../accounts/role.ts';
import { shownAccount } from '../accounts/shown-account.ts';
import { vouch, waitingFor } from '../accounts/vouch.ts';
import { Id } from '../registers/words.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, refused } from './route.ts';

export interface AccountRoutesParts {
  readonly accounts: AccountParts;
  /** The page that a link leads to, with its token behind the fragment. */
  readonly linkOf: (token: string) => string;
}

const Name = Id.refine((text) => !namesVin(text), 'holds a VIN');
const Roles = z.array(z.enum(ROLES)).min(1).max(ROLES.length);
const NewAccount = z.strictObject({ name: Name, roles: Roles, subject: z.string().min(1).max(255).optional() });
const OfAccount = z.object({ name: Id });
const by = { key: 'by', in: 'body', form: Id } as const;
const invalid = (): Fault => accountFault('ACCOUNT_INVALID');

/** `/accounts[/NAME/roles|standing|reset|voucher]`, `/vouchers`. */
export function accountRoutes({ accounts, linkOf }: AccountRoutesParts): readonly ApiRoute[] {
  const linked = ({ token, ...rest }: { readonly token: string }): object => ({ ...rest, link: linkOf(token) });
  return [
    apiRoute({
      ...{ method: 'GET', path: '/accounts', summary: 'who may log in, and what they may do', invalid },
      answer: () => answered({ accounts: accounts.store.list().map(shownAccount) }),
    }),
    apiRoute({
      ...{
        method: 'POST',
        path: '/accounts',
        summary: 'make an account; gives a link to set its password',
        by,
        invalid,
      },
      body: NewAccount,
      answer: ({ body, by: who, isProved }) => {
        const added = addAccount(body, { account: who, isProved }, accounts);
        return told(added.ok ? { ok: true, value: linked(added.value) } : added);
      },
    }),
    apiRoute({
      ...{ method: 'PUT', path: '/accounts/:name/roles', summary: 'give an account other roles', by, invalid },
      ...{ params: OfAccount, body: z.strictObject({ roles: Roles }) },
      answer: ({ params: { name }, body: { roles }, by: who }) => told(setRoles(name, roles, who, accounts)),
    }),
    apiRoute({
      ...{ method: 'PUT', path: '/accounts/:name/standing', summary: 'let an account log in no more, or again' },
      ...{ params: OfAccount, body: z.strictObject({ disabled: z.boolean() }), by, invalid },
      answer: ({ params: { name }, body: { disabled }, by: who }) => told(setDisabled(name, disabled, who, accounts)),
    }),
    apiRoute({
      ...{
        method: 'POST',
        path: '/accounts/:name/reset',
        summary: 'take password and second factor; gives a new link',
      },
      ...{ params: OfAccount, body: z.strictObject({}), by, invalid },
      answer: ({ params: { name }, by: who, isProved }) => {
        const reset = resetAccount(name, { account: who, isProved }, accounts);
        return told(reset.ok ? { ok: true, value: linked(reset.value) } : reset);
      },
    }),
    ...voucherRoutes(accounts),
  ];
}

function voucherRoutes(accounts: AccountParts): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'POST', path: '/accounts/:name/voucher', summary: 'answer for credentials that another set anew' },
      ...{ params: OfAccount, body: z.strictObject({}), by, invalid, isSigned: true },
      answer: ({ params: { name }, by: who, session }) => told(vouch(name, who, session === undefined, accounts)),
    }),
    apiRoute({
      ...{ method: 'GET', path: '/vouchers', summary: 'accounts that wait for somebody to answer for them', invalid },
      answer: ({ session }) =>
        answered({ waiting: session === undefined ? [] : waitingFor(session.account.name, accounts) }),
    }),
  ];
}

const told = (outcome: Result<object, Fault>): ApiAnswer =>
  outcome.ok ? answered(outcome.value) : refused(statusOf(outcome.fault.code), outcome.fault);
