import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { Zone } from '../../proto/words/data-class.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { CloudConfig } from '../config/config.ts';
import type { rotateOnRecord } from '../rotate-on-record.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface ZoneRotateArgs {
  readonly config: string;
  readonly zone: Zone;
  readonly json: boolean;
}

export interface ZoneRotateIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err' | 'clock'> {
  /** Account of the operating system that runs the command. */
  readonly uid: number | undefined;
  readonly rotate: typeof rotateOnRecord;
}

/**
 * `tongguan zone rotate --config cloud.yaml --zone NAME`: another key pair for a zone, entered in the operations log. No cloud runs
 * meanwhile.
 *
 * @returns 0, 1 a fault, 2 configuration
 */
export function zoneRotateCommand({ config: file, zone, json }: ZoneRotateArgs, io: ZoneRotateIo): ExitStatus {
  const loaded = readConfig(CloudConfig, file, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('zone', fault));
    return EXIT.usage;
  }
  try {
    const rotated = io.rotate(zone, loaded.value, io);
    if (!rotated.ok) {
      io.err(renderFault('zone', rotated.fault));
      return EXIT.fault;
    }
    const sessions = rotated.value;
    io.out(json ? JSON.stringify({ zone, sessions }) : `zone ${zone}: another key, ${sessions} session(s) sealed anew`);
    return EXIT.done;
  } catch (cause) {
    io.err(renderFault('zone', notRotated(zone, causeText(cause))));
    return EXIT.fault;
  }
}

function notRotated(zone: Zone, cause: string): Fault<'ZONE_NOT_ROTATED'> {
  return {
    code: 'ZONE_NOT_ROTATED',
    problem: bilingual(`the key of zone ${zone} was not changed: ${cause}`, `未能更换分区 ${zone} 的密钥：${cause}`),
    remedy: bilingual(
      'run it under an account that can read the key and write the vault, and again after a crash',
      '请使用可读取密钥并可写入密钥库的账户运行；异常中断后请再次运行',
    ),
    retry: 'after-remedy',
  };
}
