import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { Zone } from '../../proto/words/data-class.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { findVins } from '../../proto/words/vin.ts';
import { CloudConfig } from '../config.ts';
import { openLog } from '../log/open-log.ts';
import type { openZone } from '../open-zone.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface ZoneReadArgs {
  readonly config: string;
  readonly zone: Zone;
  readonly by: string;
  readonly reason: string;
  /** Log of the reader's own, begun with `tongguan log begin`. */
  readonly log: { readonly directory: string; readonly origin: string; readonly keyFile: string };
}

export interface ZoneReadIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err' | 'clock'> {
  readonly open: typeof openZone;
  /** Whether whoever runs the command may read here. */
  readonly access: (loaded: LoadedConfig<CloudConfig>) => Result<object, Fault>;
}

/**
 * `tongguan zone read --config cloud.yaml --zone NAME --by NAME --reason TEXT --log DIR ...`: every record of one zone as JSON
 * lines, for the role that has its key. The reading is entered in the reader's own log first: no log, no read.
 *
 * @returns 0 read, 1 a fault, 2 configuration, 3 closed: who runs it may not read here, no key, no custodian, a qualification that
 *   has lapsed
 */
export function zoneReadCommand(args: ZoneReadArgs, io: ZoneReadIo): ExitStatus {
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('zone', fault));
    return EXIT.usage;
  }
  const access = io.access(loaded.value);
  if (!access.ok) {
    // The reader's own log is where it stands; without one it is refused all the same.
    enter(args, 'zone-read-refused', { because: access.fault.code }, io);
    io.err(renderFault('zone', access.fault));
    return EXIT.withheld;
  }
  const { config, path } = loaded.value;
  const { keys, vaults, custodian } = config.zones;
  const places = { stores: path(config.stores.directory), vaults: path(vaults), keys: path(keys) };
  const opened = io.open(args.zone, places, custodian, io.clock);
  if (!opened.ok) {
    io.err(renderFault('zone', opened.fault));
    return EXIT.withheld;
  }
  try {
    const { custodian: holder } = opened.value;
    const entered = enter(args, 'zone-read', holder === undefined ? {} : { custodian: holder }, io);
    if (!entered.ok) {
      io.err(renderFault('zone', entered.fault));
      return EXIT.fault;
    }
    for (const record of opened.value.records()) io.out(JSON.stringify(record, bytesAsBase64));
    return EXIT.done;
  } finally {
    opened.value.close();
  }
}

function enter(
  { zone, by, reason, log }: ZoneReadArgs,
  kind: string,
  more: object,
  io: ZoneReadIo,
): Result<void, Fault> {
  if (findVins(`${by} ${reason}`).length > 0) return fail(notEntered('a VIN does not belong in a log'));
  try {
    const { directory, origin, keyFile } = log;
    const signingKey = createPrivateKey(readFileSync(keyFile));
    const opened = openLog({ directory, origin, signingKey, clock: io.clock });
    if (!opened.ok) return opened;
    const document = { zone, reason, ...more };
    const entered = opened.value.append([{ kind, transferId: '', actor: by, document }]);
    opened.value.close();
    return entered.ok ? ok(undefined) : entered;
  } catch (cause) {
    return fail(notEntered(causeText(cause)));
  }
}

function notEntered(cause: string): Fault<'ZONE_READ_UNLOGGED'> {
  return {
    code: 'ZONE_READ_UNLOGGED',
    problem: bilingual(`the reading cannot be entered in the log: ${cause}`, `读取操作无法写入日志：${cause}`),
    remedy: bilingual(
      'begin a log for this reader with `tongguan log begin`, and name it with `--log`, `--log-origin` and `--log-key`',
      '请使用 `tongguan log begin` 为该读取者创建日志，并用 `--log`、`--log-origin` 和 `--log-key` 指定',
    ),
    retry: 'after-remedy',
  };
}

/** Subject tags and pictures are bytes; JSON has none, and Node's own spelling of a buffer is five times as long. */
function bytesAsBase64(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  const { type, data } = (value ?? {}) as { readonly type?: unknown; readonly data?: unknown };
  return type === 'Buffer' && Array.isArray(data) ? Buffer.from(data).toString('base64') : value;
}
