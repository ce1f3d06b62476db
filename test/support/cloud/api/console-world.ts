import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { assert, onTestFinished } from 'vitest';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { provision } from '../../../../bin/up/provision.ts';
import { addAccount } from '../../../../cloud/accounts/administer.ts';
import type { Role } from '../../../../cloud/accounts/role.ts';
import { argon2Passwords } from '../../../../cloud/adapters/argon2-passwords.ts';
import { apartPrincipals } from '../../../../cloud/api/principal-routes.ts';
import { importFiles } from '../../../../cloud/building/import-files.ts';
import { httpRoutes } from '../../../../cloud/composition/http-routes.ts';
import { openConsole } from '../../../../cloud/composition/open-console.ts';
import { openDeletion } from '../../../../cloud/composition/open-deletion.ts';
import { openExports } from '../../../../cloud/composition/open-exports.ts';
import { openFileImports } from '../../../../cloud/composition/open-file-imports.ts';
import { openLaw } from '../../../../cloud/composition/open-law.ts';
import { openLogs } from '../../../../cloud/composition/open-logs.ts';
import { openMonitoring } from '../../../../cloud/composition/open-monitoring.ts';
import { openStores } from '../../../../cloud/composition/open-stores.ts';
import { personBooks } from '../../../../cloud/composition/person-books.ts';
import { sharedRoutes } from '../../../../cloud/composition/shared-routes.ts';
import { CloudConfig } from '../../../../cloud/config/config.ts';
import { makeBundle } from '../../../../cloud/inspection/bundle-task.ts';
import { configuredBundles, inspectionJobs } from '../../../../cloud/inspection/open-bundles.ts';
import { openJobDesk } from '../../../../cloud/job-desk.ts';
import { openLog } from '../../../../cloud/log/open-log.ts';
import type { Telemetry } from '../../../../cloud/ports/telemetry.ts';
import { MAINLAND, READINGS } from '../../../../cloud/registers/kinds/principals.ts';
import { recordChange } from '../../../../cloud/registers/record-change.ts';
import type { ReportPeriod } from '../../../../cloud/report/report-facts.ts';
import { type DraftJob, makeDraft } from '../../../../cloud/reporting/make-draft.ts';
import { openReportDrafts } from '../../../../cloud/reporting/report-drafts.ts';
import { statusOf } from '../../../../cloud/status.ts';
import { openTransferDesk } from '../../../../cloud/transfer-desk.ts';
import { readConfig } from '../../../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../../../proto/config/role.ts';
import { civilDateOf, DAY_MS, type Instant } from '../../../../proto/words/time.ts';

export const PASSWORD = 'correct horse battery';
const START = Date.parse('2026-11-22T04:00:00Z') as Instant;

/** Hashes that cost next to nothing. */
const passwords = argon2Passwords({ memoryKib: 8, passes: 1 });

/**
 * The HTTP API of a cloud as `up` provisions one, over real stores and logs, without a listener for vehicles.
 *
 * @param answerMs - how long a question waits for a long piece of work
 * @param over - by the end of what; a world costs a second, so tests that do not get into each other's way share one
 */
export async function consoleWorld(
  console: Partial<NonNullable<CloudConfig['console']>> = {},
  over: (end: () => Promise<void>) => void = onTestFinished,
  answerMs?: number,
) {
  const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tongguan-console-'));
  const layout = layoutOf(directory);
  let now = START;
  const clock = { now: () => now };
  await provision(layout, [], clock);
  const read = readConfig(CloudConfig, layout.config('cloud.yaml'), 'cloud', {});
  assert(read.ok && read.value.config.console !== undefined);
  const { config, path } = read.value;
  const loaded = { path, config: { ...config, console: { ...read.value.config.console, ...console } } };
  const told: string[] = [];
  const around = {
    ...{ clock, environment: {}, err: (line: string) => void told.push(line), fault: () => undefined },
    draw: (bytes: number) => randomBytes(bytes).toString('hex'),
  } as unknown as RoleSurroundings & { draw: (bytes: number) => string };
  const begun = openLogs(loaded.config, path, clock, openLog);
  assert(begun.ok);
  const monitoring = openMonitoring(loaded, begun.value, {
    ...{ ...around, recipient: () => undefined, personOf: () => undefined },
  });
  const { keys, vaults, read: zones } = config.zones;
  const storeKeys = { directory: path(keys), vaults: path(vaults), read: zones, clock };
  const stores = openStores(path(config.stores.directory), storeKeys);
  const law = openLaw(loaded);
  assert(law.ok);
  const open = { stores, logs: monitoring.logs };
  const { gate, registers, stop, access } = openExports(loaded, { ...open, law: law.value }, around);
  const ingress = { port: 1, connections: () => 0 } as Parameters<typeof statusOf>[2];
  const recheck = { policy: 'not-checked' } as Parameters<typeof statusOf>[3];
  const status = () => statusOf(stores, monitoring.logs, ingress, recheck);
  const deletions = openDeletion(loaded, open, around);
  const deletion = { deletions, devices: stores.register, calendars: () => registers.agenda.calendars };
  const requests: Parameters<Telemetry['request']>[] = [];
  const telemetry = { request: (...request: Parameters<Telemetry['request']>) => void requests.push(request) };
  const inputs = { ...open, access, books: registers.books, status, isReady: () => true, passwords, telemetry };
  const forPeople = openConsole(loaded, inputs, around);
  assert(forPeople !== undefined);
  const books = {
    monitoring: monitoring.routes,
    persons: personBooks(open, () => undefined),
    updates: { standings: () => [], look: () => undefined },
  };
  const desk = openTransferDesk({ gate, progressOf: gate.builder.progressOf });
  const jobs = openJobDesk({ ...around, ...(answerMs !== undefined && { answerMs }) });
  const parts = { status, gate, desk, jobs, registers, deletion, stop, ...books };
  const fileImports = openFileImports(
    loaded,
    { ...stores, operations: monitoring.logs.operations, clock },
    // In a thread elsewhere.
    ({ sent, request, storesDirectory }, note) => importFiles(sent, request, storesDirectory, note),
  );
  const bundles = configuredBundles(loaded, { operations: monitoring.logs.operations, ...around }, makeBundle);
  const drafts = openReportDrafts(loaded, { jobs, operations: monitoring.logs.operations, clock }, makeDraft);
  const made = { bundles, builds: gate.builder, jobs, fileImports, drafts };
  const http = httpRoutes(loaded, { ...open, law: law.value, gate, registers, status, ...made }, around);
  const server = await forPeople.create(apartPrincipals([...sharedRoutes(parts), ...forPeople.routes, ...http]));
  over(async () => {
    await server.close();
    await jobs.stop();
    await bundles?.stop();
    monitoring.close();
    for (const one of [...Object.values(begun.value), stores]) one.close();
    rmSync(directory, { recursive: true });
  });

  /** Enters a person at home, unless it is said otherwise. */
  const enter = (account: string, over: object = {}): void => {
    const body = {
      ...{ id: account, person: `p-${account}`, employer: { name: 'Maker', country: MAINLAND }, resident: MAINLAND },
      ...{ reads: [...READINGS], validFrom: civilDateOf((now - DAY_MS) as Instant), validUntil: '2027-11-21', ...over },
    };
    const find = stores.registers.find('principal', account);
    const wish = { act: find === undefined ? 'add' : 'replace', kind: 'principal', body } as const;
    const entered = recordChange(wish, 'test', registers.books);
    assert(entered.ok, JSON.stringify(entered));
  };
  /** An account with its password set, past every door; what logs in is `logIn`. */
  const account = async (name: string, roles: readonly Role[], over: object = {}): Promise<void> => {
    enter(name);
    const added = addAccount({ name, roles }, { account: 'test', isProved: false }, { ...forPeople.accounts });
    assert(added.ok);
    stores.accounts.put({ ...must(stores.accounts.find(name)), passwordHash: await passwords.hash(PASSWORD) });
    if (Object.keys(over).length > 0) enter(name, over);
  };
  let asked = 0;
  /** From another address of this machine each time, so that no limit of one test is another's. */
  const ask: Ask = (options) => {
    asked += 1;
    return server.inject({ remoteAddress: `127.0.${asked >> 8}.${asked & 255}`, ...options });
  };
  return {
    end: () => monitoring.logs.operations.head().size,
    ...{
      server,
      stores,
      told,
      requests,
      gate,
      registers,
      stop,
      logs: monitoring.logs,
      enter,
      account,
      ask,
      accounts: forPeople.accounts,
    },
    firstLink: forPeople.firstLink,
    /** Where the exporter's captures lie. */
    captures: layout.exporter('captures'),
    /** What a thread is told of this world, and what lies where its bundle goes. */
    inspection: (period: { readonly from: string; readonly until: string }, name = 'own-bundle') => {
      const place = join(directory, name);
      mkdirSync(place);
      const job = inspectionJobs(loaded)(period as ReportPeriod, now, join(place, 'bundle.zip'));
      return { job, left: () => readdirSync(place) };
    },
    /** What a thread is told of a draft of this world. */
    draft: (wish: object): DraftJob => ({
      ...{ wish: wish as DraftJob['wish'], madeAt: now, config: loaded.config, directory: path('.') },
    }),
    wait: (ms: number) => {
      now = (now + ms) as Instant;
    },
    now: () => now,
    logIn: (name: string, password = PASSWORD, code?: string) => logIn(ask, name, password, code),
    entries: (kind: string, from = 0): readonly Readonly<Record<string, unknown>>[] =>
      [...monitoring.logs.operations.entries(from)]
        .filter(({ leaf }) => leaf.kind === kind)
        .map(({ leaf }) => ({
          actor: leaf.actor,
          ...(JSON.parse(Buffer.from(leaf.document).toString()) as Record<string, unknown>),
        })),
  };
}

export type ConsoleWorld = Awaited<ReturnType<typeof consoleWorld>>;
export type Ask = (options: InjectOptions) => Promise<LightMyRequestResponse>;

/** A browser after it logged in. */
export async function logIn(ask: Ask, account: string, password: string, code?: string) {
  const headers = { 'x-tongguan-csrf': 'none' };
  const payload = { account, password, ...(code !== undefined && { code }) };
  const answer = await ask({ method: 'POST', url: '/api/v1/session', headers, payload });
  const cookie = cookieOf(answer.headers['set-cookie']);
  const { csrf = '' } = answer.json<{ csrf?: string }>();
  const own = { cookie, 'x-tongguan-csrf': csrf };
  return {
    ...{ answer, cookie, csrf, headers: own },
    get: (path: string, over: InjectOptions = {}) =>
      ask({ method: 'GET', url: `/api/v1${path}`, headers: own, ...over }),
    send: (method: 'POST' | 'PUT' | 'DELETE', path: string, payload: object = {}, over: InjectOptions = {}) =>
      ask({ method, url: `/api/v1${path}`, headers: own, payload, ...over }),
  };
}

/** `name=value` of the cookie that was set. */
export function cookieOf(header: string | string[] | number | undefined): string {
  return String(Array.isArray(header) ? header[0] : (header ?? '')).split(';')[0] ?? '';
}

function must<T>(value: T | undefined): T {
  assert(value !== undefined);
  return value;
}
