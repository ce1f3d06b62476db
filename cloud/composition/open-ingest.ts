import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { DAY_MS } from '../../proto/words/time.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { MqttIngressEvents } from '../adapters/embedded-mqtt.ts';
import { attestedAdapters } from '../attested-adapters.ts';
import type { CloudConfig } from '../config/config.ts';
import { aheadOf, createGateway, type Gateway, type GatewayParts } from '../gateway.ts';
import type { JudgeParts } from '../ingest/judge.ts';
import { REJECTIONS } from '../ingest/rejections.ts';
import { createSensorRates } from '../ingest/sensor-rates.ts';
import type { TrustKeeper } from '../ingest/trust-keeper.ts';
import { provenOnly } from '../ingest/verify-ahead.ts';
import { createPolicyDistribution, type PolicyDistribution } from '../policy-distribution.ts';
import type { DeviceRegister } from '../ports/device-register.ts';
import { raiseAlert } from '../raise-alert.ts';
import type { OpenDetectors } from './open-detectors.ts';
import type { CloudStores } from './open-stores.ts';
import type { OpenCloud } from './upkeep.ts';

/** What payloads are held against, as the configuration says. */
export function judgeParts(
  { config }: LoadedConfig<CloudConfig>,
  {
    stores,
    pictures,
    trust,
  }: { readonly stores: Pick<CloudStores, 'policies'> } & Pick<OpenDetectors, 'pictures'> & {
      readonly trust: TrustKeeper;
    },
): JudgeParts {
  return {
    adapters: attestedAdapters(config.confidentiality),
    trust,
    pictures,
    times: { ageMaxMs: config.recheck.maxAgeDays * DAY_MS, spanMaxMs: config.recheck.maxSpanDays * DAY_MS },
    ...(config.policy && {
      against: { policies: stores.policies, rates: createSensorRates(config.recheck.sensorsPerLabelMax) },
    }),
  };
}

/** Enters a refusal that looks like a lie in the alerts log. */
export function refusalAlert(logs: OpenCloud['logs'], around: RoleSurroundings): GatewayParts['onAlert'] {
  return (device, code) => {
    const { problem, remedy } = REJECTIONS[code];
    raiseAlert(logs, around, { code, device, problem, remedy });
  };
}

/** What takes payloads of vehicles in and stores them itself. */
export function gatewayOf(
  loaded: LoadedConfig<CloudConfig>,
  open: OpenCloud & Pick<OpenDetectors, 'pictures'> & { readonly trust: TrustKeeper },
  around: RoleSurroundings,
  { onDurable, onCommit }: Pick<GatewayParts, 'onDurable' | 'onCommit'>,
): Gateway {
  return createGateway({
    ...judgeParts(loaded, open),
    stores: open.stores,
    clock: around.clock,
    onDurable,
    ...(onCommit && { onCommit }),
    onAlert: refusalAlert(open.logs, around),
    onFault: around.fault,
  });
}

/** Has signatures checked ahead; where a broker of somebody else's takes connections, nothing else goes on. */
export function checkedAhead(
  { config }: LoadedConfig<CloudConfig>,
  gateway: Gateway,
  onUnsigned: (device: DeviceId) => void,
): Gateway {
  if (config.ingress.kind === 'embedded') return aheadOf(gateway);
  return aheadOf({ ...gateway, receive: provenOnly(gateway.receive, ({ device }) => onUnsigned(device)) });
}

/** The policies that vehicles are told, looked at from now on. */
export function policiesOf(
  { config: { policy }, path }: LoadedConfig<CloudConfig>,
  stores: Pick<CloudStores, 'policies'>,
  around: RoleSurroundings,
  send: (bundle: Uint8Array) => void,
): PolicyDistribution {
  if (policy === undefined) return NO_POLICY;
  const { bundleFile, deliveredFiles } = policy;
  const distribution = createPolicyDistribution({
    readFile: () => (bundleFile === undefined ? undefined : readIfThere(path(bundleFile))),
    readDelivered: () => deliveredFiles.map((file) => readIfThere(path(file))),
    keep: (bundle) => stores.policies.keep(bundle, around.clock.now()),
    key: createPublicKey(readFileSync(path(policy.publicKeyFile))),
    send,
    onFault: around.fault,
  });
  distribution.look();
  return distribution;
}

const NO_POLICY: PolicyDistribution = { current: () => undefined, look: () => undefined };

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** What the broker asks and tells. */
export function ingressEvents(
  {
    register,
    alert,
  }: {
    readonly register: Pick<DeviceRegister, 'find'>;
    readonly alert: (document: Readonly<Record<string, unknown>>) => void;
  },
  gateway: Gateway,
  around: RoleSurroundings,
): MqttIngressEvents {
  return {
    find: register.find,
    onPayload: gateway.receive,
    onRefused: (reason, device, detail) => {
      around.err(`cloud: connection refused: ${reason} (${detail})`);
      // A handshake that fails is everyday noise; a stranger with a certificate of ours is not.
      if (reason === 'device-unknown' || reason === 'device-revoked' || reason === 'topic' || reason === 'signature') {
        alert({ code: `MQTT_${reason.toUpperCase().replace('-', '_')}`, device: device ?? 'unknown' });
      }
    },
  };
}

export function mqttSettings({ config, path }: LoadedConfig<CloudConfig>) {
  const { host, port, certificateFile, keyFile, deviceAuthorityFile } = config.mqtt;
  const read = (file: string): string => readFileSync(path(file), 'utf8');
  return {
    host,
    port,
    certificate: read(certificateFile),
    key: read(keyFile),
    deviceAuthority: read(deviceAuthorityFile),
  };
}
