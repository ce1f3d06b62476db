import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual } from '../../proto/words/fault.ts';
import type { MqttIngress } from '../adapters/embedded-mqtt.ts';
import type { DeletionParts } from '../deletion/run-deletions.ts';
import type { PolicyDistribution } from '../policy-distribution.ts';
import { raiseAlert } from '../raise-alert.ts';
import { createRegisterWatch } from '../register-watch.ts';
import { releaseTrips } from '../release/release-trips.ts';
import { storeFault, type Unstored } from '../store-fault.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';
import { createStrangerWatch } from '../transfer/settle-transfers.ts';
import { tellOverdue } from './open-deletion.ts';
import type { OpenDetectors } from './open-detectors.ts';
import type { CloudLogs } from './open-logs.ts';
import type { CloudStores } from './open-stores.ts';

/** How often the border is looked at for what the exporter brought to an end. */
const SETTLE_EVERY_MS = 500;

/** How often trip rows are looked through for groups that may leave the personal zone. */
const RELEASE_EVERY_MS = 5_000;

/** How often the file with the policy for vehicles is looked at. */
const POLICY_EVERY_MS = 5_000;

/** How often campaigns of software updates and their entries are looked at. */
const UPDATES_EVERY_MS = 5_000;

/** How often permits are looked at for a basis that fell, and transfers that wait for approvals that lapsed. */
const PERMITS_EVERY_MS = 3_000;

/** How often the emergency stop is looked after: a mark written past the cloud is noticed within it. */
const STOP_EVERY_MS = 500;

/** How often the device register is looked at: a device that was revoked stays connected no longer. */
const REGISTER_EVERY_MS = 250;

/** How often refused payloads are looked through for those whose time is over. */
const EVIDENCE_EVERY_MS = 60_000;

/** How often deletions that are past their last day are alerted. */
const OVERDUE_EVERY_MS = 21_600_000;

export interface OpenCloud {
  readonly stores: CloudStores;
  readonly logs: CloudLogs;
}

export interface Upkeep {
  readonly gate: ExportGateParts;
  readonly policies: PolicyDistribution;
  readonly lookAtRoster: () => void;
  readonly lookAtPermits: () => void;
  readonly lookAtStop: () => void;
  readonly lookAtUpdates: () => unknown;
  /** Takes in what the exporter has brought to an end. */
  readonly settle: () => void;
  readonly cutOff: MqttIngress['cutOff'];
  readonly deletions: DeletionParts;
  /** The processor's pseudonym key. */
  readonly key: Uint8Array;
}

/** Everything that is looked at time and again. */
export function startUpkeep(
  open: OpenCloud,
  around: RoleSurroundings,
  { gate, policies, lookAtRoster, lookAtPermits, lookAtStop, lookAtUpdates, settle, cutOff, deletions, key }: Upkeep,
): readonly NodeJS.Timeout[] {
  const { stores, logs } = open;
  const register = createRegisterWatch({
    register: stores.register,
    operations: logs.operations,
    cutOff,
    onLowered: ({ device, to, rule, code }) =>
      raiseAlert(logs, around, { code: 'DEVICE_TRUST_LOWERED', device, to, rule, because: code }),
    onFault: around.fault,
  });
  const overdue = (): void => tellOverdue(deletions, logs, around);
  attempt(overdue, around);
  attempt(lookAtRoster, around);
  const every = (ms: number, work: () => unknown) => setInterval(() => attempt(work, around), ms);
  return [
    every(REGISTER_EVERY_MS, register.look),
    every(REGISTER_EVERY_MS, lookAtRoster),
    every(PERMITS_EVERY_MS, lookAtPermits),
    every(STOP_EVERY_MS, lookAtStop),
    every(SETTLE_EVERY_MS, settle),
    every(SETTLE_EVERY_MS, createStrangerWatch(gate)),
    every(RELEASE_EVERY_MS, () => release(stores, key)),
    every(RELEASE_EVERY_MS, () => stores.cells.closeDays(around.clock.now())),
    every(POLICY_EVERY_MS, policies.look),
    every(UPDATES_EVERY_MS, lookAtUpdates),
    every(EVIDENCE_EVERY_MS, evidenceWatch(open, around)),
    every(OVERDUE_EVERY_MS, overdue),
  ];
}

/** A process that may not read the personal zone leaves this to the one that may. */
function release({ reader, zones, isInLedger }: CloudStores, key: Uint8Array): void {
  const personal = reader('personal');
  if (personal.ok) releaseTrips({ personal: personal.value, general: zones.general, key, isInLedger });
}

/** A detector that sees nothing would call every picture clean: it is found out before the first one. */
export async function testDetectors(
  { pictures }: OpenDetectors,
  { logs }: OpenCloud,
  around: RoleSurroundings,
): Promise<void> {
  if (pictures.status().detector === 'absent') return;
  const outcome = await pictures.testDetectors();
  if (outcome !== 'passed') raiseAlert(logs, around, { code: 'DETECTOR_SELF_TEST_FAILED', outcome });
}

/** Lets evidence fall whose time is over, and tells of all that fell since it was told last; deletions have entries of their own. */
function evidenceWatch({ stores, logs }: OpenCloud, around: RoleSurroundings): () => void {
  const fallen = () => stores.quarantine.fallen().filter(({ cause }) => cause !== 'deleted');
  const count = (): number => fallen().reduce((sum, { payloads }) => sum + payloads, 0);
  let told = count();
  return () => {
    stores.quarantine.expire(around.clock.now());
    const now = count();
    if (now === told) return;
    raiseAlert(logs, around, { code: 'EVIDENCE_FELL_OUT', payloads: now - told, causes: fallen() });
    told = now;
  };
}

/** A disk that is full must not end the process: what could not be done now is done at the next look. */
export function attempt(work: () => unknown, around: Pick<RoleSurroundings, 'fault'>): void {
  try {
    work();
  } catch (cause) {
    around.fault(storeFault(cause, WORK));
  }
}

const WORK: Unstored = {
  problem: bilingual('a store or the border cannot be written', '无法写入存储或出境目录'),
  meanwhile: bilingual('the work is taken up again by itself', '任务会自动恢复'),
};
