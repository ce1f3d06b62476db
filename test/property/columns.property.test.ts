import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BATCH_WORDS } from '../../proto/codec/batch-words.ts';
import { deflate } from '../../proto/codec/deflated.ts';
import { readSignalColumns, writeSignalColumns } from '../../proto/codec/signal-columns.ts';
import {
  decodeBatchBody,
  decodeSealedBatch,
  encodeBatchBody,
  encodeSealedBatch,
  type SealedBatch,
} from '../../proto/codec/telemetry-codec.ts';
import { chanceFrom } from '../support/cloud/chance.ts';
import { mutated } from '../support/cloud/mutate.ts';
import { columnBatch, signalFrame } from '../support/codec/columns.ts';

const SEED = 20_261_122;
const originals: readonly SealedBatch[] = fc.sample(columnBatch, { numRuns: 40, seed: SEED });

/** The columns of frames that all are of signals. */
const columnsOf = (batch: SealedBatch) => {
  const frames = batch.frames.filter((frame) => frame.kind === 'signals');
  return { ...writeSignalColumns(new Array<boolean>(frames.length).fill(true), frames), frames };
};

describe('a batch by columns', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(columnBatch, (batch) => {
        const decoded = decodeSealedBatch(encodeSealedBatch(batch));
        expect(decoded.ok && decoded.value).toEqual(batch);
      }),
      { numRuns: 200 },
    );
  });

  test('has one form, whatever the order of readings in its frames', () => {
    fc.assert(
      fc.property(fc.array(signalFrame, { minLength: 1, maxLength: 6 }), (frames) => {
        const all = new Array<boolean>(frames.length).fill(true);
        const turned = frames.map((frame) => ({ ...frame, signals: [...frame.signals].reverse() }));
        const [one, other] = [writeSignalColumns(all, frames), writeSignalColumns(all, turned)];
        expect(other.paths).toEqual(one.paths);
        expect(Buffer.compare(other.bytes, one.bytes)).toBe(0);
      }),
    );
  });

  test('70,000 mutated columns never throw, and what is taken would be written again byte for byte', () => {
    const chance = chanceFrom(SEED);
    const made = originals.map(columnsOf).filter(({ frames }) => frames.length > 0);
    const donors = made.map(({ bytes }) => bytes);
    const counts = { taken: 0, refused: 0 };
    for (let turn = 0; turn < 70_000; turn += 1) {
      const { paths, bytes } = chance.of(made);
      const changed = mutated(bytes, chance, donors);
      const read = readSignalColumns({ paths, bytes: changed }, 0);
      if (read === undefined) counts.refused += 1;
      else {
        counts.taken += 1;
        const frames = read.filter((frame) => frame !== undefined);
        const again = writeSignalColumns(new Array<boolean>(frames.length).fill(true), frames);
        if (Buffer.compare(again.bytes, changed) !== 0) expect(again.bytes).toEqual(changed);
        expect(again.paths).toEqual(paths);
      }
    }
    expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(1_000);
  });

  test('20,000 mutated bodies never throw, and what is taken would be written again byte for byte', () => {
    const chance = chanceFrom(SEED + 1);
    const bodies = originals.map(encodeBatchBody);
    let taken = 0;
    for (let turn = 0; turn < 20_000; turn += 1) {
      const changed = mutated(chance.of(bodies), chance, bodies);
      const decoded = decodeBatchBody(changed);
      if (!decoded.ok) continue;
      taken += 1;
      const again = encodeBatchBody(decoded.value);
      if (Buffer.compare(again, changed) !== 0) expect(again).toEqual(changed);
    }
    expect(taken).toBeGreaterThan(500);
  });

  test('10,000 mutated streams never throw, and what is taken is a whole stream of a body that has one form', () => {
    const chance = chanceFrom(SEED + 2);
    const streams = originals.map(encodeSealedBatch);
    for (let turn = 0; turn < 10_000; turn += 1) {
      const decoded = decodeSealedBatch(mutated(chance.of(streams), chance, streams));
      if (!decoded.ok) continue;
      expect(decodeSealedBatch(deflate(encodeBatchBody(decoded.value)))).toEqual(decoded);
    }
  });
});

test('the words that batches are compressed with stay as they are', () => {
  const hash = createHash('sha256').update(BATCH_WORDS).digest('hex');
  expect(hash).toBe('982286d98572d174de5098a2ed61542e4f22c28d65270a6edec3e87ab9bb2c3c');
});
