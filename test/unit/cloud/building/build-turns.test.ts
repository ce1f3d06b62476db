import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { partsFor, type RowsJob } from '../../../../cloud/building/build-job.ts';
import { openTurns } from '../../../../cloud/building/build-turns.ts';
import { openBuild } from '../../../../cloud/building/open-build.ts';
import { buildParcel } from '../../../../cloud/datasets/build-parcel.ts';
import type { ShareRead } from '../../../../cloud/datasets/read-vehicles.ts';
import { ALONE, type Turns } from '../../../../cloud/datasets/turns.ts';
import { ok } from '../../../../proto/words/result.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { openStores } from '../../../support/cloud/open-stores.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testZone } from '../../../support/cloud/zones.ts';
import { compiledProgram } from '../../../support/compiled.ts';
import { AGGREGATES, KEY, orderOf, recordsOf, SOC, STATISTICS, VOLTAGE } from '../../../support/datasets/parcels.ts';

const VEHICLES = 60;
const DAYS = ['2026-02-01', '2026-02-02', '2026-02-03'];

let program: URL;
beforeAll(() => {
  program = pathToFileURL(compiledProgram('cloud/building/build-helper.ts'));
});

/** Sixty vehicles with three days each; sums of their readings hang on the order in which they are added. */
function installation() {
  const [stores, border] = [scratchDirectory(), scratchDirectory()];
  for (const name of ['staging', 'outbox', 'returns']) mkdirSync(join(border, name));
  openStores(
    stores,
    Array.from({ length: VEHICLES }, (_, index) => testDevice(index + 1)),
  ).close();
  const zone = testZone(stores, 'personal');
  const samples = DAYS.flatMap((day) =>
    Array.from({ length: VEHICLES }, (_, index) =>
      [SOC, VOLTAGE, SOC].map((path, at) => ({ vehicle: index + 1, day, path, value: 0.1 * index + 1e6 * at + 0.37 })),
    ),
  );
  zone.insert(recordsOf(samples.flat()));
  zone.close();
  const keys = join(stores, 'keys');
  const places = { stores, border, key: KEY, zones: { keys, vaults: keys, read: ['personal'] }, threads: 2 } as const;
  return { places, border };
}

const jobOf = (definition: object, transferId: string): RowsJob => ({
  grain: 'rows',
  withoutConsent: [5, 6],
  ...orderOf(definition, { transferId, at: NOW }),
});

/** Turns whose own pieces take their time, so that the other thread gets some; counts the own ones. */
function slowly({ shares, groups }: Turns, ms: number, own: { pieces: number }): Turns {
  const slow =
    <T>(work: (index: number) => T | Promise<T>) =>
    async (index: number): Promise<T> => {
      own.pieces += 1;
      await new Promise((resolve) => setTimeout(resolve, ms));
      return work(index);
    };
  return {
    shares: (of, work) => shares(of, slow(work)),
    groups: (count, order, work) => groups(count, order, slow(work)),
  };
}

/** Builds alone, or with another thread beside; gives digests of the files, and how many pieces this thread did. */
async function build({ places, border }: ReturnType<typeof installation>, job: RowsJob, slowMs?: number) {
  const { parts, close } = openBuild(places, { now: () => NOW });
  const opened = partsFor(job, parts);
  if (!opened.ok) throw new Error(opened.fault.code);
  const own = { pieces: 0 };
  const other = slowMs === undefined ? undefined : openTurns(job, places, program);
  const turns = slowly(other?.turns ?? ALONE, slowMs ?? 0, own);
  const built = await buildParcel(job, { ...opened.value, turns });
  await other?.close();
  close();
  if (!built.ok) throw new Error(built.fault.code);
  const staged = (name: string) => readFileSync(join(border, 'staging', job.transferId, name));
  const digests = ['rows.parquet', 'rows.ndjson'].map((name) =>
    createHash('sha256').update(staged(name)).digest('hex'),
  );
  return { digests, own: own.pieces };
}

describe('a build in two threads', () => {
  test.each([
    ['rows of vehicles', STATISTICS],
    ['aggregates', { ...AGGREGATES, signals: [SOC, VOLTAGE] }],
  ])('gives the bytes of a build in one: %s', async (_, definition) => {
    const place = installation();
    const alone = await build(place, jobOf(definition, 'alone'));
    // Pieces that take longer, until the other thread was fast enough to get one on a machine at work.
    for (let ms = 40; ms < 10_000; ms *= 4) {
      const both = await build(place, jobOf(definition, `both-${ms}`), ms);
      expect(both.digests).toEqual(alone.digests);
      if (both.own < alone.own) return;
    }
    expect.unreachable('the other thread did nothing');
  });

  test('ends when the other thread does, and gives no parcel', async () => {
    const place = installation();
    const nowhere = { ...place.places, stores: join(place.places.stores, 'nowhere') };
    const job = jobOf(STATISTICS, 'lost');
    const { turns, close } = openTurns(job, nowhere, program);
    const slow = () => new Promise((resolve) => setTimeout(resolve, 20, ok(undefined))) as Promise<ShareRead>;
    const read = async () => {
      for await (const piece of turns.shares(1_000_000, slow)) expect(piece.ok).toBe(true);
    };
    await expect(read()).rejects.toThrow('the second thread of a build ended');
    await close();
  });
});
