import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { RoleSurroundings } from '../proto/config/role.ts';
import type { MqttIngressEvents } from './adapters/embedded-mqtt.ts';
import { attestedAdapters } from './attested-adapters.ts';
import type { CloudConfig } from './config.ts';
import { aheadOf, createGateway, type Gateway, type GatewayParts } from './gateway.ts';
import { REJECTIONS } from './ingest/rejections.ts';
import { createSensorRates } from './ingest/sensor-rates.ts';
import type { TrustKeeper } from './ingest/trust-keeper.ts';
import type { OpenDetectors } from './open-detectors.ts';
import type { CloudStores } from './open-stores.ts';
import { createPolicyDistribution, type PolicyDistribution } from './policy-distribution.ts';
import { raiseAlert } from './raise-alert.ts';
import type { OpenCloud } from './upkeep.ts';

/** What takes payloads of vehicles in, as the configuration says. */
export function gatewayOf(
  { config }: LoadedConfig<CloudConfig>,
  { stores, logs, pictures, trust }: OpenCloud & Pick<OpenDetectors, 'pictures'> & { readonly trust: TrustKeeper },
  around: RoleSurroundings,
  onDurable: GatewayParts['onDurable'],
): Gateway {
  return aheadOf(
    createGateway({
      stores,
      clock: around.clock,
      adapters: attestedAdapters(config.confidentiality),
      trust,
      pictures,
      ...(config.policy && {
        against: { policies: stores.policies, rates: createSensorRates(config.recheck.sensorsPerLabelMax) },
      }),
      onDurable,
      onAlert: (device, code) => {
        const { problem, remedy } = REJECTIONS[code];
        raiseAlert(logs, around, { code, device, problem, remedy });
      },
      onFault: around.fault,
    }),
  );
}

/** The policies that vehicles are told, looked at from now on. */
export function policiesOf(
  { config: { policy }, path }: LoadedConfig<CloudConfig>,
  stores: CloudStores,
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
  { stores, logs }: OpenCloud,
  gateway: Gateway,
  around: RoleSurroundings,
): MqttIngressEvents {
  return {
    find: stores.register.find,
    onPayload: gateway.receive,
    onRefused: (reason, device, detail) => {
      around.err(`cloud: connection refused: ${reason} (${detail})`);
      // A handshake that fails is everyday noise; a stranger with a certificate of ours is not.
      if (reason === 'device-unknown' || reason === 'device-revoked' || reason === 'topic') {
        raiseAlert(logs, around, {
          code: `MQTT_${reason.toUpperCase().replace('-', '_')}`,
          device: device ?? 'unknown',
        });
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
