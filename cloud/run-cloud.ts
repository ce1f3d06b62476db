import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { RoleSurroundings } from '../proto/config/role.ts';
import type { Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { listenForMqtt, type MqttIngress, type MqttIngressEvents } from './adapters/embedded-mqtt.ts';
import { deletionRoutes } from './api/deletion-routes.ts';
import { emergencyRoutes } from './api/emergency-routes.ts';
import { serveLocalApi } from './api/local-api.ts';
import type { RegisterApiParts } from './api/register-routes.ts';
import { createPermitWatch } from './approvals/permit-watch.ts';
import { attestedAdapters } from './attested-adapters.ts';
import type { CloudConfig } from './config.ts';
import { createGateway, type Gateway, type GatewayParts } from './gateway.ts';
import { REJECTIONS } from './ingest/rejections.ts';
import { createSensorRates } from './ingest/sensor-rates.ts';
import { createTrustKeeper } from './ingest/trust-keeper.ts';
import { openAccess } from './open-access.ts';
import { openDeletion } from './open-deletion.ts';
import { type OpenDetectors, openDetectors } from './open-detectors.ts';
import { openEmergency, openEmergencyState } from './open-emergency.ts';
import { openGate } from './open-gate.ts';
import { calendarsOn, type OpenLaw, openLaw } from './open-law.ts';
import type { CloudStores } from './open-stores.ts';
import { personBooks } from './person-books.ts';
import { createPolicyDistribution, type PolicyDistribution } from './policy-distribution.ts';
import { raiseAlert } from './raise-alert.ts';
import { replayRegisters } from './registers/record-change.ts';
import { ANNUAL_REPORT, DEADLINES } from './rules/deadlines.table.ts';
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
  open: OpenCloud,
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
): Promise<Result<RunningCloud, Fault>> {
  const { stores, logs } = open;
  const law = openLaw(loaded);
  if (!law.ok) return law;
  const { gate, registers, lookAtPermits, stop, access } = openExports(loaded, { ...open, law: law.value }, around);

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
  const { calendars } = registers.agenda;
  const routes = [...deletionRoutes({ deletions, devices: stores.register, calendars }), ...emergencyRoutes(stop)];
  const socket = loaded.path(loaded.config.api.socket);
  const persons = personBooks(open);
  const api = await serveLocalApi(socket, { gate, access, status, registers, routes, persons }).catch(
    async (cause: unknown) => {
      // A cloud that nobody can ask is not left listening to vehicles.
      await listening.value.close();
      throw cause;
    },
  );
  const { cutOff } = listening.value;
  const looks = { lookAtPermits, lookAtStop: stop.look };
  const timers = startUpkeep(open, around, { gate, policies, ...looks, cutOff, deletions, key });
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
      attempt(() => settleReturns(gate), around);
      for (const open of [logs.operations, logs.alerts, stores]) open.close();
    },
  });
}

/** Gate, registers and the emergency stop, each brought to where the logs say it is. */
function openExports(
  loaded: LoadedConfig<CloudConfig>,
  { stores, logs, law }: OpenCloud & { readonly law: OpenLaw },
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
) {
  const state = openEmergencyState(loaded);
  const alert = (document: Readonly<Record<string, unknown>>): void => raiseAlert(logs, around, document);
  const { clock, draw } = around;
  const gate = openGate(loaded, { stores, logs, law, stopped: state.stopped, alert }, clock, draw);
  replayRegisters(logs.operations.entries, stores.registers);
  resumeTransfers(gate);
  const lookAtPermits = permitWatch(gate, stores, around);
  const registers = registersOf({ stores, logs, law }, around, lookAtPermits);
  const stop = openEmergency(loaded, state, { gate, logs, registers }, around);
  attempt(stop.look, around);
  const find = (kind: string, id: string) => stores.registers.find(kind, id);
  const access = openAccess(loaded, find, { clock, operations: logs.operations, alert });
  return { gate, registers, lookAtPermits, stop, access };
}

/** What a crash left open is brought on its way, or to its end, before anybody can ask for anything. */
function permitWatch(gate: ExportGateParts, { registers }: CloudStores, around: RoleSurroundings): () => void {
  const registersAt = (): number => registers.appliedTo();
  const look = createPermitWatch({ gate, registersAt, onFault: around.fault });
  attempt(look, around);
  return look;
}

function registersOf(
  { stores, logs, law }: OpenCloud & { readonly law: OpenLaw },
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
  return {
    books: { operations: logs.operations, store },
    documents: stores.documents,
    agenda: { rows: DEADLINES, annual: ANNUAL_REPORT, calendars: calendarsOn(law, clock.now()) },
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
