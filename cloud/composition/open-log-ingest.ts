import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { CloudConfig } from '../config/config.ts';
import { createAlerts, type Gateway, type GatewayParts } from '../gateway.ts';
import { REJECTIONS, type RejectionCode } from '../ingest/rejections.ts';
import type { TrustKeeper } from '../ingest/trust-keeper.ts';
import { raiseAlert } from '../raise-alert.ts';
import type { RefusedPayload } from '../record-log/quarantine-record.ts';
import { refusalAlert } from './open-ingest.ts';
import { type OpenRecordLog, openIntake, openTakeIn } from './open-record-log.ts';
import type { OpenCloud } from './upkeep.ts';

/** What takes payloads to the record log, in the shape of what stores them itself. */
export async function openLogGateway(
  log: OpenRecordLog,
  { config }: LoadedConfig<CloudConfig>,
  around: RoleSurroundings,
  onDurable: GatewayParts['onDurable'],
): Promise<Result<{ readonly gateway: Gateway; readonly close: () => Promise<void> }, Fault>> {
  if (config.terminals !== undefined) return fail(terminalsNeedSqlite());
  const intake = await openIntake(log, { clock: around.clock, fault: around.fault, onDurable });
  if (!intake.ok) return intake;
  const gateway: Gateway = {
    receive: intake.value.receive,
    take: (_arrival, done) => done(terminalsNeedSqlite()),
    // What is on its way is waited for where the sender is closed.
    flush: () => undefined,
  };
  return ok({ gateway, close: intake.value.close });
}

/**
 * Takes what workers made into the stores; refused payloads lower trust and are alerted here, where the one writer of both is.
 *
 * @throws KafkaError when the brokers cannot be reached
 */
export async function takeInFromLog(
  log: OpenRecordLog,
  { stores, logs, trust }: OpenCloud & { readonly trust: TrustKeeper },
  around: RoleSurroundings,
): Promise<{ readonly stop: () => Promise<void> }> {
  const alert = createAlerts({ clock: around.clock, onAlert: refusalAlert(logs, around) });
  const onRefused = ({ device, deviceNumber, reason, payload }: RefusedPayload): void => {
    if (!isRejection(reason)) return;
    if (device === undefined) {
      raiseAlert(logs, around, { code: reason, device: 'unknown' });
      return;
    }
    alert(device, reason);
    trust.note(deviceNumber, reason, payload);
  };
  const onForged = (topic: string): void => raiseAlert(logs, around, { code: 'RECORD_FORGED', topic });
  return openTakeIn(log, { stores, onRefused, onForged }, (cause) => around.fault(takeInEnded(cause)));
}

const isRejection = (reason: string): reason is RejectionCode => Object.hasOwn(REJECTIONS, reason);

function terminalsNeedSqlite(): Fault<'TERMINALS_NEED_SQLITE'> {
  return {
    code: 'TERMINALS_NEED_SQLITE',
    problem: bilingual(
      'ports for terminals (`terminals`) take frames in with `recordLog.kind: sqlite` only',
      '终端接入端口（`terminals`）目前仅支持 `recordLog.kind: sqlite`',
    ),
    remedy: bilingual(
      'run terminals in an installation of their own with `recordLog.kind: sqlite`',
      '请为终端单独部署一套 `recordLog.kind: sqlite` 的系统',
    ),
    retry: 'after-remedy',
  };
}

function takeInEnded(cause: unknown): Fault<'RECORD_LOG_NOT_READ'> {
  const text = causeText(cause);
  return {
    code: 'RECORD_LOG_NOT_READ',
    problem: bilingual(
      `the record log is not read into the stores any more: ${text}`,
      `已停止从记录日志读入存储：${text}`,
    ),
    remedy: bilingual(
      'remove the cause and start the cloud again; it goes on where it stopped, and nothing is lost while the topics keep their records',
      '请排除原因后重新启动云端；将从中断处继续，在主题保留期内不会丢失数据',
    ),
    retry: 'after-remedy',
  };
}
