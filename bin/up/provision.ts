import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeBackupKey } from '../../cloud/adapters/backup-key.ts';
import { makeZoneKeys, writeKeyPair } from '../../cloud/adapters/file-zone-keys.ts';
import { sqliteDeviceRegister } from '../../cloud/adapters/sqlite-device-register.ts';
import { createLog } from '../../cloud/log/open-log.ts';
import { DEVICE_REGISTER_FILE } from '../../cloud/store-names.ts';
import type { VehiclePlan } from '../../firmware-sim/fleet.ts';
import {
  encodePolicyBundle,
  encodeSignedPolicyBundle,
  POSITION_PRESETS,
  PURPOSE_CONSENTS,
  TAG_ROTATIONS,
} from '../../proto/codec/control-codec.ts';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import { assert } from '../../proto/words/result.ts';
import type { Clock, Instant } from '../../proto/words/time.ts';
import { type Authority, createAuthority, type Issued } from './authority.ts';
import { cloudYamlOf, edgeYaml, exporterYaml, type InstallationKind, receiverYaml } from './configs.ts';
import { freePort } from './free-port.ts';
import type { Layout } from './layout.ts';
import { ALLOWED_PATHS, PRESETS } from './tour.ts';
import { placeEcu, placeEcuProgram, UPDATED_MAX } from './tour-campaign.ts';
import { PERSONS } from './tour-registers.ts';

const POLICY_LIFETIME_MS = 366 * 86_400_000;

/** File mode of keys and everything that is personal. */
const OWNER_ONLY = 0o600;

/**
 * Issues what vehicles need, and registers them.
 *
 * @param from - place of the first of them in the fleet
 */
export type Enrol = (vehicles: readonly VehiclePlan[], from: number) => Promise<void>;

/**
 * Makes everything one machine needs for a fleet: authorities, certificates, keys, policies, registers, logs and
 * configurations. Nothing of it is for production: all keys lie on one machine.
 */
export async function provision(layout: Layout, fleet: readonly VehiclePlan[], clock: Clock): Promise<void> {
  const enrol = await provisionServices(layout, clock, 'plain');
  await enrol(fleet, 0);
}

/** The same without vehicles: cloud and border can start while these are enrolled. */
export async function provisionServices(layout: Layout, clock: Clock, kind: InstallationKind): Promise<Enrol> {
  for (const folder of [
    'config',
    'pki',
    'cloud/stores',
    'cloud/vaults',
    'border/staging',
    'border/outbox',
    'border/returns',
    'exporter/captures',
    'recipient/data',
    'persons',
  ]) {
    makeDirectory(`${layout.root}/${folder}`, 0o750);
  }
  const deviceAuthority = await createAuthority('tongguan throw-away device authority', clock.now());
  const serviceAuthority = await createAuthority('tongguan throw-away service authority', clock.now());
  put(layout.pki('device-authority.pem'), deviceAuthority.certificatePem);
  put(layout.pki('service-authority.pem'), serviceAuthority.certificatePem);
  const recipient = await issueTo(serviceAuthority, layout.recipient('server'), 'example-battery-lab', true);
  const exporter = await issueTo(serviceAuthority, layout.exporter('client'), 'tongguan-exporter', false);
  await issueTo(serviceAuthority, layout.cloud('server'), 'tongguan-cloud', true);

  const operations = ed25519(layout.cloud('log'));
  ed25519(layout.cloud('permit'));
  const traffic = ed25519(layout.exporter('log'));
  put(layout.cloud('pseudonym.key'), randomBytes(32));
  makeZoneKeys(layout.cloud('keys'));
  makeBackupKey(layout.cloud('keys'));
  writeKeyPair(layout.cloud('capture.key'), layout.cloud('capture.pub'));
  beginLogs(layout, { operations, traffic }, clock);
  writePolicies(layout, clock);
  for (const account of PERSONS) ed25519(layout.person(account));
  const isEmpty = kind === 'empty';
  const isTour = kind === 'tour';
  if (isTour) {
    mkdirSync(layout.cloud('updates'), { recursive: true, mode: 0o750 });
    ed25519(layout.pki('update'));
    placeEcuProgram(layout);
  }
  const ports = { recipient: await freePort(), console: await freePort(), mqtt: isEmpty ? await freePort() : 0 };
  put(layout.config('cloud.yaml'), cloudYamlOf(kind, layout, ports, clock.now()));
  const registered = { port: ports.recipient, certificateSha256: recipient.certificateSha256 };
  put(layout.config('exporter.yaml'), exporterYaml(layout, isEmpty ? undefined : registered));
  if (!isEmpty) put(layout.config('receiver.yaml'), receiverYaml(layout, ports.recipient, exporter.certificateSha256));
  const ecus = isTour ? UPDATED_MAX : 0;
  return (vehicles, from) => enrolVehicles(layout, vehicles, from, { authority: deviceAuthority, ecus });
}

/** Keys are drawn on all cores; so many at once that these are busy and the machine is not. */
const ENROLLED_AT_ONCE = 8;

interface Enrolling {
  readonly authority: Authority;
  /** How many vehicles, from the first, have a control unit that campaigns are for. */
  readonly ecus: number;
}

async function enrolVehicles(
  layout: Layout,
  vehicles: readonly VehiclePlan[],
  from: number,
  by: Enrolling,
): Promise<void> {
  const devices: { vin: VehiclePlan['vin']; publicKey: string }[] = [];
  for (let done = 0; done < vehicles.length; done += ENROLLED_AT_ONCE) {
    const some = vehicles.slice(done, done + ENROLLED_AT_ONCE);
    const placed = some.map((plan, index) => enrolOne(layout, plan, from + done + index, by));
    devices.push(...(await Promise.all(placed)));
  }
  const register = sqliteDeviceRegister(layout.cloud(`stores/${DEVICE_REGISTER_FILE}`));
  register.add(devices);
  register.close();
}

async function enrolOne(layout: Layout, { name, vin }: VehiclePlan, index: number, { authority, ecus }: Enrolling) {
  const { publicKeyPem: publicKey } = await issueTo(authority, layout.vehicle(name, 'device'), `tcu-${name}`, false);
  put(layout.vehicle(name, 'vin'), `${vin}\n`);
  put(layout.vehicle(name, 'secret.key'), randomBytes(32));
  put(
    layout.config(`edge/${name}.yaml`),
    edgeYaml(layout, name, PRESETS[index % PRESETS.length] ?? 'strict', index < ecus),
  );
  if (index < ecus) placeEcu(layout, name, index);
  return { vin, publicKey };
}

async function issueTo(authority: Authority, path: string, commonName: string, isServer: boolean): Promise<Issued> {
  const issued = await authority.issue({ commonName, isServer });
  put(`${path}.pem`, issued.certificatePem);
  put(`${path}.key`, issued.keyPem);
  return issued;
}

/** Writes a key and its public half beside it. */
function ed25519(path: string): KeyObject {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  put(`${path}.key`, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  put(`${path}.pub`, publicKey.export({ type: 'spki', format: 'pem' }) as string);
  return privateKey;
}

function beginLogs(
  layout: Layout,
  keys: { readonly operations: KeyObject; readonly traffic: KeyObject },
  clock: Clock,
): void {
  const logs = [
    { directory: layout.cloud('log/operations'), origin: 'tongguan.example/operations', signingKey: keys.operations },
    { directory: layout.cloud('log/alerts'), origin: 'tongguan.example/alerts', signingKey: keys.operations },
    { directory: layout.exporter('log/traffic'), origin: 'tongguan.example/traffic', signingKey: keys.traffic },
  ];
  for (const log of logs) {
    const begun = createLog({ ...log, clock });
    assert(begun.ok, 'a log begins in an empty directory');
    begun.value.close();
  }
}

function writePolicies(layout: Layout, clock: Clock): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  put(layout.pki('policy.pub'), createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string);
  for (const preset of PRESETS) {
    const bundle = encodePolicyBundle({
      id: `tour-${preset}`,
      version: 1,
      notBeforeMs: clock.now() - 60_000,
      expiresAtMs: clock.now() + POLICY_LIFETIME_MS,
      allowedPaths: ALLOWED_PATHS,
      purposes: [{ id: 'fleet-care', consent: PURPOSE_CONSENTS.none, expiresAtMs: clock.now() + POLICY_LIFETIME_MS }],
      pathPurposes: new Uint8Array(ALLOWED_PATHS.length).fill(1),
      kindPurposes: { cells: 1, trips: 1, updates: 1 },
      preset: POSITION_PRESETS[preset],
      tagRotation: TAG_ROTATIONS.daily,
    });
    const signature = sign(null, signedBytes('policy', bundle), privateKey);
    put(layout.config(`policy-${preset}.bin`), encodeSignedPolicyBundle({ bundle, signature }));
  }
}

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  writeFileSync(path, content, { mode: OWNER_ONLY });
}

/** What was provisioned, so that a second start goes on with the same fleet. */
export interface UpState {
  readonly seed: string;
  readonly vehicles: readonly string[];
  readonly traces: readonly string[];
  /** When it was begun; drives of the simulator are counted back from it, so a second start goes on with the same ones. */
  readonly begunAt: Instant;
  /** Absent in a directory of a release that knew no other. */
  readonly kind?: InstallationKind;
}

export function readUpState(layout: Layout): UpState | undefined {
  if (!existsSync(layout.state)) return undefined;
  return JSON.parse(readFileSync(layout.state, 'utf8')) as UpState;
}

/** Written last: a directory without it was provisioned by halves, and is begun again. */
export function writeUpState(layout: Layout, state: UpState): void {
  put(layout.state, `${JSON.stringify(state)}\n`);
}

/** Removes what a provisioning that was interrupted left; only ever called where no `up.json` is. */
export function clearHalf(layout: Layout): void {
  for (const folder of ['config', 'pki', 'cloud', 'border', 'exporter', 'recipient', 'vehicles', 'sim']) {
    rmSync(`${layout.root}/${folder}`, { recursive: true, force: true });
  }
}
