import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { RoleSurroundings } from '../proto/config/role.ts';
import type { Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { civilYearOf } from '../proto/words/time.ts';
import type { MqttIngress } from './adapters/embedded-mqtt.ts';
import { figuresOf } from './composition/console-figures.ts';
import { httpRoutes } from './composition/http-routes.ts';
import { trafficOf } from './composition/never-begun.ts';
import { openDeletion } from './composition/open-deletion.ts';
import { openDetectors } from './composition/open-detectors.ts';
import { openDoors } from './composition/open-doors.ts';
import { openExports } from './composition/open-exports.ts';
import { openFileImports } from './composition/open-file-imports.ts';
import { type CloudRole, openFlow } from './composition/open-flow.ts';
import { checkedAhead, ingressEvents, policiesOf } from './composition/open-ingest.ts';
import { NO_INGRESS, openIngress } from './composition/open-ingress.ts';
import { type OpenLaw, openLaw } from './composition/open-law.ts';
import { MONITOR_EVERY_MS, type OpenMonitoring, openMonitoring } from './composition/open-monitoring.ts';
import type { CloudStores } from './composition/open-stores.ts';
import { openTelemetry } from './composition/open-telemetry.ts';
import { openUpdates } from './composition/open-updates.ts';
import { openWitnesses, WITNESS_EVERY_MS } from './composition/open-witnesses.ts';
import { personBooks } from './composition/person-books.ts';
import { receiptsOf } from './composition/receipts.ts';
import { sharedRoutes } from './composition/shared-routes.ts';
import { attempt, type OpenCloud, startUpkeep, testDetectors } from './composition/upkeep.ts';
import type { CloudConfig } from './config/config.ts';
import { createTrustKeeper } from './ingest/trust-keeper.ts';
import { configuredBundles } from './inspection/open-bundles.ts';
import { type OpenJobDesk, openJobDesk } from './job-desk.ts';
import type { MonitoredCounts } from './monitoring/event.ts';
import { personOf } from './person-of.ts';
import type { Telemetry } from './ports/telemetry.ts';
import { raiseAlert } from './raise-alert.ts';
import { openReportDrafts } from './reporting/report-drafts.ts';
import { type CloudStatus, statusOf } from './status.ts';
import { settleReturns } from './transfer/settle-transfers.ts';
import { openTransferDesk } from './transfer-desk.ts';

export interface RunningCloud {
  readonly status: () => CloudStatus;
  readonly stop: () => Promise<void>;
}

/** Starts the cloud on open stores and logs. @param role - `all`, or `api`: then vehicles connect to other processes */
export async function runCloud(
  loaded: LoadedConfig<CloudConfig>,
  opened: OpenCloud,
  around: RoleSurroundings & { readonly draw: (bytes: number) => string; readonly isHeld?: () => boolean },
  role: CloudRole = 'all',
): Promise<Result<RunningCloud, Fault>> {
  const recipient = (id: string) => opened.stores.registers.find('recipient', id);
  const monitoring = openMonitoring(loaded, opened.logs, {
    ...{ ...around, recipient, personOf: personOf(opened.stores) },
  });
  const open: OpenCloud = { ...opened, logs: monitoring.logs };
  const { stores, logs } = open;
  const law = openLaw(loaded);
  if (!law.ok) return law;
  const opening = openTelemetry(loaded, around);
  if (!opening.ok) return opening;
  const telemetry = opening.value;
  const { gate, registers, lookAtPermits, stop, access } = openExports(loaded, { ...open, law: law.value }, around);

  const vehicles = await openVehicles(loaded, open, { law: law.value, role, telemetry }, around);
  if (!vehicles.ok) return vehicles;
  const { listening, flow, gateway, detectors, policies, updates, key } = vehicles.value;
  const policy = loaded.config.policy === undefined ? 'not-checked' : 'checked';
  const status = (): CloudStatus =>
    statusOf(stores, logs, listening, { policy, pictures: detectors.pictures.status() });
  telemetry.watch(() => figuresOf(status()));
  const deletions = openDeletion(loaded, open, around);
  const forDeletion = { deletions, devices: stores.register, calendars: () => registers.agenda.calendars };
  const desk = openTransferDesk({ gate, progressOf: gate.builder.progressOf });
  const jobs = openJobDesk(around);
  const parts = { status, gate, desk, jobs, registers, deletion: forDeletion, stop, monitoring: monitoring.routes };
  const lookAtUpdates = (): void => (updates.look() ? listening.offerUpdates() : undefined);
  const shared = sharedRoutes({
    ...parts,
    persons: personBooks(open, (document) => raiseAlert(logs, around, document)),
    updates: { ...updates, look: lookAtUpdates },
  });
  // Vehicles of a role `api` connect to other processes.
  const isReady = ({ port }: CloudStatus): boolean => (role === 'api' || port > 0) && (around.isHeld?.() ?? true);
  const inputs = { stores, logs, access, books: registers.books, status, isReady, telemetry };
  const made = madeBeside(loaded, open, jobs, around);
  const forHttp = { stores, logs, law: law.value, gate, registers, status, builds: gate.builder, jobs, ...made };
  const http = () => httpRoutes(loaded, forHttp, around);
  const doors = await openDoors(loaded, inputs, { shared, http }, around).catch(async (cause: unknown) => {
    // A cloud that nobody can ask is not left listening to vehicles.
    await listening.close();
    throw cause;
  });
  const returned = { ...gate, ...trafficOf(loaded), ...receiptsOf(loaded, gate.transfers) };
  const settle = () => settleReturns(returned);
  const looked = { settle, lookAtRoster: flow.lookAtRoster, lookAtPermits, lookAtStop: stop.look, lookAtUpdates };
  const upkeep = startUpkeep(open, around, { gate, policies, ...looked, cutOff: listening.cutOff, deletions, key });
  const timers = [...upkeep, watchLogs(monitoring, stores, around), submitHeads(loaded, logs, around)];
  const ended = async (): Promise<void> => {
    for (const timer of timers) clearInterval(timer);
    // A request that waits for its build is answered before the socket closes.
    await gate.builder.stop();
    await jobs.stop();
    await made.bundles?.stop();
    for (const open of [doors, listening, detectors]) await open.close();
    gateway.flush();
    await flow.close();
    monitoring.close();
    await telemetry.close();
    attempt(settle, around);
    for (const open of [logs.operations, logs.alerts, stores]) open.close();
  };
  return ok({ status, stop: ended });
}

/** What is made for who asks over HTTP, beside the other work. */
function madeBeside(
  loaded: LoadedConfig<CloudConfig>,
  { stores, logs: { operations } }: OpenCloud,
  jobs: OpenJobDesk,
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
) {
  return {
    bundles: configuredBundles(loaded, { operations, ...around }),
    fileImports: openFileImports(loaded, { ...stores, operations, clock: around.clock }),
    drafts: openReportDrafts(loaded, { jobs, operations, clock: around.clock }),
  };
}

/** The side that vehicles connect to: who listens, what takes their frames in, what they are told. */
async function openVehicles(
  loaded: LoadedConfig<CloudConfig>,
  open: OpenCloud,
  { law, role, telemetry }: { readonly law: OpenLaw; readonly role: CloudRole; readonly telemetry: Telemetry },
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
) {
  const { stores, logs } = open;
  let ingress: MqttIngress | undefined;
  const key = readFileSync(loaded.path(loaded.config.pseudonyms.keyFile));
  const detectors = openDetectors(loaded, key);
  void testDetectors(detectors, open, around);
  const trust = createTrustKeeper(stores.register, around.clock);
  const flow = await openFlow(loaded, { ...open, ...detectors, trust }, role, around, {
    onDurable: (acknowledgement) => ingress?.acknowledge(acknowledgement),
    onCommit: telemetry.commit,
  });
  if (!flow.ok) return flow;
  const alert = (document: Readonly<Record<string, unknown>>): void => raiseAlert(logs, around, document);
  const gateway = checkedAhead(loaded, flow.value.gateway, (device) => alert({ code: 'MQTT_SIGNATURE', device }));
  const policies = policiesOf(loaded, stores, around, (bundle) => ingress?.sendPolicy(bundle));
  const updates = openUpdates(loaded, stores, law, around);
  const asked = { register: stores.register, alert };
  const events = { ...ingressEvents(asked, gateway, around), policy: policies.current, updates };
  const listening =
    role === 'api' ? ok(NO_INGRESS) : await openIngress(loaded, { ...open, gateway, trust, key }, events, around);
  if (!listening.ok) {
    await flow.value.close();
    return fail(listening.fault);
  }
  ingress = listening.value;
  return ok({ listening: listening.value, flow: flow.value, gateway, detectors, policies, updates, key });
}

function submitHeads(
  loaded: LoadedConfig<CloudConfig>,
  logs: OpenCloud['logs'],
  around: RoleSurroundings,
): NodeJS.Timeout {
  const witnesses = openWitnesses(loaded, { ...around, alert: (document) => raiseAlert(logs, around, document) });
  return setInterval(() => void witnesses.look(), WITNESS_EVERY_MS);
}

function watchLogs(monitoring: OpenMonitoring, stores: CloudStores, around: RoleSurroundings): NodeJS.Timeout {
  return setInterval(() => attempt(() => monitoring.look(countsOf(stores, around)), around), MONITOR_EVERY_MS);
}

/** Figures that rules look at and no entry has. */
function countsOf({ ledger, quarantine, transfers }: CloudStores, { clock }: RoleSurroundings): MonitoredCounts {
  const year = civilYearOf(clock.now());
  const of = (kind: 'plain' | 'sensitive') => transfers.totals(year, kind).all;
  return {
    framesAdmitted: ledger.totals().framesAdmitted,
    framesQuarantined: quarantine.count(),
    persons: { plain: of('plain'), sensitive: of('sensitive') },
  };
}
