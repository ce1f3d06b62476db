import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, type Result } from '../../proto/words/result.ts';
import { civilDateOf, DAY_MS, type Instant } from '../../proto/words/time.ts';
import { addressList } from '../access/cidr.ts';
import type { AccessGuard } from '../access/guard.ts';
import { accountFault } from '../accounts/account-fault.ts';
import { newAccount } from '../accounts/administer.ts';
import { inviteFirst } from '../accounts/invitations.ts';
import type { AccountParts } from '../accounts/parts.ts';
import { accountKey } from '../adapters/account-key.ts';
import { argon2Passwords } from '../adapters/argon2-passwords.ts';
import { builtPages } from '../adapters/built-pages.ts';
import { oidcProvider } from '../adapters/oidc-provider.ts';
import { oneTimeCodes } from '../adapters/otp-codes.ts';
import { prometheusMetrics } from '../adapters/prometheus-metrics.ts';
import { readingsOf } from '../api/access.table.ts';
import { accountRoutes } from '../api/account-routes.ts';
import { createHttpApi } from '../api/http-api.ts';
import { providerRoutes } from '../api/provider-routes.ts';
import type { ApiRoute } from '../api/route.ts';
import { type FirstAccount, sessionRoutes } from '../api/session-routes.ts';
import type { CloudConfig } from '../config/config.ts';
import type { ConsoleConfig } from '../config/console-config.ts';
import type { Account } from '../ports/account-store.ts';
import type { Passwords } from '../ports/credentials.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { raiseAlert } from '../raise-alert.ts';
import { standingAuthorities } from '../registers/authority.ts';
import { type RegisterBooks, recordChange } from '../registers/record-change.ts';
import type { CloudStatus } from '../status.ts';
import { figuresOf } from './console-figures.ts';
import { type Machine, originsOf } from './console-origins.ts';
import type { CloudLogs } from './open-logs.ts';
import type { CloudStores } from './open-stores.ts';

export interface ConsoleInputs {
  readonly stores: CloudStores;
  readonly logs: CloudLogs;
  readonly access: AccessGuard;
  readonly books: RegisterBooks;
  readonly status: () => CloudStatus;
  /** Of what stands: whether this process does now what it is there for. */
  readonly isReady: (status: CloudStatus) => boolean;
  readonly telemetry: Pick<Telemetry, 'request'>;
  /** Cheaper hashes, for tests. */
  readonly passwords?: Passwords;
}

type Around = RoleSurroundings & { readonly draw: (bytes: number) => string };

export interface OpenConsole {
  readonly accounts: AccountParts;
  /** Routes about accounts, for the other door. */
  readonly routes: readonly ApiRoute[];
  /** Not listening yet. */
  readonly create: (routes: readonly ApiRoute[]) => Promise<HttpApi>;
  /** @throws the system's error when nobody can listen there */
  readonly listen: (server: HttpApi) => Promise<void>;
  /** A link to make the first account, while there is none. */
  readonly firstLink: () => string | undefined;
}

export type HttpApi = Awaited<ReturnType<typeof createHttpApi>>;

/**
 * What people log in to; undefined where the configuration has no section `console`.
 *
 * @throws Error when a key or certificate cannot be read
 */
export function openConsole(
  { config, path }: LoadedConfig<CloudConfig>,
  inputs: ConsoleInputs,
  around: Around,
): OpenConsole | undefined {
  const { console } = config;
  if (console === undefined) return undefined;
  const accounts = accountsOf(console, path(config.zones.keys), inputs, around);
  const address = { port: console.port };
  const machine = machineHere();
  const origins = () => originsOf(console, address.port, machine);
  const origin = (): string => origins()[0];
  const linkOf = (token: string): string => `${origin()}/setup#${token}`;
  const routes = accountRoutes({ accounts, linkOf });
  const provider = providerOf(console, path);
  const first = (wish: FirstAccount) => firstAccount(wish, console, accounts, { ...inputs, around });
  return {
    accounts,
    routes,
    create: (shared) =>
      createHttpApi({
        routes: [
          ...sessionRoutes({ accounts, first, hasProvider: provider !== undefined }),
          ...providerRoutes({ accounts, provider, origin }),
          ...shared,
        ],
        ...{ access: inputs.access, accounts, origins, operations: inputs.logs.operations },
        tls: tlsOf(console, path),
        trustedProxies: console.trustedProxies,
        probes: probesOf(console, inputs),
        pages: builtPages(),
      }),
    listen: async (server) => {
      await server.listen({ host: console.address, port: console.port });
      address.port = (server.server.address() as AddressInfo).port;
      around.err(`cloud: console at ${origin()}${elsewhere(origins())}`);
    },
    firstLink: () => {
      const token = inviteFirst(accounts);
      return token === undefined ? undefined : linkOf(token);
    },
  };
}

function accountsOf(
  { secondFactor }: ConsoleConfig,
  keys: string,
  { stores, logs, access, passwords = argon2Passwords() }: ConsoleInputs,
  around: Around,
): AccountParts {
  return {
    store: stores.accounts,
    passwords,
    codes: oneTimeCodes,
    box: accountKey(keys),
    clock: around.clock,
    draw: around.draw,
    operations: logs.operations,
    alert: (document) => raiseAlert(logs, around, document),
    principalOf: access.principalOf,
    matrix: () => standingAuthorities(stores.registers.list('processor')),
    secondFactor,
  };
}

/** Enters who makes the first account in the register `principal`, unless an entry is there; it names what the first roles read. */
function firstAccount(
  { account, person, employer, resident }: FirstAccount,
  { firstRoles: roles }: ConsoleConfig,
  accounts: AccountParts,
  { access, books, around }: Pick<ConsoleInputs, 'access' | 'books'> & { readonly around: Around },
): Result<Account, Fault> {
  if (access.principalOf(account) === undefined) {
    const now = around.clock.now();
    const valid = { validFrom: civilDateOf(now), validUntil: civilDateOf((now + ENTRY_MS) as Instant) };
    const body = { id: account, person, employer, resident, reads: readingsOf(roles), ...valid };
    const entered = recordChange({ act: 'add', kind: 'principal', body }, account, books);
    if (!entered.ok) return fail(entered.fault[0] ?? accountFault('ACCOUNT_ENTRY'));
  }
  return newAccount({ name: account, roles }, accounts);
}

function probesOf({ probes }: ConsoleConfig, { status, logs, telemetry, isReady }: ConsoleInputs) {
  return {
    from: addressList(probes),
    metrics: prometheusMetrics(() => figuresOf(status())),
    telemetry,
    isReady: () => logs.operations.head().size >= 0 && isReady(status()),
  };
}

/** Then somebody looks at it again. */
const ENTRY_MS = 364 * DAY_MS;

function providerOf({ oidc }: ConsoleConfig, path: (relative: string) => string) {
  if (oidc === undefined) return undefined;
  const { issuer, clientId, clientSecretFile } = oidc;
  return oidcProvider({ issuer, clientId, clientSecret: readFileSync(path(clientSecretFile), 'utf8').trim() });
}

function tlsOf({ tls }: ConsoleConfig, path: (relative: string) => string) {
  return tls && { cert: readFileSync(path(tls.certificateFile)), key: readFileSync(path(tls.keyFile)) };
}

/** The other addresses that the same link opens at. */
const elsewhere = ([, ...others]: readonly string[]): string =>
  others.length === 0
    ? ''
    : `; it listens on every address, so at ${others.join(', ')} too; behind another name, say it in \`console.origin\``;

function machineHere(): Machine {
  const addresses = Object.values(networkInterfaces())
    .flat()
    .filter((one) => one !== undefined && !one.internal)
    .map((one) => one?.address ?? '');
  return { name: hostname(), addresses };
}
