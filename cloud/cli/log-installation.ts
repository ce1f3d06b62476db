import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { AskToRead } from '../ask-to-read.ts';
import { CloudConfig } from '../config/config.ts';

export interface LogPlace {
  readonly name: string;
  readonly directory: string;
  readonly origin: string;
  readonly publicKey: KeyObject;
}

/** How commands that give entries of logs out meet the world. */
export interface LogReadIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  readonly access: AskToRead;
}

export interface Installation {
  readonly loaded: LoadedConfig<CloudConfig>;
  readonly logs: readonly LogPlace[];
  /** Directory of the cloud's logs; operator's files of rules are kept in it. */
  readonly logDirectory: string;
  readonly permitKeys: readonly KeyObject[];
  readonly recipientKeys: ReadonlyMap<string, readonly KeyObject[]>;
}

/** Exactly one of the two. */
export interface InstallationPlace {
  /** Data directory of `tongguan up`. */
  readonly data?: string | undefined;
  /** cloud.yaml of any other, which says under `monitoring.trafficLog` where the exporter's log lies. */
  readonly config?: string | undefined;
}

/** Reads where the logs lie and the public halves of their keys; a private key is taken for its public half. */
export function readInstallation(
  { data, config: file }: InstallationPlace,
  io: Pick<RoleSurroundings, 'environment'>,
): Result<Installation, Fault> {
  if ((data === undefined) === (file === undefined)) return fail(unreadable('name one of `--data` and `--config`'));
  const configured = file ?? join(data ?? '', 'config', 'cloud.yaml');
  const loaded = readConfig(CloudConfig, configured, 'cloud', io.environment);
  if (!loaded.ok) return fail(loaded.fault[0] ?? unreadable('no configuration'));
  const { config, path } = loaded.value;
  try {
    const key = (name: string): KeyObject => createPublicKey(readFileSync(name));
    const exporter = exporterLog(data, loaded.value);
    if (exporter === undefined) return fail(unreadable('`monitoring.trafficLog` is not set'));
    const own = key(path(config.log.signingKeyFile));
    const cloudLog = (name: string) => ({
      name,
      directory: join(path(config.log.directory), name),
      origin: `${config.log.origin}/${name}`,
      publicKey: own,
    });
    const traffic = {
      ...{ name: 'traffic', directory: exporter.directory, origin: `${config.log.origin}/traffic` },
      publicKey: key(exporter.publicKeyFile),
    };
    return ok({
      loaded: loaded.value,
      logs: [cloudLog('operations'), cloudLog('alerts'), traffic],
      logDirectory: path(config.log.directory),
      permitKeys: [config.border.permitKeyFile, ...config.border.permitKeysBefore].map((file) => key(path(file))),
      recipientKeys: new Map(
        config.recipients.map(({ id, certificateFile, certificatesBefore }) => [
          id,
          [certificateFile, ...certificatesBefore].map(
            (file) => new X509Certificate(readFileSync(path(file))).publicKey,
          ),
        ]),
      ),
    });
  } catch (cause) {
    return fail(unreadable(causeText(cause)));
  }
}

function exporterLog(
  data: string | undefined,
  { config, path }: LoadedConfig<CloudConfig>,
): { readonly directory: string; readonly publicKeyFile: string } | undefined {
  if (data !== undefined)
    return { directory: join(data, 'exporter', 'log', 'traffic'), publicKeyFile: join(data, 'exporter', 'log.pub') };
  const { trafficLog } = config.monitoring ?? {};
  return trafficLog && { directory: path(trafficLog.directory), publicKeyFile: path(trafficLog.publicKeyFile) };
}

function unreadable(cause: string): Fault<'INSTALLATION_UNREADABLE'> {
  return {
    code: 'INSTALLATION_UNREADABLE',
    problem: bilingual(`the installation cannot be read: ${cause}`, `无法读取安装目录：${cause}`),
    remedy: bilingual(
      'name the data directory that `tongguan up` was given, or the cloud.yaml of another, which says where the traffic log lies',
      '请指定 `tongguan up` 使用的数据目录，或写明流量日志位置的 cloud.yaml',
    ),
    retry: 'after-remedy',
  };
}
