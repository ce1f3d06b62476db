import { vinOfVehicle } from '../../../firmware-sim/vehicle-vin.ts';
import type { CivilDate } from '../../../proto/words/time.ts';
import { DAY_MS, HOUR_MS, type Instant, startOfDay, toIso } from '../../../proto/words/time.ts';
import { DATASETS, PURPOSE } from '../../up/tour.ts';
import type { Border } from '../border.ts';
import { createLightVehicle, headUnder } from '../light-vehicle.ts';
import { mainlandOver } from '../mainland.ts';
import { operatorOf } from '../policies.ts';
import type { World } from '../world.ts';
import { ABROAD, atTheBorder, breathe, outcomeOf } from './papers.ts';

const [STATISTICS] = DATASETS;

/** Vehicles send an hour of battery values into the zones of a border's cloud. */
export function sendValues(world: World, { stores }: Border): void {
  const operator = operatorOf(world.seed);
  const from = world.clock.now();
  const policy = operator.policy({ preset: 'strict', from });
  stores.policies.keep(policy, from);
  const mainland = mainlandOver(world, stores);
  const head = headUnder(policy, operator.publicKey, from);
  for (let ordinal = 1; ordinal <= world.size; ordinal += 1) {
    const vehicle = createLightVehicle(`${world.seed}/v${ordinal}`, head);
    const device = mainland.enrol(vinOfVehicle(world.seed, ordinal), vehicle.publicKey);
    const report = vehicle.report(from);
    world.note(JSON.stringify(report));
    mainland.receive(device, vehicle.seal([report]));
  }
  world.set('frames-quarantined', stores.ledger.totals().framesQuarantined);
  world.tell(
    `${world.size} vehicles send battery values, each signed by its own key`,
    `${world.size} 辆车上报电池数据，各以自有密钥签名`,
  );
  breathe(world);
}

/**
 * The processor is an operator of critical infrastructure: whatever is personal wants a security assessment, and only an
 * emergency that goes on, approved and needed field by field, does without.
 */
export async function roadsideEmergency(world: World): Promise<void> {
  await atTheBorder(world, { ciio: 'yes' }, async (border) => {
    sendValues(world, border);
    const ask = async () =>
      outcomeOf(world, await border.ask({ dataset: STATISTICS.id, purpose: PURPOSE, claims: [4] }));
    world.tell(
      'a collision by the roadside; the maker abroad is asked what the battery may do',
      '路侧发生碰撞，向境外厂商询问电池风险',
    );
    const need = {
      ...{ id: 'U-1', incident: 'collision, case 5', approvedBy: 'approver', protects: 'life' },
      ...{ startedAt: toIso((world.clock.now() - HOUR_MS) as Instant) },
      ...{ endsAt: toIso((world.clock.now() + 2 * DAY_MS) as Instant) },
      ...{ recipients: ABROAD, datasets: [STATISTICS.id], purposes: [PURPOSE] },
    };
    border.enter('urgent-need', { ...need, necessity: [{ kind: 'VIN', clause: 'rescue sheet' }] });
    breathe(world);
    world.tell(
      'the emergency is entered and approved, but why charge and CAN values are needed is not said',
      '紧急需要已登记并批准，但未说明充电与 CAN 数据的必要性',
    );
    world.set('outcome-before', await ask());
    // What decides was changed, so somebody else has to look at it.
    border.enter('urgent-need', { ...need, necessity: NEEDED });
    border.confirm('urgent-need', need.id, 'second-approver');
    breathe(world);
    world.tell(
      'every kind of value is said to be needed, and a second person confirms it',
      '逐项说明必要性，并经第二人确认',
    );
    world.set('outcome', await ask());
    world.advance((world.clock.now() + 3 * DAY_MS) as Instant);
    world.tell('three days later the emergency is over, and more is asked for', '三天后紧急情况结束，再次提出申请');
    world.set('outcome-after', await ask());
  });
}

const NEEDED = ['CHARGE', 'CAN', 'VIN'].map((kind) => ({ kind, clause: 'rescue sheet' }));

/** A transfer in the last second of the year counts in it, and the next year begins with nobody. */
export async function yearRollover(world: World): Promise<void> {
  await atTheBorder(world, {}, async (border) => {
    sendValues(world, border);
    const counted = (year: number) => border.gate.transfers.project({ year, kind: 'plain', persons: [] }).before;
    world.advance((NEW_YEAR - 1) as Instant);
    world.tell('in the last millisecond of the year a transfer is asked for', '在年末最后一毫秒提出出境申请');
    outcomeOf(world, await border.ask({ dataset: STATISTICS.id, purpose: PURPOSE }));
    world.set('persons-before', counted(2026));
    world.advance(NEW_YEAR);
    world.set('persons-after', counted(2027));
    world.tell(
      `the year is over: ${counted(2026)} persons were counted in it, and ${counted(2027)} in the new one; the same is asked for again`,
      `新年伊始：上一年度累计 ${counted(2026)} 人，新年度 ${counted(2027)} 人；再次提出同样申请`,
    );
    const again = await border.ask({ dataset: STATISTICS.id, purpose: PURPOSE });
    world.set('outcome', outcomeOf(world, again));
    world.set('persons-anew', counted(2027));
    world.tell(`now ${counted(2027)} persons are counted in the new year`, `新年度累计 ${counted(2027)} 人`);
  });
}

/** Four persons on file behind three cars, and nobody behind the others: one person more than there are cars. */
export async function sharedCars(world: World): Promise<void> {
  await atTheBorder(world, {}, async (border) => {
    sendValues(world, border);
    const car = (ordinal: number) => vinOfVehicle(world.seed, ordinal);
    const driven = [
      { vin: car(1), person: 'driver-a' },
      { vin: car(1), person: 'driver-b' },
      { vin: car(2), person: 'driver-a' },
      { vin: car(3), person: 'driver-c' },
      { vin: car(3), person: 'driver-d' },
    ];
    if (!world.isOff('persons')) border.link(driven);
    world.tell(
      'in the register of persons a and b share the first car, a drives the second too, c and d share the third; behind the others nobody is on file',
      '人员登记：甲、乙共用第一辆车，甲另驾第二辆，丙、丁共用第三辆；其余车辆无登记驾驶人',
    );
    breathe(world);
    const asked = await border.ask({ dataset: STATISTICS.id, purpose: PURPOSE });
    world.set('outcome', outcomeOf(world, asked));
    const year = new Date(world.clock.now()).getUTCFullYear();
    const counted = border.gate.transfers.project({ year, kind: 'plain', persons: [] }).before;
    world.set('persons-shared', counted - world.size);
    world.tell(`${counted} persons are counted, with ${world.size} cars`, `${world.size} 辆车，累计 ${counted} 人`);
  });
}

const NEW_YEAR = startOfDay('2027-01-01' as CivilDate);
