import { generateKeyPairSync } from 'node:crypto';
import { REJECTIONS } from '../../../cloud/ingest/rejections.ts';
import type { RegisteredDevice } from '../../../cloud/ports/device-register.ts';
import { foundCity } from '../../../firmware-sim/city.ts';
import { vinOfVehicle } from '../../../firmware-sim/vehicle-vin.ts';
import type { FrameContent } from '../../../proto/codec/telemetry-codec.ts';
import { assert } from '../../../proto/words/result.ts';
import { DAY_MS, HOUR_MS, type Instant } from '../../../proto/words/time.ts';
import { type BatchChange, createLightVehicle, headUnder, type LightVehicle } from '../light-vehicle.ts';
import { openMainland } from '../mainland.ts';
import { operatorOf } from '../policies.ts';
import type { World } from '../world.ts';

interface Lie {
  readonly en: string;
  readonly zh: string;
  readonly frames: readonly FrameContent[];
  readonly change?: BatchChange;
}

/** One honest frame, sent twice; then lie after lie, each from a vehicle of its own that nothing is held against yet. */
export async function lyingVehicle(world: World): Promise<void> {
  const operator = operatorOf(world.seed);
  const at = world.clock.now();
  const policies = [operator.policy({ preset: 'strict', from: at }), operator.policy({ preset: 'fleet', from: at })];
  const mainland = openMainland(world, policies);
  const head = headUnder(policies[0] ?? new Uint8Array(), operator.publicKey, at);
  let ordinal = 0;
  const enter = (): Entered => {
    ordinal += 1;
    const vehicle = createLightVehicle(`${world.seed}/v${ordinal}`, head);
    const device = mainland.enrol(vinOfVehicle(world.seed, ordinal), vehicle.publicKey);
    return { vehicle, device, send: (payload) => void mainland.receive(device, payload) };
  };
  const honest = new Set<number>();
  try {
    for (let round = 0; round < world.size; round += 1) {
      const { vehicle, device, send } = enter();
      honest.add(device.number);
      const report = vehicle.report(at);
      world.note(JSON.stringify(report));
      const payload = vehicle.seal([report]);
      send(payload);
      send(payload);
      world.tell('an honest frame, and the same again: stored once', '一帧真实数据及其重放：只入库一次');
      // Nothing in such a frame can be seen to be wrong; what a tag says is never believed over who signed.
      const masked = enter();
      masked.send(masked.vehicle.seal([report]));
      world.tell(
        'values under the tag of that vehicle, signed by another: kept as those of who signed them',
        '冒用该车标签、由另一车签名的数据：归于签名车辆',
      );
      for (const lie of liesAt(world, vehicle)) {
        const liar = enter();
        const before = mainland.rejections.length;
        world.note(JSON.stringify(lie.frames));
        liar.send(liar.vehicle.seal(lie.frames, lie.change));
        const because = mainland.rejections.slice(before);
        world.advance((world.clock.now() + MINUTE_MS) as Instant);
        world.tell(
          `${lie.en}: ${because.map((code) => REJECTIONS[code].problem.en).join('; ') || 'believed'} (${because.join(' ')})`,
          `${lie.zh}：${because.map((code) => REJECTIONS[code].problem.zh).join('；') || '被采信'}（${because.join(' ')}）`,
        );
      }
    }
    const { framesQuarantined, duplicates, framesAdmitted } = mainland.stores.ledger.totals();
    world.set('frames-quarantined', framesQuarantined);
    world.set('frames-sent-twice', duplicates);
    world.set('frames-stored', framesAdmitted);
    world.set('rejections', [...new Set(mainland.rejections)].sort().join(' '));
    const stored = storedBy(mainland);
    world.set('lies-believed', Math.max(framesAdmitted, stored.length) - HONEST_FRAMES * world.size);
    world.set('stored-as-another', stored.filter((number) => honest.has(number)).length - honest.size);
  } finally {
    mainland.close();
  }
}

/** Of each round: one of an honest vehicle, and one of a vehicle that hides behind its tag. */
const HONEST_FRAMES = 2;

interface Entered {
  readonly vehicle: LightVehicle;
  readonly device: RegisteredDevice;
  readonly send: (payload: Uint8Array) => void;
}

/** Whose each stored record is, by the number of the device. @throws where the zone cannot be read */
function storedBy({ stores }: ReturnType<typeof openMainland>): readonly number[] {
  const personal = stores.reader('personal');
  assert(personal.ok, 'a scenario reads the zones that it writes');
  return [...personal.value.records()].map(({ key }) => key.deviceNumber);
}

function liesAt(world: World, honest: LightVehicle): readonly Lie[] {
  const { latitudeDeg, longitudeDeg } = foundCity(world.seed);
  const at = world.clock.now();
  const report = honest.report(at) as Extract<FrameContent, { kind: 'signals' }>;
  const says = (path: string, value: number | string, observedAt = report.observedAt): FrameContent => ({
    ...report,
    ...{ observedAt, signals: [{ path, value }] },
  });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return [
    { en: 'a latitude as a voltage', zh: '以电压字段夹带纬度', frames: [says(SOC, latitudeDeg * 100)] },
    {
      en: 'a longitude under a path of its own',
      zh: '自造路径夹带经度',
      frames: [says('Vehicle.Hidden.Place', longitudeDeg)],
    },
    {
      en: 'the position by its own path',
      zh: '直接上报位置路径',
      frames: [says('Vehicle.CurrentLocation.Latitude', latitudeDeg)],
    },
    {
      en: 'the VIN of another vehicle',
      zh: '冒用他车识别代号',
      frames: [says('Vehicle.Hidden.Name', vinOfVehicle('another', 7))],
    },
    { en: 'a cell that the policy does not let out', zh: '策略不允许的网格', frames: [cellAt(report, at)] },
    { en: 'a frame from tomorrow', zh: '来自明天的数据帧', frames: [says(SPEED, 5, (at + 24 * HOUR_MS) as Instant)] },
    { en: 'a frame from last year', zh: '来自去年的数据帧', frames: [says(SPEED, 5, (at - 300 * DAY_MS) as Instant)] },
    { en: 'steps that were not taken', zh: '虚假的处理步骤声明', frames: [says(SPEED, 5)], change: { steps: [] } },
    {
      en: 'a purpose that nobody allowed',
      zh: '未经允许的目的',
      frames: [says(SPEED, 5)],
      change: { purpose: 'marketing' },
    },
    { en: "another's signature", zh: '他人签名', frames: [says(SPEED, 5)], change: { key: privateKey } },
  ];
}

function cellAt(
  { subjectTag }: { readonly subjectTag: Extract<FrameContent, { kind: 'cell' }>['subjectTag'] },
  at: Instant,
): FrameContent {
  return { kind: 'cell', subjectTag, hour: Math.floor(at / HOUR_MS), sizeM: 5_000, zone: 38, row: 692, column: 96 };
}

const MINUTE_MS = 60_000;
const SOC = 'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current';
const SPEED = 'Vehicle.Speed';
