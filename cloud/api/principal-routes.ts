import { accountFault } from '../accounts/account-fault.ts';
import { type ApiRoute, type RawAsk, refused } from './route.ts';

/** The register that says who may read: over HTTP it has rows of its own in the table of access. */
const KIND = 'principal';

/** Over HTTP the routes of the registers twice: for that register, and for every other. */
export function apartPrincipals(routes: readonly ApiRoute[]): readonly ApiRoute[] {
  return routes.flatMap((route) => (isOfKind(route) ? [ofOthers(route), ofPrincipals(route)] : [route]));
}

const isOfKind = ({ path }: ApiRoute): boolean => path.startsWith('/registers/:kind');

function ofOthers(route: ApiRoute): ApiRoute {
  const isPrincipal = (ask: RawAsk): boolean => (ask.params as { readonly kind?: unknown }).kind === KIND;
  const respond: ApiRoute['respond'] = (ask) =>
    isPrincipal(ask) ? refused(403, accountFault('ROLE_MISSING')) : route.respond(ask);
  return { ...route, respond };
}

function ofPrincipals(route: ApiRoute): ApiRoute {
  const respond: ApiRoute['respond'] = (ask) =>
    route.respond({ ...ask, params: { ...(ask.params as object), kind: KIND } });
  return { ...route, path: route.path.replace(':kind', KIND), respond };
}
