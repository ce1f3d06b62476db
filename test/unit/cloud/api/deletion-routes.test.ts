import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deletionRoutes } from '../../../../cloud/api/deletion-routes.ts';
import type { ApiAnswer } from '../../../../cloud/api/route.ts';
import { WORKING_DAYS } from '../../../../cloud/rules/working-days.table.ts';
import { loadSqlite } from '../../../../proto/config/load-sqlite.ts';
import { ok } from '../../../../proto/words/result.ts';
import { DAY_MS, type Instant } from '../../../../proto/words/time.ts';
import { askRoute } from '../../../support/cloud/api/ask-route.ts';
import { NOW, signalFrame } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

function scene() {
  const device = testDevice(1);
  const directory = scratchDirectory();
  const stores = scratchStores([device, testDevice(2)], directory);
  for (const deviceNumber of [1, 2])
    stores.zones.personal.insert([{ key: { deviceNumber, epoch: 1, sequence: 0 }, content: signalFrame() }]);
  const logged: unknown[] = [];
  let now = NOW;
  let drawn = 0;
  const routes = deletionRoutes({
    devices: stores.register,
    calendars: () => WORKING_DAYS,
    deletions: {
      clock: { now: () => now },
      register: stores.deletions,
      vaults: stores.vaults,
      zones: { ...stores.zones, quarantine: stores.quarantine },
      updates: stores.updates,
      operations: {
        append: (entries) => {
          logged.push(...entries);
          return ok({ firstIndex: 0, leafHashes: [] });
        },
      },
      forgetBackups: () => undefined,
      retention: [],
      draw: () => {
        drawn += 1;
        return String(drawn);
      },
    },
  });
  const ask = (method: string, url: string, body?: object): ApiAnswer => askRoute(routes, method, url, body);
  const wait = (days: number): void => {
    now = (now + days * DAY_MS) as Instant;
  };
  return { device, directory, stores, logged, ask, wait };
}

const words = { reason: 'the owner asked', requestedBy: 'officer' };

describe('deletions over the local API', () => {
  test('a request by device or by VIN is entered with its last day, and `run` carries it out', () => {
    const { device, stores, ask } = scene();
    const name = device.registered.device;
    expect(ask('POST', '/v1/deletions', { ...words, device: name })).toEqual({
      status: 200,
      body: { id: 'd-1', due: '2026-03-13' },
    });
    expect(ask('POST', '/v1/deletions', { ...words, vin: device.vin })).toMatchObject({ status: 200 });
    expect(stores.zones.personal.count()).toBe(2);
    expect(ask('POST', '/v1/deletions/run')).toMatchObject({
      status: 200,
      body: { deletions: 2, keys: 1, records: 1 },
    });
    expect(stores.zones.personal.count()).toBe(1);
  });

  test('takes every device that a vehicle had, also one that was revoked', () => {
    const { device, stores } = scene();
    const second = { ...testDevice(3), vin: device.vin };
    stores.register.add([{ vin: second.vin, publicKey: second.publicKeyPem }]);
    expect(stores.register.numbersOf({ vin: device.vin })).toEqual([1, 3]);
    expect(stores.register.numbersOf({ device: 'nobody' })).toEqual([]);
  });

  test('neither list nor log names a VIN, a device or its number', () => {
    const { device, logged, ask } = scene();
    ask('POST', '/v1/deletions', { ...words, vin: device.vin });
    ask('POST', '/v1/deletions/run');
    const text = JSON.stringify([logged, ask('GET', '/v1/deletions')]);
    expect(text).not.toContain(device.vin);
    expect(text).not.toContain(device.registered.device);
    expect(text).not.toContain('deviceNumbers');
    expect(text).toContain('deletion-requested');
  });

  test('is overdue the day after its last, until it is done', () => {
    const { device, ask, wait } = scene();
    ask('POST', '/v1/deletions', { ...words, vin: device.vin });
    const late = () =>
      (ask('GET', '/v1/deletions').body as { deletions: { overdue: boolean }[] }).deletions[0]?.overdue;
    wait(12);
    expect(late()).toBe(false);
    wait(1);
    expect(late()).toBe(true);
    ask('POST', '/v1/deletions/run');
    expect(late()).toBe(false);
  });

  test('that cannot be ended, since somebody still reads what is to go, is told, stays open, and ends at the next run', () => {
    const { device, directory, stores, ask } = scene();
    ask('POST', '/v1/deletions', { ...words, vin: device.vin });
    const reader = new (loadSqlite())(join(directory, 'zone-personal.sqlite'), { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM segment').get();
    expect(ask('POST', '/v1/deletions/run')).toMatchObject({
      status: 409,
      body: { fault: { code: 'DELETION_UNFINISHED' } },
    });
    expect(stores.deletions.list('open')).toMatchObject([{ state: 'begun' }]);
    reader.close();
    expect(ask('POST', '/v1/deletions/run')).toMatchObject({ status: 200, body: { deletions: 1, keys: 1 } });
  });

  test('refuses what names nobody, both, somebody unknown, or a VIN in its reason', () => {
    const { device, stores, ask } = scene();
    const name = device.registered.device;
    const codes = [
      {},
      words,
      { ...words, device: name, vin: device.vin },
      { ...words, vin: 'NOVIN' },
      { ...words, device: name, reason: `for ${device.vin}` },
      { ...words, device: 'f'.repeat(32) },
      { ...words, device: name, more: 1 },
    ].map((body) => {
      const { status, body: answer } = ask('POST', '/v1/deletions', body);
      return [status, (answer as { fault: { code: string } }).fault.code];
    });
    const invalid = [400, 'DELETION_INVALID'];
    expect(codes).toEqual([invalid, invalid, invalid, invalid, invalid, [404, 'DELETION_UNKNOWN'], invalid]);
    expect(stores.deletions.list('all')).toEqual([]);
  });
});
