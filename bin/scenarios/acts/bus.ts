import { later } from '../../../firmware-sim/paced-frame.ts';
import { BUS_STEPS, busLines } from '../../../firmware-sim/tcu/can-bus.ts';
import type { RawSignals } from '../../../proto/words/raw-frame.ts';
import type { EdgeVehicle } from '../vehicle.ts';
import type { World } from '../world.ts';

/** Writes what was reported to the bus a second later, and holds what the agent's own source decodes against it. */
export function writeToBus(world: World, vehicle: EdgeVehicle, { at, signals: written }: RawSignals): void {
  const frames = vehicle.takeBus(busLines(later(at, 1_000), written));
  world.add('bus-frames', frames.length);
  world.add('bus-values-off', 0);
  for (const frame of frames) {
    if (frame.kind !== 'signals') continue;
    for (const [path, value] of Object.entries(frame.signals)) {
      const off = Math.abs(Number(value) - Number(written[path]));
      // A bus says a value in whole steps.
      if (!(off <= (BUS_STEPS.get(path) ?? 0))) world.add('bus-values-off', 1);
    }
  }
}
