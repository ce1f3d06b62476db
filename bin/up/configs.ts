import { stringify } from 'yaml';
import { ROLES } from '../../cloud/accounts/role.ts';
import { REPLAY_DAYS_MAX } from '../../cloud/config/recheck-config.ts';
import { READINGS } from '../../cloud/registers/kinds/principals.ts';
import { civilDateOf, DAY_MS, type Instant } from '../../proto/words/time.ts';
import type { Layout } from './layout.ts';
import { DATASETS, onFile, PRESETS, PROCESSOR, PURPOSE, RECIPIENT_ID, RECIPIENT_NAME, TOUR_DATASETS } from './tour.ts';
import { edgeUpdatesOf, updatesOf } from './tour-campaign.ts';

/**
 * What a directory was made for: `plain`, datasets that go on a verdict alone; `tour`, registers and approvals beside; `empty`, nothing but
 * the cloud and the border.
 */
export type InstallationKind = 'plain' | 'tour' | 'empty';

/** Ports of this machine that a start after the first one has again. */
export interface CloudPorts {
  readonly recipient: number;
  readonly console: number;
  /** 0 takes a free one at each start: agents of `up` are told. */
  readonly mqtt: number;
}

/** The configuration files that `up` writes; the same ones a person would write, with the same schema behind them. */
export function cloudYaml(layout: Layout, recipientPort: number, now: Instant): string {
  return cloudYamlOf('plain', layout, { recipient: recipientPort, console: 0, mqtt: 0 }, now);
}

export function cloudYamlOf(kind: InstallationKind, layout: Layout, ports: CloudPorts, now: Instant): string {
  const isEmpty = kind === 'empty';
  return yaml({
    processor: isEmpty ? { id: 'own', name: 'to be named', ciio: 'unknown' } : PROCESSOR,
    stores: { directory: layout.cloud('stores') },
    zones: { keys: layout.cloud('keys'), vaults: layout.cloud('vaults'), read: ['personal'] },
    mqtt: {
      host: '127.0.0.1',
      port: ports.mqtt,
      certificateFile: layout.cloud('server.pem'),
      keyFile: layout.cloud('server.key'),
      deviceAuthorityFile: layout.pki('device-authority.pem'),
    },
    policy: {
      publicKeyFile: layout.pki('policy.pub'),
      deliveredFiles: PRESETS.map((preset) => layout.config(`policy-${preset}.bin`)),
    },
    // Recorded drives that are replayed are years old, and lie as far apart as they were recorded.
    ...(kind === 'plain' && { recheck: { maxAgeDays: REPLAY_DAYS_MAX, maxSpanDays: REPLAY_DAYS_MAX } }),
    api: { socket: layout.apiSocket },
    // On this machine alone, and whoever tries it out is everybody at once.
    console: {
      address: '127.0.0.1',
      port: ports.console,
      secondFactor: isEmpty ? 'required' : 'offered',
      firstRoles: isEmpty ? ['administrator', 'custodian'] : [...ROLES],
      captures: layout.exporter('captures'),
      inspections: layout.cloud('inspections'),
    },
    access: ownAccess(now),
    log: { directory: layout.cloud('log'), origin: 'tongguan.example', signingKeyFile: layout.cloud('log.key') },
    monitoring: {
      trafficLog: { directory: layout.exporter('log/traffic'), publicKeyFile: layout.exporter('log.pub') },
    },
    border: { directory: layout.border(''), permitKeyFile: layout.cloud('permit.key'), permitHours: 24 },
    permits: { issue: kind === 'plain' ? 'on-verdict' : 'on-approval' },
    pseudonyms: { keyFile: layout.cloud('pseudonym.key') },
    recipients: isEmpty ? [] : [recipientOf(layout, ports.recipient)],
    legalBasis: isEmpty ? 'unknown' : 'contract',
    onFile: isEmpty ? [] : onFile(now),
    datasets: isEmpty ? [] : kind === 'tour' ? TOUR_DATASETS : DATASETS,
    ...(kind === 'tour' && { updates: updatesOf(layout) }),
  });
}

const recipientOf = (layout: Layout, port: number) => ({
  id: RECIPIENT_ID,
  name: RECIPIENT_NAME,
  country: 'DE',
  endpoint: endpointOf(port),
  certificateFile: layout.recipient('server.pem'),
  purposes: [PURPOSE],
});

/** Whoever runs `up` reads everything, from this machine or the networks at hand. */
function ownAccess(now: Instant): object {
  const account = 'tour';
  const principal = {
    id: account,
    person: 'p-tour',
    employer: { name: PROCESSOR.name, country: 'CN' },
    resident: 'CN',
    reads: READINGS,
    validFrom: civilDateOf((now - DAY_MS) as Instant),
    validUntil: civilDateOf((now + 364 * DAY_MS) as Instant),
  };
  return {
    mainland: ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1/128', 'fc00::/7'],
    accounts: [{ uid: process.getuid?.() ?? 0, account }],
    principals: [principal],
  };
}

/** @param hasEcu - whether the vehicle has a control unit that campaigns of the tour are for */
export function edgeYaml(layout: Layout, name: string, preset: string, hasEcu = false): string {
  return yaml({
    vehicle: { vinFile: layout.vehicle(name, 'vin'), secretFile: layout.vehicle(name, 'secret.key') },
    source: { kind: 'unix-socket', path: `${layout.sockets}/${name}.sock` },
    vehicleTime: 'source',
    policy: { bundleFile: layout.config(`policy-${preset}.bin`), publicKeyFile: layout.pki('policy.pub') },
    spool: { file: layout.vehicle(name, 'agent.sqlite') },
    uplink: {
      url: 'mqtts://127.0.0.1:8883',
      certificateFile: layout.vehicle(name, 'device.pem'),
      keyFile: layout.vehicle(name, 'device.key'),
      authorityFile: layout.pki('service-authority.pem'),
    },
    ...(hasEcu && { updates: edgeUpdatesOf(layout, name) }),
  });
}

/** @param recipient - nobody in an installation that is `empty` */
export function exporterYaml(
  layout: Layout,
  recipient: { readonly port: number; readonly certificateSha256: string } | undefined,
): string {
  return yaml({
    border: { outbox: layout.border('outbox'), returns: layout.border('returns') },
    log: {
      directory: layout.exporter('log/traffic'),
      origin: 'tongguan.example/traffic',
      signingKeyFile: layout.exporter('log.key'),
    },
    permit: { publicKeyFile: layout.cloud('permit.pub') },
    capture: {
      directory: layout.exporter('captures'),
      publicKeyFile: layout.cloud('capture.pub'),
      bytesMax: CAPTURE_BYTES_MAX,
    },
    tls: { certificateFile: layout.exporter('client.pem'), keyFile: layout.exporter('client.key') },
    recipients: recipient === undefined ? [] : [exporterRecipient(layout, recipient)],
  });
}

const exporterRecipient = (
  layout: Layout,
  { port, certificateSha256 }: { readonly port: number; readonly certificateSha256: string },
) => ({
  id: RECIPIENT_ID,
  endpoint: endpointOf(port),
  certificateSha256,
  // What the tour delivers is meant to be looked at.
  sealedTo: 'none',
  authorityFile: layout.pki('service-authority.pem'),
});

export function receiverYaml(layout: Layout, port: number, exporterSha256: string): string {
  return yaml({
    recipientId: RECIPIENT_ID,
    listen: { host: '127.0.0.1', port },
    dataDirectory: layout.recipient('data'),
    tls: {
      certificateFile: layout.recipient('server.pem'),
      keyFile: layout.recipient('server.key'),
      exporterAuthorityFile: layout.pki('service-authority.pem'),
    },
    exporters: [{ id: 'example-motor', certificateSha256: exporterSha256 }],
  });
}

/** What `up` keeps of its own traffic. */
const CAPTURE_BYTES_MAX = 1_073_741_824;

/** Without anchors: the configuration reader takes none. */
const yaml = (value: object): string => stringify(value, { aliasDuplicateObjects: false });

const endpointOf = (port: number): string => `https://127.0.0.1:${port}`;
