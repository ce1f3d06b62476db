import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { fileZoneKeys } from '../adapters/file-zone-keys.ts';
import type { CloudConfig } from '../config/config.ts';
import type { Gateway, GatewayParts } from '../gateway.ts';
import type { TrustKeeper } from '../ingest/trust-keeper.ts';
import type { DeviceRegister } from '../ports/device-register.ts';
import type { PolicyArchive } from '../ports/policy-archive.ts';
import type { GroupMember } from '../ports/record-log.ts';
import type { OpenDetectors } from './open-detectors.ts';
import { gatewayOf, judgeParts } from './open-ingest.ts';
import { openLogGateway, takeInFromLog } from './open-log-ingest.ts';
import { type OpenRecordLog, openClassifier, openRecordLog, openRosterPublisher } from './open-record-log.ts';
import type { CloudStores } from './open-stores.ts';
import type { OpenCloud } from './upkeep.ts';

/** What one process of the cloud does. `all` does everything; with a record log there may be several of `ingress` and `classify`. */
export const CLOUD_ROLES = ['all', 'ingress', 'classify', 'api'] as const;
export type CloudRole = (typeof CLOUD_ROLES)[number];

/** Everything between payloads that come in and the stores. */
export interface Flow {
  readonly gateway: Gateway;
  /** Writes down for processes of other machines which devices there are. */
  readonly lookAtRoster: () => void;
  /** Brings to its end what was taken in; before the stores close. */
  readonly close: () => Promise<void>;
}

type Opening = OpenCloud & Pick<OpenDetectors, 'pictures'> & { readonly trust: TrustKeeper };

/** The flow of a process that has the stores: by itself, or over the record log. @param role - `all` or `api` */
export async function openFlow(
  loaded: LoadedConfig<CloudConfig>,
  open: Opening,
  role: CloudRole,
  around: RoleSurroundings,
  told: Pick<GatewayParts, 'onDurable' | 'onCommit'>,
): Promise<Result<Flow, Fault>> {
  const { recordLog } = loaded.config;
  if (recordLog.kind === 'sqlite') {
    const gateway = gatewayOf(loaded, open, around, told);
    return ok({ gateway, lookAtRoster: NO_ROSTER, close: async () => gateway.flush() });
  }
  const log = openRecordLog(recordLog, loaded.path);
  if (!log.ok) return log;
  const lookAtRoster = publisherOf(log.value, open.stores, around);
  const takeIn = await takeInFromLog(log.value, open, around);
  if (role === 'api') return ok({ gateway: NO_GATEWAY, lookAtRoster, close: takeIn.stop });
  const gateway = await openLogGateway(log.value, loaded, around, told.onDurable);
  const member = gateway.ok ? await openWorker(loaded, open, around) : gateway;
  if (!gateway.ok || !member.ok) {
    await takeIn.stop();
    if (gateway.ok) await gateway.value.close();
    return gateway.ok ? (member as Extract<typeof member, { ok: false }>) : gateway;
  }
  const close = async (): Promise<void> => {
    await gateway.value.close();
    await member.value.stop();
    await takeIn.stop();
  };
  return ok({ gateway: gateway.value.gateway, lookAtRoster, close });
}

const NO_ROSTER = (): void => undefined;

function publisherOf(log: OpenRecordLog, { register, roster }: CloudStores, { clock }: RoleSurroundings): () => void {
  if (roster === undefined) return NO_ROSTER;
  return openRosterPublisher(log, { register, roster }, clock).look;
}

/** A member of the group that classifies. */
export async function openWorker(
  loaded: LoadedConfig<CloudConfig>,
  open: Pick<OpenDetectors, 'pictures'> & {
    readonly stores: { readonly policies: PolicyArchive; readonly register: Pick<DeviceRegister, 'find'> };
    readonly trust: TrustKeeper;
  },
  around: RoleSurroundings,
): Promise<Result<GroupMember, Fault>> {
  const { recordLog, zones } = loaded.config;
  if (recordLog.kind === 'sqlite') return fail(roleNeedsLog('classify'));
  const log = openRecordLog(recordLog, loaded.path);
  if (!log.ok) return log;
  // Public halves: what is classified here is sealed here, and opened by whoever reads a zone.
  const zoneKeys = fileZoneKeys(loaded.path(zones.keys), []);
  const parts = { ...judgeParts(loaded, open), register: open.stores.register, zoneKeys };
  return openClassifier(log.value, parts, around);
}

export function roleNeedsLog(role: CloudRole): Fault<'ROLE_NEEDS_RECORD_LOG'> {
  return {
    code: 'ROLE_NEEDS_RECORD_LOG',
    problem: bilingual(
      `role \`${role}\` takes part in a record log, and \`recordLog.kind\` is \`sqlite\``,
      `角色 \`${role}\` 需要记录日志，而 \`recordLog.kind\` 为 \`sqlite\``,
    ),
    remedy: bilingual(
      'set `recordLog.kind: kafka` (docs/kafka.md), or run `tongguan cloud` without `--role`',
      '请设置 `recordLog.kind: kafka`（见 docs/kafka.md），或不带 `--role` 运行 `tongguan cloud`',
    ),
    retry: 'after-remedy',
  };
}

/** Nobody connects to a process that only answers. */
const NO_GATEWAY: Gateway = {
  receive: (_device, _payload, done) => done(roleNeedsLog('api')),
  take: (_arrival, done) => done(roleNeedsLog('api')),
  flush: () => undefined,
};
