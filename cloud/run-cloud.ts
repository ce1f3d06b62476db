import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { RoleSurroundings } from '../proto/config/role.ts';
import { bilingual, causeText, type Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { toIso } from '../proto/words/time.ts';
import { listenForMqtt, type MqttIngress, type MqttIngressEvents } from './adapters/embedded-mqtt.ts';
import { serveLocalApi } from './api/local-api.ts';
import type { RegisterApiParts } from './api/register-routes.ts';
import { claimsOf } from './claims.ts';
import type { CloudConfig } from './config.ts';
import { createGateway, type Gateway, type GatewayParts } from './gateway.ts';
import { missingFrom } from './ingest/extents.ts';
import { REJECTIONS } from './ingest/rejections.ts';
import { openGate } from './open-gate.ts';
import type { CloudLogs } from './open-logs.ts';
import type { CloudStores } from './open-stores.ts';
import { createPolicyDistribution, type PolicyDistribution } from './policy-distribution.ts';
import type { PolicyBook } from './ports/policy-book.ts';
import type { RecordKey } from './ports/zone-store.ts';
import { replayRegisters } from './registers/record-change.ts';
import { releaseTrips } from './release/release-trips.ts';
import { ANNUAL_REPORT, DEADLINES } from './rules/deadlines.table.ts';
import { WORKING_DAYS } from './rules/working-days.table.ts';
import { type CloudStatus, statusOf } from './status.ts';
import { resumeTransfers, settleReturns } from './transfer/settle-transfers.ts';

export interface RunningCloud {
  readonly status: () => CloudStatus;
  readonly stop: () => Promise<void>;
}

/** How often the border is looked at for what the exporter brought to an end. */
const SETTLE_EVERY_MS = 500;

/** How often trip rows are looked through for groups that may leave the personal zone. */
const RELEASE_EVERY_MS = 5_000;

/** How often the file with the policy for vehicles is looked at. */
const POLICY_EVERY_MS = 5_000;

/** Starts the cloud on open stores and logs. */
export async function runCloud(
  loaded: LoadedConfig<CloudConfig>,
  open: { readonly stores: CloudStores; readonly logs: CloudLogs },
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
): Promise<Result<RunningCloud, Fault>> {
  const { stores, logs } = open;
  const gate = openGate(loaded, open, around.clock, around.draw);
  replayRegisters(logs.operations.entries, stores.registers);
  resumeTransfers(gate);

  let ingress: MqttIngress | undefined;
  const claims = claimsOf(loaded.config, stores.policies);
  const gateway = gatewayOf({ ...open, claims }, around, (acknowledgement) => ingress?.acknowledge(acknowledgement));
  const policies = policiesOf(loaded, around, stores.policies, (bundle) => ingress?.sendPolicy(bundle));
  const events = { ...ingressEvents(open, gateway, around), policy: policies.current };
  const listening = await listenForMqtt(mqttSettings(loaded), events);
  if (!listening.ok) return fail(listening.fault);
  ingress = listening.value;
  const status = (): CloudStatus => statusOf(stores, logs, listening.value);
  const api = await serveLocalApi(loaded.path(loaded.config.api.socket), {
    gate,
    status,
    registers: registersOf(open, around),
  }).catch(async (cause: unknown) => {
    // A cloud that nobody can ask is not left listening to vehicles.
    await listening.value.close();
    throw cause;
  });
  const release = releaseOf(loaded, stores);
  const timers = [
    setInterval(() => attempt(() => settleReturns(gate), around), SETTLE_EVERY_MS),
    setInterval(() => attempt(() => releaseTrips(release), around), RELEASE_EVERY_MS),
    setInterval(() => attempt(policies.look, around), POLICY_EVERY_MS),
  ];
  return ok({
    status,
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await api.close();
      await listening.value.close();
      gateway.flush();
      attempt(() => settleReturns(gate), around);
      logs.operations.close();
      logs.alerts.close();
      stores.close();
    },
  });
}

function releaseOf(
  { config, path }: LoadedConfig<CloudConfig>,
  stores: CloudStores,
): Parameters<typeof releaseTrips>[0] {
  return {
    personal: stores.zones.personal,
    general: stores.zones.general,
    key: readFileSync(path(config.pseudonyms.keyFile)),
    isInLedger: ({ deviceNumber, epoch, sequence }: RecordKey) =>
      missingFrom(stores.ledger.extents(deviceNumber, epoch), sequence, sequence + 1).length === 0,
  };
}

function registersOf(
  { stores, logs }: { readonly stores: CloudStores; readonly logs: CloudLogs },
  { clock }: RoleSurroundings,
): RegisterApiParts {
  return {
    books: { operations: logs.operations, store: stores.registers },
    documents: stores.documents,
    agenda: { rows: DEADLINES, annual: ANNUAL_REPORT, calendars: WORKING_DAYS },
    clock,
  };
}

/** A disk that is full must not end the process: what could not be done now is done at the next look. */
function attempt(work: () => unknown, around: RoleSurroundings): void {
  try {
    work();
  } catch (cause) {
    around.fault(storeFault(causeText(cause)));
  }
}

function storeFault(cause: string): Fault<'STORE_UNAVAILABLE'> {
  return {
    code: 'STORE_UNAVAILABLE',
    problem: bilingual(`a store or the border cannot be written: ${cause}`, `无法写入存储或出境目录：${cause}`),
    remedy: bilingual(
      'free space on the data partition; the work is taken up again by itself',
      '请释放数据分区空间；任务会自动恢复',
    ),
    retry: 'later',
  };
}

interface CloudParts {
  readonly stores: CloudStores;
  readonly logs: CloudLogs;
}

function gatewayOf(
  { stores, logs, claims }: CloudParts & Pick<GatewayParts, 'claims'>,
  around: RoleSurroundings,
  onDurable: GatewayParts['onDurable'],
): Gateway {
  return createGateway({
    stores,
    ...(claims && { claims }),
    clock: around.clock,
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
  around: RoleSurroundings,
  book: PolicyBook,
  send: (bundle: Uint8Array) => void,
): PolicyDistribution {
  if (policy === undefined) return NO_POLICY;
  const distribution = createPolicyDistribution({
    readFile: () => readIfThere(path(policy.bundleFile)),
    key: createPublicKey(readFileSync(path(policy.publicKeyFile))),
    send,
    onSigned: ({ id, version, purposes = [] }) =>
      book.keep(
        id,
        version,
        purposes.map((purpose) => purpose.id),
      ),
    onFault: around.fault,
  });
  for (const file of policy.otherFiles) distribution.know(readIfThere(path(file)));
  distribution.look();
  return distribution;
}

const NO_POLICY: PolicyDistribution = { current: () => undefined, look: () => undefined, know: () => undefined };

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function ingressEvents(
  { stores, logs }: { readonly stores: CloudStores; readonly logs: CloudLogs },
  gateway: Gateway,
  around: RoleSurroundings,
): MqttIngressEvents {
  return {
    find: stores.register.find,
    onPayload: gateway.receive,
    onRefused: (reason, device, detail) => {
      around.err(`cloud: connection refused: ${reason} (${detail})`);
      // A handshake that fails is everyday noise; a stranger with a certificate of ours is not.
      if (reason === 'device-unknown' || reason === 'topic') {
        raiseAlert(logs, around, {
          code: `MQTT_${reason.toUpperCase().replace('-', '_')}`,
          device: device ?? 'unknown',
        });
      }
    },
  };
}

/** Refusals of one connection can be many a second; the log takes this many alerts a minute and then their number. */
const ALERTS_A_MINUTE_MAX = 600;

let minute = 0;
let alertsInMinute = 0;

function raiseAlert(logs: CloudLogs, around: RoleSurroundings, document: Readonly<Record<string, unknown>>): void {
  const now = Math.floor(around.clock.now() / 60_000);
  if (now !== minute) {
    const unlogged = alertsInMinute - ALERTS_A_MINUTE_MAX;
    minute = now;
    alertsInMinute = 0;
    if (unlogged > 0) raiseAlert(logs, around, { code: 'ALERTS_UNLOGGED', count: unlogged });
  }
  alertsInMinute += 1;
  if (alertsInMinute > ALERTS_A_MINUTE_MAX) return;
  around.err(`cloud: alert: ${String(document['code'])} at ${toIso(around.clock.now())}`);
  const logged = logs.alerts.append([{ kind: 'alert', transferId: '', actor: 'cloud', document }]);
  if (!logged.ok) around.fault(logged.fault);
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
