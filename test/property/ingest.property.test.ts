import { expect, test } from 'vitest';
import { admit } from '../../cloud/ingest/admit.ts';
import { recheckBatch } from '../../cloud/ingest/recheck-batch.ts';
import { REJECTIONS } from '../../cloud/ingest/rejections.ts';
import { partition } from '../../cloud/partition/partition.ts';
import { decodeBatchBody, encodeBatchBody, type SealedBatch } from '../../proto/codec/telemetry-codec.ts';
import { batchOf, cellFrame, NOW, seal, signalFrame, tripRow } from '../support/cloud/batches.ts';
import { type Chance, chanceFrom } from '../support/cloud/chance.ts';
import { testDevice } from '../support/cloud/devices.ts';
import { mutated } from '../support/cloud/mutate.ts';
import { testVin } from '../support/cloud/vins.ts';

const SEED = 20_261_121;
const MUTATED_PAYLOADS = 50_000;
const MUTATED_BATCHES = 20_000;

const device = testDevice(1);
const batches: readonly SealedBatch[] = [
  batchOf([signalFrame()]),
  batchOf([
    signalFrame({ 'Vehicle.IsMoving': true, 'Vehicle.Cabin.Mode': 'ECO', 'Vehicle.Speed': 3 }),
    cellFrame(),
    tripRow(),
  ]),
  batchOf([tripRow(), tripRow()], {
    epoch: 2 ** 48 - 1,
    firstSequence: 2 ** 53 - 10,
    removals: [{ cause: 'imagery', count: 4_294_967_295 }],
    drops: [{ firstSequence: 2, count: 3, cause: 'spool-full' }],
  }),
  batchOf(Array.from({ length: 16 }, (_, at) => signalFrame({ 'Vehicle.Speed': at }))),
];
const vins = [Buffer.from(device.vin), Buffer.from(testVin(77))];

/** Payloads are drawn in equal parts from everything that an honest vehicle sends. */
function draw(originals: readonly Uint8Array[], chance: Chance): Uint8Array {
  for (;;) {
    const changed = mutated(chance.of(originals), chance, [...originals, ...vins]);
    // Spliced from its beginning on, a donor is whole.
    if (!originals.some((original) => Buffer.compare(original, changed) === 0)) return changed;
  }
}

test(`${MUTATED_PAYLOADS} mutated payloads never throw and are never admitted`, () => {
  const chance = chanceFrom(SEED);
  const originals = batches.map((batch) => seal(batch, device.key));
  const codes = new Map<string, number>();
  for (let at = 0; at < MUTATED_PAYLOADS; at += 1) {
    const admitted = admit(draw(originals, chance), device.registered);
    const code = admitted.ok ? 'admitted' : admitted.fault;
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  expect(codes.get('admitted')).toBeUndefined();
  for (const code of codes.keys()) expect(Object.keys(REJECTIONS)).toContain(code);
  // The mutations reach every door: a set that ends at the first one would show nothing.
  expect([...codes.keys()].sort()).toEqual([
    'FRAME_LIMIT',
    'FRAME_SCHEMA',
    'FRAME_UNKNOWN_FIELD',
    'SIGNATURE_INVALID',
    'VIN_IN_PAYLOAD',
    'VIN_MISMATCH',
  ]);
});

test(`${MUTATED_BATCHES} mutated bodies of batches under a true signature never throw on their way through`, () => {
  const chance = chanceFrom(SEED + 1);
  const originals = batches.map(encodeBatchBody);
  const counts = { refused: 0, rejected: 0, taken: 0, lost: 0 };
  for (let at = 0; at < MUTATED_BATCHES; at += 1) {
    const decoded = decodeBatchBody(draw(originals, chance));
    if (!decoded.ok) counts.refused += 1;
    else if (recheckBatch(decoded.value, device.registered, NOW) !== undefined) counts.rejected += 1;
    else {
      counts.taken += 1;
      counts.lost += decoded.value.frames.filter((frame) => partition(frame).length === 0).length;
    }
  }
  expect(counts.lost).toBe(0);
  for (const count of [counts.refused, counts.rejected, counts.taken]) expect(count).toBeGreaterThan(50);
});
