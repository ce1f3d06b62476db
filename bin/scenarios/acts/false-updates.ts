import type { KeyObject } from 'node:crypto';
import { assignTo, sha256 } from '../../../cloud/updates/sign-update.ts';
import { imageOf } from '../../../firmware-sim/tcu/firmware.ts';
import { vinOfVehicle } from '../../../firmware-sim/vehicle-vin.ts';
import { encodeUpdateDownlink } from '../../../proto/codec/update-codec.ts';
import { DAY_MS, type Instant } from '../../../proto/words/time.ts';
import { type ReleasePlan, releaseOf } from '../campaign.ts';
import { openMainland } from '../mainland.ts';
import { type Operator, operatorOf } from '../policies.ts';
import { startUpdating } from '../updating.ts';
import { startVehicle } from '../vehicle.ts';
import type { World } from '../world.ts';

const RUNNING = 3;

/** Whoever has a place on the downlink has no key of the operator: all they have are campaigns of others and of the past. */
export async function falseUpdates(world: World): Promise<void> {
  const operator = operatorOf(world.seed);
  const from = world.clock.now();
  const policy = operator.policy({ preset: 'strict', from });
  const mainland = openMainland(world, [policy]);
  const vin = vinOfVehicle(world.seed, 1);
  const vehicle = startVehicle(world, { name: 'v1', vin, policy, operatorKey: operator.publicKey });
  const device = mainland.enrol(vin, vehicle.publicKey);
  const own = { vehicle, device, mainland, updateKey: operator.updateKey, name: 'brake', running: RUNNING };
  const updating = startUpdating(world, own);
  const refused: string[] = [];
  try {
    for (const { en, zh, message, name } of attacksOn(world, device.device, operator)) {
      await updating.hear(message);
      await updating.live(2, 'parked');
      const reasons = mainland.stores.updates
        .counts(name)
        .flatMap((one) => (one.state === 'refused' ? one.reason : []));
      refused.push(...reasons);
      const [said, saidZh] = [reasons.join(' ') || 'nothing', reasons.join(' ') || '无'];
      world.tell(
        `a campaign ${en} is put on the downlink; the vehicle reports it as refused (${said})`,
        `下行链路收到${zh}的升级活动；车辆上报已拒绝（${saidZh}）`,
      );
      if (updating.state() !== undefined) world.add('false-updates', 1);
    }
    world.set('update-refusals', refused.join(' '));
    world.set('ecus-broken', updating.ecu.version() === RUNNING ? 0 : 1);
    world.set('frames-quarantined', mainland.stores.ledger.totals().framesQuarantined);
  } finally {
    for (const one of [updating, vehicle, mainland]) one.close();
  }
}

interface Attack {
  readonly en: string;
  readonly zh: string;
  readonly message: Uint8Array;
  /** SHA-256 of the campaign, lower-case hexadecimal. */
  readonly name: string;
}

function attacksOn(world: World, device: string, operator: Operator): readonly Attack[] {
  const from = world.clock.now();
  const image = imageOf(world.seed, 'brake', 4, IMAGE_BYTES);
  const good = { ecu: 'brake', version: 4, image, sourceTreeSha256: 'ab'.repeat(32), from, days: 30 };
  const { updateKey, key: otherKey } = operator;
  const attack = (id: string, en: string, zh: string, change: Partial<ReleasePlan>, by: Signer = {}): Attack => {
    const { key = updateKey, given = device } = by;
    const release = releaseOf({ ...good, id, ...change }, key);
    const offer = {
      package: release.of,
      campaign: release.campaign,
      assignment: assignTo(given, release.campaign, key),
    };
    const name = Buffer.from(sha256(release.campaign.campaign)).toString('hex');
    return { en, zh, message: encodeUpdateDownlink({ kind: 'offer', offer }), name };
  };
  return [
    attack('A-1', 'that another key signed', '由其他密钥签名', {}, { key: otherKey }),
    attack('A-2', 'that was given to another vehicle', '属于其他车辆', {}, { given: 'cd'.repeat(16) }),
    attack('A-3', 'for another control unit', '用于其他电控单元', { ecu: 'steering' }),
    attack('A-4', 'of an old version', '版本过旧', { version: RUNNING - 1 }),
    attack('A-5', 'of a time that is over', '已过期', { from: (from - 40 * DAY_MS) as Instant }),
  ];
}

interface Signer {
  readonly key?: KeyObject;
  readonly given?: string;
}

const IMAGE_BYTES = 10_000;
