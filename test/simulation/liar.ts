import type { SealedBatch } from '../../proto/codec/telemetry-codec.ts';
import { cellFrame, seal, signalFrame } from '../support/cloud/batches.ts';
import type { TestDevice } from '../support/cloud/devices.ts';
import { batchUnder } from '../support/cloud/policy-batches.ts';
import { SPEED } from '../support/edge/policies.ts';
import type { World } from './world.ts';

/**
 * A device with a certificate and a key of its own that tells what no agent would.
 *
 * @returns ends it
 */
export function createLiar(
  world: World,
  by: TestDevice,
  other: TestDevice,
  send: (payload: Uint8Array) => void,
): () => void {
  let sequence = 0;
  let isOver = false;
  const lies: readonly (() => SealedBatch)[] = [
    () => batchUnder({}, [signalFrame({ [SPEED]: `on the way ${other.vin}` })]),
    () => batchUnder({}, [signalFrame({ 'Vehicle.CurrentLocation.Latitude': 31.123_456 })]),
    () => batchUnder({}, [{ ...cellFrame(), sizeM: 10 }]),
    () => ({ ...batchUnder({}, [signalFrame({ [SPEED]: 1 })]), policyVersion: 77 }),
  ];
  const lie = (): void => {
    if (isOver) return;
    const batch = { ...world.chance.of(lies)(), epoch: 5, firstSequence: sequence };
    // Under its own key, or under one that it does not have.
    const payload = seal(batch, world.happens(800) ? by.key : other.key);
    sequence += batch.frames.length;
    send(payload);
    if (world.happens(200)) send(payload);
    world.later(world.between(5_000, 40_000), lie);
  };
  world.later(1_000, lie);
  return () => {
    isOver = true;
  };
}
