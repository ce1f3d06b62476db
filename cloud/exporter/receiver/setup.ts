import { createPublicKey, type KeyObject } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { Fault } from '../../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { CONFIG_BYTES_MAX, resolvePath } from '../config.ts';
import type { ExporterFault } from '../exporter-fault.ts';
import { checkPair, loadPem, parseCertificate, parsePrivateKey, readConfigured } from '../identity.ts';
import { parseReceiverConfig, type ReceiverConfig } from './config.ts';
import type { ServerOptions } from './server.ts';

/** The receiver's configuration and what lies in the files it names, all checked. */
export interface ReceiverSetup {
  readonly config: ReceiverConfig;
  readonly dataDirectory: string;
  readonly tls: ServerOptions['tls'];
  /** Both halves of the key of the registered certificate. */
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
}

/** Reads the configuration, with one fault for each mistake in it, and then the files it names, up to the first bad one. */
export async function loadReceiverSetup(configPath: string): Promise<Result<ReceiverSetup, readonly Fault[]>> {
  const yaml = await readConfigured(configPath, configPath, CONFIG_BYTES_MAX);
  if (!yaml.ok) return fail([yaml.fault]);
  const config = parseReceiverConfig(configPath, yaml.value.toString('utf8'));
  if (!config.ok) return config;
  const at = (path: string) => resolvePath(dirname(resolve(configPath)), path);
  const loaded = await loadFiles(config.value, at);
  if (!loaded.ok) return fail([loaded.fault]);
  return ok({ ...loaded.value, config: config.value, dataDirectory: at(config.value.dataDirectory) });
}

async function loadFiles(
  { tls }: ReceiverConfig,
  at: (path: string) => string,
): Promise<Result<Pick<ReceiverSetup, 'tls' | 'key' | 'publicKey'>, ExporterFault>> {
  const certificate = await loadPem(at(tls.certificateFile), 'tls.certificateFile', parseCertificate);
  if (!certificate.ok) return certificate;
  const key = await loadPem(at(tls.keyFile), 'tls.keyFile', parsePrivateKey.bind(null, 'ec'));
  if (!key.ok) return key;
  const misfit = checkPair(certificate.value.parsed, key.value.parsed);
  if (misfit !== undefined) return fail(misfit);
  const authority = await loadPem(at(tls.exporterAuthorityFile), 'tls.exporterAuthorityFile', parseCertificate);
  if (!authority.ok) return authority;
  return ok({
    tls: { certificate: certificate.value.pem, key: key.value.pem, exporterAuthority: authority.value.pem },
    key: key.value.parsed,
    publicKey: createPublicKey(key.value.parsed),
  });
}
