import { createLightVehicle, headUnder, type LightVehicle } from '../../../bin/scenarios/light-vehicle.ts';
import { operatorOf } from '../../../bin/scenarios/policies.ts';
import { planFleet } from '../../../firmware-sim/fleet.ts';
import { syntheticFrames } from '../../../firmware-sim/synthetic.ts';
import { assert } from '../../../proto/words/result.ts';
import { DAY_MS, type Instant } from '../../../proto/words/time.ts';

/** What generating costs, in CPU and memory, without anybody to send it to. */
export interface FleetFigures {
  readonly vehicles: number;
  /** Signed batches of one frame for each second of CPU. */
  readonly batchesPerCoreSecond: number;
  /** Share of a core that all of them take at one frame a minute each. */
  readonly coreShare: number;
  /** Resident memory after the first minute of the fleet and after the last, MB. */
  readonly residentMb: readonly [number, number];
  readonly bytesPerBatch: number;
}

const START = Date.UTC(2026, 10, 25) as Instant;
const MINUTES = 4;

/** Every vehicle of the fleet seals one frame a minute, real and signed by its own key. */
export function measureFleet(vehicles: number): FleetFigures {
  const operator = operatorOf('bench');
  const head = headUnder(operator.policy({ preset: 'strict', from: START }), operator.publicKey, START);
  const fleet = Array.from({ length: vehicles }, (_, index) => createLightVehicle(`bench/v${index}`, head));
  let bytes = minuteOf(fleet, START);
  const first = residentMb();
  const before = process.cpuUsage();
  for (let minute = 1; minute < MINUTES; minute += 1) bytes += minuteOf(fleet, (START + minute * 60_000) as Instant);
  const { user, system } = process.cpuUsage(before);
  const batchesPerCoreSecond = ((MINUTES - 1) * vehicles) / ((user + system) / 1e6);
  return {
    ...{ vehicles, batchesPerCoreSecond, coreShare: vehicles / 60 / batchesPerCoreSecond },
    ...{ residentMb: [first, residentMb()], bytesPerBatch: bytes / MINUTES / vehicles },
  };
}

function minuteOf(fleet: readonly LightVehicle[], at: Instant): number {
  let bytes = 0;
  for (const vehicle of fleet) bytes += vehicle.seal([vehicle.report(at)]).length;
  return bytes;
}

const residentMb = (): number => Math.round(process.memoryUsage().rss / 1e6);

/** One vehicle from home to work for a year: seconds of CPU, and how many frames it makes. */
export function measureYear(): { readonly cpuSeconds: number; readonly frames: number } {
  const [plan] = planFleet({ vehicles: 1, seed: 'bench', traces: [] });
  assert(plan !== undefined, 'a fleet has a vehicle');
  const before = process.cpuUsage();
  const until = START + 365 * DAY_MS;
  let frames = 0;
  for (const { frame } of syntheticFrames('bench', plan, START)) {
    if (frame.at > until) break;
    frames += 1;
  }
  const { user, system } = process.cpuUsage(before);
  return { cpuSeconds: (user + system) / 1e6, frames };
}
