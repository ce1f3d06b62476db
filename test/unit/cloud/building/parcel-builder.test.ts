import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { BUILDS_WAITING_MAX, createParcelBuilder } from '../../../../cloud/building/parcel-builder.ts';
import type { Zone } from '../../../../proto/words/data-class.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { openStores } from '../../../support/cloud/open-stores.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testZone } from '../../../support/cloud/zones.ts';
import { compiledProgram } from '../../../support/compiled.ts';
import { KEY, orderOf, recordsOf, STATISTICS } from '../../../support/datasets/parcels.ts';

let program: string;
beforeAll(() => {
  program = compiledProgram('cloud/building/build-worker.ts');
});

/** Stores with three devices of which each sent a reading, closed again. */
function installation(read: readonly Zone[] = ['personal']) {
  const [stores, border] = [scratchDirectory(), scratchDirectory()];
  for (const name of ['staging', 'outbox', 'returns']) mkdirSync(join(border, name));
  openStores(
    stores,
    [1, 2, 3].map((number) => testDevice(number)),
  ).close();
  const zone = testZone(stores, 'personal');
  zone.insert(recordsOf([1, 2, 3].map((vehicle) => ({ vehicle, day: '2026-02-01', value: vehicle }))));
  zone.close();
  const keys = join(stores, 'keys');
  const places = { stores, border, key: KEY, zones: { keys, vaults: keys, read }, threads: 2 };
  return createParcelBuilder(places, pathToFileURL(program));
}

const job = (transferId: string) => ({
  grain: 'rows' as const,
  withoutConsent: [],
  ...orderOf(STATISTICS, { transferId }),
});

describe('a builder', () => {
  test('builds in a thread, one after the other, and this loop goes on', async () => {
    const builder = installation();
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    const built = await Promise.all([builder.build(job('t1')), builder.build(job('t2'))]);
    clearInterval(timer);
    expect(built).toMatchObject([
      { ok: true, value: { rows: 3 } },
      { ok: true, value: { rows: 3 } },
    ]);
    expect(ticks).toBeGreaterThan(3);
    await builder.stop();
  });

  test('reads no zone that its process may not read: the transfer is told so', async () => {
    const builder = installation(['general']);
    expect(await builder.build(job('t1'))).toMatchObject({ ok: false, fault: { code: 'ZONE_CLOSED' } });
    await builder.stop();
  });

  test('takes no more than its queue holds, and ends all when it is stopped', async () => {
    const builder = installation();
    const asked = Array.from({ length: BUILDS_WAITING_MAX + 3 }, (_, index) => builder.build(job(`t${index}`)));
    const stopped = builder.stop();
    const codes = (await Promise.all(asked)).map((one) => (one.ok ? 'built' : one.fault.code));
    await stopped;
    expect(codes).toContain('BUILD_BUSY');
    expect(codes.filter((code) => code === 'BUILD_STOPPED').length).toBeGreaterThanOrEqual(BUILDS_WAITING_MAX - 1);
    expect(await builder.build(job('late'))).toMatchObject({ ok: false, fault: { code: 'BUILD_STOPPED' } });
  });

  test('ends a build that nobody wants any more, in hand or waiting, and goes on with the next', async () => {
    const builder = installation();
    const built = [builder.build(job('t1')), builder.build(job('t2')), builder.build(job('t3'))];
    builder.abandon('t2');
    builder.abandon('nobody');
    await new Promise((resolve) => setImmediate(resolve));
    builder.abandon('t1');
    expect(await Promise.all(built)).toMatchObject([
      { ok: false, fault: { code: 'BUILD_ABANDONED' } },
      { ok: false, fault: { code: 'BUILD_ABANDONED' } },
      { ok: true, value: { rows: 3 } },
    ]);
    await builder.stop();
  });
});
