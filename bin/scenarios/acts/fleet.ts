import { classifyDataset } from '../../../cloud/building/classify-dataset.ts';
import { contentsOf } from '../../../cloud/datasets/contents.ts';
import { DatasetDefinition } from '../../../cloud/datasets/definition.ts';
import { bindLaw, type LawBook } from '../../../cloud/rules/law-book.ts';
import { SHIPPED_LAW, SHIPPED_PARTS } from '../../../cloud/rules/shipped-rules.ts';
import { PATHS } from '../../../firmware-sim/signals.ts';
import { vinOfVehicle } from '../../../firmware-sim/vehicle-vin.ts';
import { createLightVehicle, headUnder } from '../light-vehicle.ts';
import { type Arrival, type Mainland, openMainland } from '../mainland.ts';
import { inWords } from '../outcome-words.ts';
import { operatorOf } from '../policies.ts';
import type { World } from '../world.ts';

/** Vehicle after vehicle comes in; the item is looked at before the last and with it. */
export async function fleetThreshold(world: World): Promise<void> {
  const operator = operatorOf(world.seed);
  const from = world.clock.now();
  const policy = operator.policy({ preset: 'strict', from });
  const mainland = openMainland(world, [policy], lawFor(world.size));
  const head = headUnder(policy, operator.publicKey, from);
  try {
    const arrivalOf = (ordinal: number): Arrival => {
      const vehicle = createLightVehicle(`${world.seed}/v${ordinal}`, head);
      const report = vehicle.report(from);
      world.note(JSON.stringify(report));
      const payload = vehicle.seal([report]);
      return { vin: vinOfVehicle(world.seed, ordinal), publicKey: vehicle.publicKey, payload };
    };
    world.tell(
      `vehicle after vehicle is registered and sends its first frame, ${world.size} in all`,
      `车辆逐一登记并上报首帧数据，共 ${world.size} 辆`,
    );
    for (let first = 1; first < world.size; first += GROUP) {
      const count = Math.min(GROUP, world.size - first);
      mainland.receiveAll(Array.from({ length: count }, (_, index) => arrivalOf(first + index)));
      await world.pause(first + count - 1);
    }
    look(world, mainland, 'item-before', world.size - 1);
    mainland.receiveAll([arrivalOf(world.size)]);
    look(world, mainland, 'item-after', world.size);
    world.set('vehicles-seen', mainland.stores.zones.personal.devices('signals').length);
    world.set('frames-quarantined', mainland.stores.ledger.totals().framesQuarantined);
  } finally {
    mainland.close();
  }
}

/** Vehicles that are admitted in one go. */
const GROUP = 500;

/** State of charging, current, voltage and battery temperature: important where 100,000 or more vehicles collected it. */
const ITEM = 'important-48';
const CLAUSE = 'fleet-100k';
const LEGAL_VEHICLES = 100_000;

/** The short form goes by a stricter row, as an operator may lay over the shipped one. */
function lawFor(vehicles: number): LawBook {
  if (vehicles >= LEGAL_VEHICLES) return SHIPPED_LAW;
  const { classification } = SHIPPED_PARTS;
  const clauses = classification.clauses.map((clause) =>
    clause.id === CLAUSE ? { ...clause, test: { measure: 'vehicles', atLeast: vehicles } as const } : clause,
  );
  return bindLaw({ ...SHIPPED_PARTS, classification: { ...classification, clauses } });
}

const CHARGING = DatasetDefinition.parse({
  ...{ kind: 'vehicle-day-statistics', id: 'charging', title: 'Charging', purposes: ['any'] },
  signals: [PATHS.soc, PATHS.voltage, PATHS.current],
});

function look(world: World, { stores }: Mainland, figure: 'item-before' | 'item-after', vehicles: number): void {
  const { aggregates } = stores;
  const judged = { aggregates, persons: 'unknown', stated: undefined } as const;
  const { items } = classifyDataset({ ...contentsOf(CHARGING), kind: CHARGING.kind }, world.clock.now(), judged);
  const outcome = items.find(({ item }) => item === ITEM)?.outcome ?? 'not-tested';
  world.set(figure, outcome);
  world.tell(
    `with ${vehicles} vehicles in the collection, the threshold of the item on charging data is ${inWords(outcome, 'en')}`,
    `数据集含 ${vehicles} 辆车时，充电数据条目${inWords(outcome, 'zh')}`,
  );
}
