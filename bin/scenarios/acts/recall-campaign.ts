import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import type { UpdateDistribution } from '../../../cloud/updates/distribution.ts';
import { imageOf } from '../../../firmware-sim/tcu/firmware.ts';
import { vinOfVehicle } from '../../../firmware-sim/vehicle-vin.ts';
import { type CivilDate, HOUR_MS, type Instant, startOfDay } from '../../../proto/words/time.ts';
import type { Border } from '../border.ts';
import { putCampaign, releaseOf } from '../campaign.ts';
import { mainlandOver } from '../mainland.ts';
import { operatorOf } from '../policies.ts';
import { startUpdating, type UpdatingVehicle } from '../updating.ts';
import { type EdgeVehicle, startVehicle } from '../vehicle.ts';
import type { World } from '../world.ts';
import { receiptOf, sha256Of } from './papers.ts';

export const ECU = 'brake';
const RUNNING = 3;
const MENDED = 4;
/** Two pieces and a bit. */
const IMAGE_BYTES = 100_000;
const RELEASE_ON = '2026-12-10' as CivilDate;

/** What the register has of the campaign, and later of the filing. */
export interface Campaign {
  readonly id: string;
  readonly packageSha256: string;
  readonly defectOrRecallNumber: string;
}

interface Aboard {
  readonly vehicle: EdgeVehicle;
  readonly updating: UpdatingVehicle;
}

/** The campaign of a recall, from its first entry to the last report of the vehicles. The last vehicle's ECU does not bear the new version. */
export async function playCampaign(world: World, border: Border, sourceTreeSha256: string): Promise<Campaign> {
  const operator = operatorOf(world.seed);
  const from = world.clock.now();
  const policy = operator.policy({ preset: 'strict', from });
  border.stores.policies.keep(policy, from);
  const mainland = mainlandOver(world, border.stores);
  const image = imageOf(world.seed, ECU, MENDED, IMAGE_BYTES);
  const campaign = {
    ...{ id: 'O-1', defectOrRecallNumber: 'RECALL-2026-1' },
    packageSha256: sha256Of(image),
  };
  const directory = join(world.directory, 'updates');
  const distribution = border.updatesFrom(directory, createPublicKey(operator.updateKey));
  const fleet = Array.from({ length: world.size }, (_, index): Aboard => {
    const vin = vinOfVehicle(world.seed, index + 1);
    const vehicle = startVehicle(world, { name: `v${index + 1}`, vin, policy, operatorKey: operator.publicKey });
    const device = mainland.enrol(vin, vehicle.publicKey);
    const isHealthy = (version: number): boolean => version !== MENDED || index + 1 < world.size;
    const setting = { vehicle, device, mainland, distribution, isHealthy, updateKey: operator.updateKey };
    return { vehicle, updating: startUpdating(world, { ...setting, name: ECU, running: RUNNING }) };
  });
  const plan = { id: campaign.id, ecu: ECU, version: MENDED, image, sourceTreeSha256, from, days: 60 };
  const release = releaseOf(plan, operator.updateKey);
  const devices = border.stores.register.page(0, world.size).map(({ device }) => device);
  putCampaign(directory, { release, id: campaign.id, image, devices }, operator.updateKey);
  try {
    await fileAndRelease(world, border, { campaign, distribution, fleet });
    await lateAtNight(world, fleet);
    countEnds(world, distribution, fleet);
  } finally {
    for (const { vehicle, updating } of fleet) for (const one of [updating, vehicle]) one.close();
  }
  return campaign;
}

interface Releasing {
  readonly campaign: Campaign;
  readonly distribution: UpdateDistribution;
  readonly fleet: readonly Aboard[];
}

async function fileAndRelease(
  world: World,
  border: Border,
  { campaign, distribution, fleet }: Releasing,
): Promise<void> {
  const entry = {
    ...campaign,
    ...{ title: `Brake controller 1.${MENDED}`, purpose: 'recall', ecus: [ECU], releaseOn: RELEASE_ON },
    ...{ remoteControl: 'none', functions: ['braking'] },
  };
  border.enter('ota-campaign', entry);
  await offer(world, distribution, fleet);
  world.tell(
    'a campaign with the mended software is entered; it is on file with nobody, and no vehicle hears of it',
    '已登记修复软件的升级活动；尚未备案，车辆均未收到',
  );
  const filings = { miitFiling: receiptOf(world, 'MIIT', 'OTA-1'), samrFiling: receiptOf(world, 'SAMR', 'OTA-1') };
  border.enter('ota-campaign', { ...entry, ...filings });
  world.tell(
    `both regulators have it on file, for a release on ${RELEASE_ON}; until then no vehicle hears of it`,
    `两部门备案完成，定于 ${RELEASE_ON} 发布；此前车辆均不会收到`,
  );
  await offer(world, distribution, fleet);
  world.advance(startOfDay(RELEASE_ON));
  distribution.look();
}

/** Counts whoever hears of the campaign before it may be released. */
async function offer(world: World, distribution: UpdateDistribution, fleet: readonly Aboard[]): Promise<void> {
  distribution.look();
  for (const { updating } of fleet) {
    await updating.live(1, 'parked');
    world.add('offered-before', updating.state() === undefined ? 0 : 1);
  }
}

/** An evening drive, a download with power cuts in it, and an installation after one o'clock with another. */
async function lateAtNight(world: World, fleet: readonly Aboard[]): Promise<void> {
  world.advance((startOfDay(RELEASE_ON) + 20 * HOUR_MS) as Instant);
  for (const { updating } of fleet) {
    await updating.live(1, 'driving');
    updating.cutPower();
  }
  for (const { updating } of fleet) await updating.live(30, 'parked');
  world.tell(
    `on the evening of the release ${fleet.length} vehicles drive, lose their power in the middle of the download, take it up again over a poor network and wait for the night`,
    `发布当晚 ${fleet.length} 辆车行驶、下载途中断电、在弱网下续传，并等待夜间安装`,
  );
  world.advance((startOfDay(RELEASE_ON) + 25 * HOUR_MS) as Instant);
  for (const { updating } of fleet) await updating.live(5, 'driving');
  for (const { updating } of fleet) {
    await updating.live(1, 'parked');
    updating.cutPower();
    await updating.live(10, 'parked');
  }
}

function countEnds(world: World, distribution: UpdateDistribution, fleet: readonly Aboard[]): void {
  distribution.look();
  const [standing] = distribution.standings();
  const told = (state: string): number =>
    (standing?.counts ?? []).filter((one) => one.state === state).reduce((sum, { vehicles }) => sum + vehicles, 0);
  world.set('updates-installed', told('installed'));
  world.set('updates-rolled-back', told('rolled-back'));
  const isWhole = ({ ecu }: UpdatingVehicle): boolean => ecu.isConfirmed() && [RUNNING, MENDED].includes(ecu.version());
  world.set('ecus-broken', fleet.filter(({ updating }) => !isWhole(updating)).length);
  world.tell(
    `after an installation with another power cut ${told('installed')} of ${fleet.length} vehicles report the new version; ${told('rolled-back')}, whose control unit does not bear it, went back to the old one`,
    `安装中再次断电之后，${fleet.length} 辆车中 ${told('installed')} 辆升级成功；${told('rolled-back')} 辆的控制器不适应新版本，已回退`,
  );
}
