import type { KeyObject } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import {
  CONFIG_BYTES_MAX,
  type ExporterConfig,
  parseExporterConfig,
  type RecipientConfig,
  resolvePath,
} from './config.ts';
import type { ExporterFault } from './exporter-fault.ts';
import type { ClientIdentity } from './handshake.ts';
import {
  checkPair,
  loadPem,
  parseCaptureKey,
  parseCertificate,
  parsePrivateKey,
  parsePublicKey,
  readConfigured,
} from './identity.ts';
import type { Recipient } from './open-permit.ts';
import type { PullOptions } from './pull/pull-server.ts';

/** The configuration and what lies in the files it names, all checked; nothing has been opened for writing. */
export interface Setup {
  readonly config: ExporterConfig;
  readonly logKey: KeyObject;
  readonly permitKey: KeyObject;
  /** By which the permit key of before hands over to this one. */
  readonly handover: Uint8Array | undefined;
  readonly captureKey: KeyObject;
  readonly identity: ClientIdentity;
  readonly recipients: ReadonlyMap<string, Recipient>;
  /** Where parcels may be fetched. */
  readonly pull: PullOptions['tls'] | undefined;
  /** Takes a path of the configuration from where the configuration lies. */
  readonly at: (path: string) => string;
}

/** Reads the configuration, with one fault for each mistake in it, and then the files it names, up to the first bad one. */
export async function loadSetup(configPath: string): Promise<Result<Setup, readonly Fault[]>> {
  const yaml = await readConfigured(configPath, configPath, CONFIG_BYTES_MAX);
  if (!yaml.ok) return fail([yaml.fault]);
  const config = parseExporterConfig(configPath, yaml.value.toString('utf8'));
  if (!config.ok) return config;
  const at = (path: string) => resolvePath(dirname(resolve(configPath)), path);
  const loaded = await loadFiles(config.value, at);
  return loaded.ok ? ok({ ...loaded.value, config: config.value, at }) : fail([loaded.fault]);
}

/** An Ed25519 signature, and no more. */
const HANDOVER_BYTES_MAX = 64;

type Loaded = Omit<Setup, 'config' | 'at'>;

async function loadFiles(config: ExporterConfig, at: Setup['at']): Promise<Result<Loaded, ExporterFault>> {
  const { log, permit, capture, tls } = config;
  const logKey = await loadPem(at(log.signingKeyFile), 'log.signingKeyFile', parsePrivateKey.bind(null, 'ed25519'));
  if (!logKey.ok) return logKey;
  const permitKey = await loadPem(
    at(permit.publicKeyFile),
    'permit.publicKeyFile',
    parsePublicKey.bind(null, 'ed25519'),
  );
  if (!permitKey.ok) return permitKey;
  const { handoverFile } = permit;
  const handover =
    handoverFile === undefined
      ? ok(undefined)
      : await readConfigured(at(handoverFile), 'permit.handoverFile', HANDOVER_BYTES_MAX);
  if (!handover.ok) return handover;
  const captureKey = await loadPem(at(capture.publicKeyFile), 'capture.publicKeyFile', parseCaptureKey);
  if (!captureKey.ok) return captureKey;
  const certificate = await loadPem(at(tls.certificateFile), 'tls.certificateFile', parseCertificate);
  if (!certificate.ok) return certificate;
  const key = await loadPem(at(tls.keyFile), 'tls.keyFile', parsePrivateKey.bind(null, 'ec'));
  if (!key.ok) return key;
  const misfit = checkPair(certificate.value.parsed, key.value.parsed);
  if (misfit !== undefined) return fail(misfit);
  const recipients = new Map<string, Recipient>();
  for (const [index, recipient] of config.recipients.entries()) {
    const loaded = await loadRecipient(recipient, `recipients.${index}.authorityFile`, at);
    if (!loaded.ok) return loaded;
    recipients.set(recipient.id, loaded.value);
  }
  const pull = await loadPull(config.pull, at);
  if (!pull.ok) return pull;
  const identity = { certificate: certificate.value.pem, key: key.value.pem };
  const keys = { logKey: logKey.value.parsed, permitKey: permitKey.value.parsed, captureKey: captureKey.value.parsed };
  return ok({ ...keys, handover: handover.value, identity, recipients, pull: pull.value });
}

async function loadPull(
  pull: ExporterConfig['pull'],
  at: Setup['at'],
): Promise<Result<PullOptions['tls'] | undefined, ExporterFault>> {
  if (pull === undefined) return ok(undefined);
  const certificate = await loadPem(at(pull.certificateFile), 'pull.certificateFile', parseCertificate);
  if (!certificate.ok) return certificate;
  const key = await loadPem(at(pull.keyFile), 'pull.keyFile', parsePrivateKey.bind(null, 'ec'));
  if (!key.ok) return key;
  const misfit = checkPair(certificate.value.parsed, key.value.parsed, 'pull');
  if (misfit !== undefined) return fail(misfit);
  const authority = await loadPem(at(pull.clientAuthorityFile), 'pull.clientAuthorityFile', parseCertificate);
  if (!authority.ok) return authority;
  return ok({ certificate: certificate.value.pem, key: key.value.pem, authority: authority.value.pem });
}

async function loadRecipient(
  recipient: RecipientConfig,
  key: string,
  at: Setup['at'],
): Promise<Result<Recipient, ExporterFault>> {
  const { id, endpoint, certificateSha256, sealedTo, delivery, authorityFile } = recipient;
  const authority = await loadPem(at(authorityFile), key, parseCertificate);
  return authority.ok
    ? ok({ id, endpoint, certificateSha256, sealedTo, delivery, authority: authority.value.pem })
    : authority;
}
