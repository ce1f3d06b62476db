import { join } from 'node:path';
import type { CloudConfig } from '../../cloud/config/config.ts';
import type { ExporterConfig } from '../../cloud/exporter/config.ts';
import type { ReceiverConfig } from '../../cloud/exporter/receiver/config.ts';
import type { EdgeConfig } from '../../edge/config.ts';

/** A secret: only its owner may read it. */
export interface KeyFile {
  readonly key: string;
  readonly file: string;
}

export interface CertificateFile {
  readonly key: string;
  readonly file: string;
  /** Its private key, where this machine has it. */
  readonly keyFile?: string;
  /** Who signed it, where the configuration says so. */
  readonly authorityFile?: string;
  readonly use: 'server' | 'client' | 'authority' | 'any';
}

export interface LogPlace {
  readonly directory: string;
  readonly origin: string;
  /** PEM; of a private key the public half is taken. */
  readonly keyFile: string;
}

/** Where something is sent to, other than to a recipient through the gate. */
export interface Endpoint {
  readonly key: string;
  readonly host: string;
}

/** What the configuration of one role names, and can be looked at without starting it. */
export interface Subjects {
  readonly secrets: readonly KeyFile[];
  readonly certificates: readonly CertificateFile[];
  readonly directories: readonly KeyFile[];
  readonly listens: readonly { readonly key: string; readonly host: string; readonly port: number }[];
  readonly sockets: readonly KeyFile[];
  readonly logs: readonly LogPlace[];
  readonly endpoints: readonly Endpoint[];
  readonly captures?: { readonly directory: string; readonly bytesMax: number };
}

type PathOf = (relative: string) => string;

const NOTHING: Subjects = {
  secrets: [],
  certificates: [],
  directories: [],
  listens: [],
  sockets: [],
  logs: [],
  endpoints: [],
};

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

export function subjectsOfCloud(config: CloudConfig, path: PathOf): Subjects {
  const { mqtt, log, border, console: http, terminals } = config;
  const listener = (key: string, at: { host: string; port: number } | undefined) =>
    at === undefined ? [] : [{ key, host: at.host, port: at.port }];
  return {
    secrets: secretsOfCloud(config, path),
    certificates: certificatesOfCloud(config, path),
    directories: [
      { key: 'stores.directory', file: path(config.stores.directory) },
      { key: 'border.directory', file: path(border.directory) },
      { key: 'zones.vaults', file: path(config.zones.vaults) },
      { key: 'log.directory', file: path(log.directory) },
    ],
    listens: [
      { key: 'mqtt', host: mqtt.host, port: mqtt.port },
      ...(http === undefined ? [] : [{ key: 'console', host: http.address, port: http.port }]),
      ...listener('terminals.gb32960', terminals?.gb32960),
      ...listener('terminals.jt808.tcp', terminals?.jt808?.tcp),
    ],
    sockets: [{ key: 'api.socket', file: path(config.api.socket) }],
    logs: ['operations', 'alerts'].map((name) => ({
      directory: join(path(log.directory), name),
      origin: `${log.origin}/${name}`,
      keyFile: path(log.signingKeyFile),
    })),
    endpoints: endpointsOfCloud(config),
  };
}

function secretsOfCloud(config: CloudConfig, path: PathOf): readonly KeyFile[] {
  const { console: http, monitoring, terminals, zones } = config;
  const { database } = config.stores;
  const secret = (key: string, file: string | undefined): readonly KeyFile[] =>
    file === undefined ? [] : [{ key, file: path(file) }];
  return [
    ...secret('mqtt.keyFile', config.mqtt.keyFile),
    ...secret('log.signingKeyFile', config.log.signingKeyFile),
    ...secret('border.permitKeyFile', config.border.permitKeyFile),
    ...secret('pseudonyms.keyFile', config.pseudonyms.keyFile),
    ...secret('console.tls.keyFile', http?.tls?.keyFile),
    ...secret('console.oidc.clientSecretFile', http?.oidc?.clientSecretFile),
    ...secret('monitoring.webhook.keyFile', monitoring?.webhook?.keyFile),
    ...(terminals?.forward ?? []).flatMap((to) => secret('terminals.forward.passwordFile', to.passwordFile)),
    ...(database.kind === 'sqlite' ? [] : secret('stores.database.passwordFile', database.passwordFile)),
    ...(database.kind === 'postgres' && database.security.kind === 'tls'
      ? secret('stores.database.security.keyFile', database.security.keyFile)
      : []),
    ...zones.read.map((zone) => ({ key: `zones.keys/${zone}`, file: join(path(zones.keys), `${zone}.key`) })),
  ];
}

function certificatesOfCloud(config: CloudConfig, path: PathOf): readonly CertificateFile[] {
  const { mqtt, console: http } = config;
  const served = (key: string, tls: { certificateFile: string; keyFile: string } | undefined) =>
    tls === undefined
      ? []
      : [{ key, file: path(tls.certificateFile), keyFile: path(tls.keyFile), use: 'server' as const }];
  return [
    ...served('mqtt.certificateFile', mqtt),
    ...served('console.tls.certificateFile', http?.tls),
    { key: 'mqtt.deviceAuthorityFile', file: path(mqtt.deviceAuthorityFile), use: 'authority' },
    ...config.recipients.map(({ id, certificateFile }) => ({
      key: `recipients.${id}.certificateFile`,
      file: path(certificateFile),
      use: 'server' as const,
    })),
  ];
}

/** Everything that a cloud sends to by itself; recipients are the exporter's, through the gate. */
function endpointsOfCloud({
  console: http,
  monitoring,
  log,
  stores,
  telemetry,
  terminals,
}: CloudConfig): readonly Endpoint[] {
  return [
    ...(http?.oidc === undefined ? [] : [{ key: 'console.oidc.issuer', host: hostOf(http.oidc.issuer) }]),
    ...(monitoring?.webhook === undefined ? [] : [{ key: 'monitoring.webhook', host: monitoring.webhook.address }]),
    ...(monitoring?.syslog === undefined ? [] : [{ key: 'monitoring.syslog', host: monitoring.syslog.address }]),
    ...(telemetry === undefined ? [] : [{ key: 'telemetry', host: telemetry.address ?? hostOf(telemetry.url) }]),
    ...(stores.database.kind === 'sqlite' ? [] : [{ key: 'stores.database', host: stores.database.host }]),
    ...(log.witnesses ?? []).map(({ address }) => ({ key: 'log.witnesses', host: address })),
    ...(terminals?.forward ?? []).map(({ name, host }) => ({ key: `terminals.forward.${name}`, host })),
  ];
}

export function subjectsOfExporter(config: ExporterConfig, path: PathOf): Subjects {
  const { tls, log, pull, border, capture } = config;
  return {
    ...NOTHING,
    secrets: [
      { key: 'tls.keyFile', file: path(tls.keyFile) },
      { key: 'log.signingKeyFile', file: path(log.signingKeyFile) },
      ...(pull === undefined ? [] : [{ key: 'pull.keyFile', file: path(pull.keyFile) }]),
    ],
    certificates: [
      { key: 'tls.certificateFile', file: path(tls.certificateFile), keyFile: path(tls.keyFile), use: 'client' },
      ...(pull === undefined
        ? []
        : [
            {
              key: 'pull.certificateFile',
              file: path(pull.certificateFile),
              keyFile: path(pull.keyFile),
              use: 'server' as const,
            },
          ]),
      ...config.recipients.map(({ id, authorityFile }) => ({
        key: `recipients.${id}.authorityFile`,
        file: path(authorityFile),
        // Of a self-signed recipient it is the certificate itself.
        use: 'any' as const,
      })),
    ],
    directories: [
      { key: 'border.outbox', file: path(border.outbox) },
      { key: 'border.returns', file: path(border.returns) },
      { key: 'capture.directory', file: path(capture.directory) },
      { key: 'log.directory', file: path(log.directory) },
    ],
    listens: pull === undefined ? [] : [{ key: 'pull.listen', ...pull.listen }],
    logs: [{ directory: path(log.directory), origin: log.origin, keyFile: path(log.signingKeyFile) }],
    captures: { directory: path(capture.directory), bytesMax: capture.bytesMax },
  };
}

export function subjectsOfEdge(config: EdgeConfig, path: PathOf): Subjects {
  const { uplink, vehicle, policy } = config;
  return {
    ...NOTHING,
    secrets: [
      { key: 'uplink.keyFile', file: path(uplink.keyFile) },
      { key: 'vehicle.vinFile', file: path(vehicle.vinFile) },
      { key: 'vehicle.secretFile', file: path(vehicle.secretFile) },
    ],
    certificates: [
      {
        key: 'uplink.certificateFile',
        file: path(uplink.certificateFile),
        keyFile: path(uplink.keyFile),
        use: 'client',
      },
      { key: 'uplink.authorityFile', file: path(uplink.authorityFile), use: 'authority' },
    ],
    directories: [{ key: 'policy.bundleFile', file: path(policy.bundleFile) }],
    endpoints: [{ key: 'uplink.url', host: hostOf(uplink.url.replace(/^mqtts:/, 'https:')) }],
  };
}

export function subjectsOfReceiver(config: ReceiverConfig, path: PathOf): Subjects {
  const { tls, listen, dataDirectory } = config;
  return {
    ...NOTHING,
    secrets: [{ key: 'tls.keyFile', file: path(tls.keyFile) }],
    certificates: [
      { key: 'tls.certificateFile', file: path(tls.certificateFile), keyFile: path(tls.keyFile), use: 'server' },
      { key: 'tls.exporterAuthorityFile', file: path(tls.exporterAuthorityFile), use: 'authority' },
    ],
    directories: [{ key: 'dataDirectory', file: path(dataDirectory) }],
    listens: [{ key: 'listen', ...listen }],
  };
}
