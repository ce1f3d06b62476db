import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { Zone } from '../../proto/words/data-class.ts';
import { renderFault } from '../../proto/words/fault.ts';
import type { AskToRead } from '../ask-to-read.ts';
import type { openZone } from '../composition/open-zone.ts';
import { CloudConfig } from '../config/config.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface ZoneReadArgs {
  readonly config: string;
  readonly zone: Zone;
  readonly reason: string;
}

export interface ZoneReadIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err' | 'clock'> {
  readonly open: typeof openZone;
  readonly access: AskToRead;
}

/**
 * `tongguan zone read --config cloud.yaml --zone NAME --reason TEXT`: every record of one zone as JSON lines, for the role that has
 * its key. The reading is entered in the operations log of the cloud first, and how many records came out after: no log, no read.
 *
 * @returns 0 read, 1 a fault, 2 configuration, 3 closed: who runs it may not read here, no key, no custodian, a qualification that
 *   has lapsed
 */
export async function zoneReadCommand(args: ZoneReadArgs, io: ZoneReadIo): Promise<ExitStatus> {
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('zone', fault));
    return EXIT.usage;
  }
  const { config, path } = loaded.value;
  const { keys, vaults, custodian } = config.zones;
  const qualified =
    custodian === undefined ? {} : { custodian: custodian.holder, qualification: custodian.certificateNumber };
  const granted = await io.access(loaded.value, { reason: args.reason, detail: { zone: args.zone, ...qualified } });
  if (!granted.ok) {
    io.err(renderFault('zone', granted.fault));
    return EXIT.withheld;
  }
  const places = { stores: path(config.stores.directory), vaults: path(vaults), keys: path(keys) };
  const opened = io.open(args.zone, places, custodian, io.clock);
  if (!opened.ok) {
    io.err(renderFault('zone', opened.fault));
    return EXIT.withheld;
  }
  let records = 0;
  try {
    for (const record of opened.value.records()) {
      io.out(JSON.stringify(record, bytesAsBase64));
      records += 1;
    }
  } finally {
    opened.value.close();
  }
  const ended = await granted.value.ended({ zone: args.zone, records });
  if (ended.ok) return EXIT.done;
  io.err(renderFault('zone', ended.fault));
  return EXIT.fault;
}

/** Subject tags and pictures are bytes; JSON has none, and Node's own spelling of a buffer is five times as long. */
function bytesAsBase64(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  const { type, data } = (value ?? {}) as { readonly type?: unknown; readonly data?: unknown };
  return type === 'Buffer' && Array.isArray(data) ? Buffer.from(data).toString('base64') : value;
}
