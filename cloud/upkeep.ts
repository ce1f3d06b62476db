import type { RoleSurroundings } from '../proto/config/role.ts';
import { bilingual, causeText, type Fault } from '../proto/words/fault.ts';
import type { MqttIngress } from './adapters/embedded-mqtt.ts';
import type { OpenDetectors } from './open-detectors.ts';
import type { CloudLogs } from './open-logs.ts';
import type { CloudStores } from './open-stores.ts';
import type { PolicyDistribution } from './policy-distribution.ts';
import { raiseAlert } from './raise-alert.ts';
import { createRegisterWatch } from './register-watch.ts';
import { releaseTrips } from './release/release-trips.ts';
import { settleReturns } from './transfer/settle-transfers.ts';

/** How often the border is looked at for what the exporter brought to an end. */
const SETTLE_EVERY_MS = 500;

/** How often trip rows are looked through for groups that may leave the personal zone. */
const RELEASE_EVERY_MS = 5_000;

/** How often the file with the policy for vehicles is looked at. */
const POLICY_EVERY_MS = 5_000;

/** How often the device register is looked at: a device that was revoked stays connected no longer. */
const REGISTER_EVERY_MS = 250;

/** How often refused payloads are looked through for those whose time is over. */
const EVIDENCE_EVERY_MS = 60_000;

export interface OpenCloud {
  readonly stores: CloudStores;
  readonly logs: CloudLogs;
}

export interface Upkeep {
  readonly gate: Parameters<typeof settleReturns>[0];
  readonly policies: PolicyDistribution;
  readonly cutOff: MqttIngress['cutOff'];
  /** The processor's pseudonym key. */
  readonly key: Uint8Array;
}

/** Everything that is looked at time and again. */
export function startUpkeep(
  open: OpenCloud,
  around: RoleSurroundings,
  { gate, policies, cutOff, key }: Upkeep,
): readonly NodeJS.Timeout[] {
  const { stores, logs } = open;
  const { personal, general } = stores.zones;
  const register = createRegisterWatch({
    register: stores.register,
    operations: logs.operations,
    cutOff,
    onLowered: ({ device, to, rule, code }) =>
      raiseAlert(logs, around, { code: 'DEVICE_TRUST_LOWERED', device, to, rule, because: code }),
    onFault: around.fault,
  });
  const every = (ms: number, work: () => unknown) => setInterval(() => attempt(work, around), ms);
  return [
    every(REGISTER_EVERY_MS, register.look),
    every(SETTLE_EVERY_MS, () => settleReturns(gate)),
    every(RELEASE_EVERY_MS, () => releaseTrips({ personal, general, key, isInLedger: stores.isInLedger })),
    every(RELEASE_EVERY_MS, () => stores.cells.closeDays(around.clock.now())),
    every(POLICY_EVERY_MS, policies.look),
    every(EVIDENCE_EVERY_MS, evidenceWatch(open, around)),
  ];
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

/** Lets evidence fall whose time is over, and tells of all that fell since it was told last. */
function evidenceWatch({ stores, logs }: OpenCloud, around: RoleSurroundings): () => void {
  const fallen = (): number => stores.quarantine.fallen().reduce((sum, { payloads }) => sum + payloads, 0);
  let told = fallen();
  return () => {
    stores.quarantine.expire(around.clock.now());
    const now = fallen();
    if (now === told) return;
    raiseAlert(logs, around, { code: 'EVIDENCE_FELL_OUT', payloads: now - told, causes: stores.quarantine.fallen() });
    told = now;
  };
}

/** A disk that is full must not end the process: what could not be done now is done at the next look. */
export function attempt(work: () => unknown, around: RoleSurroundings): void {
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
