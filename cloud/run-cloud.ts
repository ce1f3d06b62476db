import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { RoleSurroundings } from '../proto/config/role.ts';
import type { Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { civilYearOf } from '../proto/words/time.ts';
import { listenForMqtt, type MqttIngress, type MqttIngressEvents } from './adapters/embedded-mqtt.ts';
import { deletionRoutes } from './api/deletion-routes.ts';
import { serveLocalApi } from './api/local-api.ts';
import type { RegisterApiParts } from './api/register-routes.ts';
import { createPermitWatch } from './approvals/permit-watch.ts';
import { attestedAdapters } from './attested-adapters.ts';
import type { CloudConfig } from './config.ts';
import { contentsOf } from './datasets/contents.ts';
import { changedInBy } from './filed-for.ts';
import { createGateway, type Gateway, type GatewayParts } from './gateway.ts';
import { REJECTIONS } from './ingest/rejections.ts';
import { createSensorRates } from './ingest/sensor-rates.ts';
import { createTrustKeeper } from './ingest/trust-keeper.ts';
import type { MonitoredCounts } from './monitoring/event.ts';
import { openDeletion } from './open-deletion.ts';
import { type OpenDetectors, openDetectors } from './open-detectors.ts';
import { openGate } from './open-gate.ts';
import { calendarsOn, type OpenLaw, openLaw } from './open-law.ts';
import { MONITOR_EVERY_MS, type OpenMonitoring, openMonitoring } from './open-monitoring.ts';
import type { CloudStores } from './open-stores.ts';
import { personBooks } from './person-books.ts';
import { createPolicyDistribution, type PolicyDistribution } from './policy-distribution.ts';
import { raiseAlert } from './raise-alert.ts';
import { replayRegisters, viewOf } from './registers/record-change.ts';
import { type CloudStatus, statusOf } from './status.ts';
import type { ExportGateParts } from './transfer/export-gate.ts';
import { resumeTransfers, settleReturns } from './transfer/settle-transfers.ts';
import { attempt, type OpenCloud, startUpkeep, testDetectors } from './upkeep.ts';

export interface RunningCloud {
  readonly status: () => CloudStatus;
  readonly stop: () => Promise<void>;
}

/** Starts the cloud on open stores and logs. */
export async function runCloud(
  loaded: LoadedConfig<CloudConfig>,
  opened: OpenCloud,
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
): Promise<Result<RunningCloud, Fault>> {
  const monitoring = openMonitoring(loaded, opened.logs, around);
  const open: OpenCloud = { ...opened, logs: monitoring.logs };
  const { stores, logs } = open;
  const law = openLaw(loaded);
  if (!law.ok) return law;
  const gate = openGate(loaded, { ...open, law: law.value }, around.clock, around.draw);
  replayRegisters(logs.operations.entries, stores.registers);
  resumeTransfers(gate);
  const lookAtPermits = permitWatch(gate, open, around);

  let ingress: MqttIngress | undefined;
  const key = readFileSync(loaded.path(loaded.config.pseudonyms.keyFile));
  const detectors = openDetectors(loaded, key);
  void testDetectors(detectors, open, around);
  const gateway = gatewayOf(loaded, { ...open, ...detectors }, around, (acknowledgement) =>
    ingress?.acknowledge(acknowledgement),
  );
  const policies = policiesOf(loaded, stores, around, (bundle) => ingress?.sendPolicy(bundle));
  const events = { ...ingressEvents(open, gateway, around), policy: policies.current };
  const listening = await listenForMqtt(mqttSettings(loaded), events);
  if (!listening.ok) return fail(listening.fault);
  ingress = listening.value;
  const policy = loaded.config.policy === undefined ? 'not-checked' : 'checked';
  const status = (): CloudStatus =>
    statusOf(stores, logs, listening.value, { policy, pictures: detectors.pictures.status() });
  const deletions = openDeletion(loaded, open, around);
  const registers = registersOf({ ...open, law: law.value, gate }, around, lookAtPermits);
  const forDeletion = { deletions, devices: stores.register, calendars: () => registers.agenda.calendars };
  const routes = [...deletionRoutes(forDeletion), ...monitoring.routes];
  const socket = loaded.path(loaded.config.api.socket);
  const persons = personBooks(open);
  const api = await serveLocalApi(socket, { gate, status, registers, routes, persons }).catch(
    async (cause: unknown) => {
      // A cloud that nobody can ask is not left listening to vehicles.
      await listening.value.close();
      throw cause;
    },
  );
  const { cutOff } = listening.value;
  const upkeep = startUpkeep(open, around, { gate, policies, lookAtPermits, cutOff, deletions, key });
  const timers = [...upkeep, watchLogs(monitoring, stores, around)];
  return ok({
    status,
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      // A request that waits for its build is answered before the socket closes.
      await gate.builder.stop();
      await api.close();
      await listening.value.close();
      await detectors.close();
      gateway.flush();
      monitoring.close();
      attempt(() => settleReturns(gate), around);
      for (const open of [logs.operations, logs.alerts, stores]) open.close();
    },
  });
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

/** What a crash left open is brought on its way, or to its end, before anybody can ask for anything. */
function permitWatch(gate: ExportGateParts, { stores, logs }: OpenCloud, around: RoleSurroundings): () => void {
  const registersAt = (): number => stores.registers.appliedTo();
  const onRevoked = (alert: Readonly<Record<string, unknown>>): void => raiseAlert(logs, around, alert);
  const look = createPermitWatch({ gate, registersAt, onFault: around.fault, onRevoked });
  attempt(look, around);
  return look;
}

function registersOf(
  { stores, logs, law, gate }: OpenCloud & { readonly law: OpenLaw; readonly gate: ExportGateParts },
  around: RoleSurroundings,
  onChange: () => void,
): RegisterApiParts {
  const { clock } = around;
  const store = { ...stores.registers };
  store.apply = (entry, logIndex) => {
    stores.registers.apply(entry, logIndex);
    // What rested on it falls with it; a fault here is no fault of the change.
    attempt(onChange, around);
  };
  const kindsOf = (id: string) => {
    const dataset = gate.dataset(id);
    return dataset === undefined ? undefined : contentsOf(dataset).kinds;
  };
  const changedIn = changedInBy(viewOf(stores.registers), law.law.verdicts, kindsOf);
  return {
    books: { operations: logs.operations, store },
    documents: stores.documents,
    agenda: {
      rows: law.law.duties.deadlines,
      annual: law.law.duties.annual,
      // Looked up each time: a calendar of the operator's may begin while the cloud runs.
      get calendars() {
        return calendarsOn(law, clock.now());
      },
      changedIn,
    },
    clock,
  };
}

function gatewayOf(
  { config }: LoadedConfig<CloudConfig>,
  { stores, logs, pictures }: OpenCloud & Pick<OpenDetectors, 'pictures'>,
  around: RoleSurroundings,
  onDurable: GatewayParts['onDurable'],
): Gateway {
  return createGateway({
    stores,
    clock: around.clock,
    adapters: attestedAdapters(config.confidentiality),
    trust: createTrustKeeper(stores.register, around.clock),
    pictures,
    ...(config.policy && {
      against: { policies: stores.policies, rates: createSensorRates(config.recheck.sensorsPerLabelMax) },
    }),
    onDurable,
    onAlert: (device, code) => {
      const { problem, remedy } = REJECTIONS[code];
      raiseAlert(logs, around, { code, device, problem, remedy });
    },
    onFault: around.fault,
  });
}

function policiesOf(
  { config: { policy }, path }: LoadedConfig<CloudConfig>,
  stores: CloudStores,
  around: RoleSurroundings,
  send: (bundle: Uint8Array) => void,
): PolicyDistribution {
  if (policy === undefined) return NO_POLICY;
  const { bundleFile, deliveredFiles } = policy;
  const distribution = createPolicyDistribution({
    readFile: () => (bundleFile === undefined ? undefined : readIfThere(path(bundleFile))),
    readDelivered: () => deliveredFiles.map((file) => readIfThere(path(file))),
    keep: (bundle) => stores.policies.keep(bundle, around.clock.now()),
    key: createPublicKey(readFileSync(path(policy.publicKeyFile))),
    send,
    onFault: around.fault,
  });
  distribution.look();
  return distribution;
}

const NO_POLICY: PolicyDistribution = { current: () => undefined, look: () => undefined };

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function ingressEvents({ stores, logs }: OpenCloud, gateway: Gateway, around: RoleSurroundings): MqttIngressEvents {
  return {
    find: stores.register.find,
    onPayload: gateway.receive,
    onRefused: (reason, device, detail) => {
      around.err(`cloud: connection refused: ${reason} (${detail})`);
      // A handshake that fails is everyday noise; a stranger with a certificate of ours is not.
      if (reason === 'device-unknown' || reason === 'device-revoked' || reason === 'topic') {
        raiseAlert(logs, around, {
          code: `MQTT_${reason.toUpperCase().replace('-', '_')}`,
          device: device ?? 'unknown',
        });
      }
    },
  };
}

function mqttSettings({ config, path }: LoadedConfig<CloudConfig>) {
  const { host, port, certificateFile, keyFile, deviceAuthorityFile } = config.mqtt;
  const read = (file: string): string => readFileSync(path(file), 'utf8');
  return {
    host,
    port,
    certificate: read(certificateFile),
    key: read(keyFile),
    deviceAuthority: read(deviceAuthorityFile),
  };
}
