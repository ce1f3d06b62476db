import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { type DaysRange, type ShownSpool, shownSpool, type ToldSpool } from '../../proto/words/spool-standing.ts';
import type { Instant } from '../../proto/words/time.ts';
import { DEVICE_ID_CHARACTERS, type DeviceId } from '../../proto/words/topics.ts';
import { namesVin } from '../../proto/words/vin.ts';
import type { AskToRead } from '../ask-to-read.ts';
import { CloudConfig } from '../config/config.ts';
import { DEVICE_REGISTER_FILE } from '../store-names.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

/** What a person may do to a device; `list` shows how devices stand. */
export type StandingOrder =
  | { readonly verb: 'list' }
  | { readonly verb: 'revoke'; readonly device: string; readonly by: string; readonly reason: string }
  | {
      readonly verb: 'trust';
      readonly device: string;
      readonly to: string;
      readonly by: string;
      readonly reason: string;
    };

export interface StandingArgs {
  readonly config: string;
  readonly json: boolean;
  readonly order: StandingOrder;
}

const TRUST_STATES = ['trusted', 'watched', 'barred'] as const;
type Trust = (typeof TRUST_STATES)[number];

interface Act {
  readonly device: DeviceId;
  readonly at: Instant;
  readonly person: string;
  readonly reason: string;
}

interface Listed {
  readonly number: number;
  readonly device: string;
  readonly trust: Trust;
  readonly revoked: boolean;
}

/** What devices told last of their spools. */
export interface ToldSpools {
  readonly spool: (deviceNumber: number) => ToldSpool | undefined;
  readonly close: () => void;
}

/** The register as these commands need it. */
export interface StandingRegister {
  readonly revoke: (act: Act) => boolean;
  readonly setTrust: (act: Act & { readonly to: Trust }) => boolean;
  readonly standings: () => Iterable<Listed>;
  readonly close: () => void;
}

export interface StandingIo extends Pick<RoleSurroundings, 'environment' | 'clock' | 'out' | 'err'> {
  /** Asked before devices are listed. */
  readonly access: AskToRead;
  /** @throws the system's error when the register cannot be opened */
  readonly open: (registerFile: string) => StandingRegister;
  /** Undefined where no cloud has run yet. @throws the system's error when the ledger cannot be read */
  readonly openSpools: (loaded: LoadedConfig<CloudConfig>) => ToldSpools | undefined;
}

/**
 * `tongguan register device list|revoke|trust`: works while the cloud runs, which takes notice by itself and writes every act
 * into the operations log. What raises trust holds only from then on.
 *
 * @returns 0 done, 1 a device that is unknown or a register that cannot be written, 2 usage or configuration, 3 whoever lists may
 *   not read here
 */
export async function deviceStandingCommand(
  { config, json, order }: StandingArgs,
  io: StandingIo,
): Promise<ExitStatus> {
  const loaded = readConfig(CloudConfig, config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('register', fault));
    return EXIT.usage;
  }
  const wrong = whatIsWrong(order);
  if (wrong !== undefined) return refuse(io, actInvalid(...wrong), EXIT.usage);
  const granted = order.verb === 'list' ? await io.access(loaded.value) : undefined;
  if (granted?.ok === false) return refuse(io, granted.fault, EXIT.withheld);
  const directory = loaded.value.path(loaded.value.config.stores.directory);
  const file = join(directory, DEVICE_REGISTER_FILE);
  if (!existsSync(file)) return refuse(io, unwritable('it does not exist'), EXIT.fault);
  try {
    const register = io.open(file);
    try {
      return order.verb === 'list'
        ? list(register, io.openSpools(loaded.value), json, io)
        : carryOut(order, register, json, io);
    } finally {
      register.close();
    }
  } catch (cause) {
    return refuse(io, unwritable(causeText(cause)), EXIT.fault);
  }
}

/** A cloud that never ran has no ledger yet: then no device has told anything. */
function list(
  register: StandingRegister,
  told: ToldSpools | undefined,
  json: boolean,
  io: Pick<StandingIo, 'out'>,
): ExitStatus {
  try {
    const devices = [...register.standings()].map(({ number, device, trust, revoked }) => ({
      ...{ device, trust, revoked },
      spool: shownSpool(told?.spool(number)),
    }));
    if (json) io.out(JSON.stringify({ devices }));
    else
      for (const { device, trust, revoked, spool } of devices)
        io.out(`${device}  ${revoked ? 'revoked' : trust}  ${spoolText(spool)}`);
    return EXIT.done;
  } finally {
    told?.close();
  }
}

function spoolText(spool: ShownSpool | null): string {
  if (spool === null) return 'spool: not told';
  const { eighths, offlineDays: days } = spool;
  const room = days === null ? 'days offline: not known yet' : `days offline: ${daysText(days)}`;
  return `spool: at most ${eighths}/8  ${room}`;
}

function daysText({ from, below }: DaysRange): string {
  if (below === undefined) return `${from} or more`;
  return from === 0 ? `less than ${below}` : `${from} to ${below}`;
}

type Deed = Exclude<StandingOrder, { readonly verb: 'list' }>;

function carryOut(order: Deed, register: StandingRegister, json: boolean, io: StandingIo): ExitStatus {
  const act = { device: order.device as DeviceId, at: io.clock.now(), person: order.by, reason: order.reason.trim() };
  const isDone = order.verb === 'revoke' ? register.revoke(act) : register.setTrust({ ...act, to: order.to as Trust });
  if (!isDone) return refuse(io, deviceUnknown(), EXIT.fault);
  const done = order.verb === 'revoke' ? 'revoked' : order.to;
  const words =
    order.verb === 'revoke' ? done : `${done}; what raises trust holds once the running cloud has logged it`;
  io.out(json ? JSON.stringify({ device: order.device, done }) : `${order.device}: ${words}`);
  return EXIT.done;
}

const TEXT_CHARACTERS_MAX = 200;
/** As the log takes the name of who acted. */
const PERSON = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const DEVICE = new RegExp(`^[0-9a-f]{${DEVICE_ID_CHARACTERS}}$`);

/** Reasons go into a log that others read: no VIN belongs there. */
function whatIsWrong(order: StandingOrder): readonly [en: string, zh: string] | undefined {
  if (order.verb === 'list') return undefined;
  const { device, by, reason } = order;
  if (!DEVICE.test(device)) return ['a device is named by 32 hexadecimal digits', '设备名为 32 位十六进制数字'];
  if (!PERSON.test(by))
    return ['`--by` is a name of letters, digits and `._@-`', '`--by` 应为字母、数字及 `._@-` 组成的名称'];
  const text = reason.trim();
  if (text === '' || text.length > TEXT_CHARACTERS_MAX || [...text].some((sign) => sign < ' ') || namesVin(text))
    return [
      '`--reason` is one line of at most 200 characters without a VIN',
      '`--reason` 应为一行、不超过 200 个字符且不含车辆识别代号',
    ];
  if (order.verb === 'trust' && !TRUST_STATES.some((state) => state === order.to))
    return ['`--to` is `trusted`, `watched` or `barred`', '`--to` 应为 `trusted`、`watched` 或 `barred`'];
  return undefined;
}

function refuse(io: StandingIo, fault: Fault, status: ExitStatus): ExitStatus {
  io.err(renderFault('register', fault));
  return status;
}

function actInvalid(en: string, zh: string): Fault<'DEVICE_ACT_INVALID'> {
  return {
    code: 'DEVICE_ACT_INVALID',
    problem: bilingual(en, zh),
    remedy: bilingual('correct it and give the command again; nothing was done', '请更正后重新执行；未作任何更改'),
    retry: 'after-remedy',
  };
}

function deviceUnknown(): Fault<'DEVICE_NOT_REGISTERED'> {
  return {
    code: 'DEVICE_NOT_REGISTERED',
    problem: bilingual('the register has no such device, or it is revoked already', '登记册中没有该设备，或其已被吊销'),
    remedy: bilingual(
      'look for its name with `tongguan register device list`',
      '请用 `tongguan register device list` 查询设备名',
    ),
    retry: 'after-remedy',
  };
}

function unwritable(cause: string): Fault<'DEVICE_REGISTER_UNAVAILABLE'> {
  return {
    code: 'DEVICE_REGISTER_UNAVAILABLE',
    problem: bilingual(`the device register cannot be opened: ${cause}`, `无法打开设备登记册：${cause}`),
    remedy: bilingual(
      'check `stores.directory` and the rights on it; nothing was done',
      '请检查 `stores.directory` 及其权限；未作任何更改',
    ),
    retry: 'after-remedy',
  };
}
