import { expect, test } from 'vitest';
import { type ZoneReadIo, zoneReadCommand } from '../../../../cloud/cli/zone-read.command.ts';
import { openZone } from '../../../../cloud/composition/open-zone.ts';
import type { Zone } from '../../../../proto/words/data-class.ts';
import { cellFrame, NOW } from '../../../support/cloud/batches.ts';
import { CUSTODIAN } from '../../../support/cloud/custodian.ts';
import { installedCloud, type Reader } from '../../../support/cloud/installed-cloud.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';
import { testVin } from '../../../support/cloud/vins.ts';

function scene(custodian: object | undefined, resident = 'CN') {
  const directory = scratchDirectory();
  const stores = scratchStores([], directory);
  stores.zones.geographic.insert([{ key: { deviceNumber: 1, epoch: 1, sequence: 0 }, content: cellFrame() }]);
  const surveyor = {
    id: 'surveyor',
    person: 'p-1',
    employer: { name: 'Maps', country: 'CN' },
    resident,
    reads: ['zones'],
    validFrom: '2020-01-01',
    validUntil: '2099-12-31',
  };
  const keys = `${directory}/keys`;
  const cloud = installedCloud(NOW, {
    stores: { directory },
    zones: { keys, vaults: keys, read: [], ...(custodian && { custodian }) },
    access: { mainland: ['192.0.2.0/24'], accounts: [{ uid: 7, account: 'surveyor' }], principals: [surveyor] },
  });
  const read = async (zone: Zone, { reason = 'map update', ...reader }: Reader & { reason?: string } = {}) => {
    const [out, err]: [string[], string[]] = [[], []];
    const access = cloud.access('zones', { uid: 7, command: 'zone read', ...reader });
    const io: ZoneReadIo = {
      ...{ environment: {}, clock: { now: () => NOW }, open: openZone, access },
      out: (line) => out.push(line),
      err: (line) => err.push(line),
    };
    const status = await zoneReadCommand({ config: cloud.config, zone, reason }, io);
    return { status, out, err: err.join('\n') };
  };
  return { read, entries: () => cloud.entries('operations') };
}

test('a custodian reads geographic data as JSON lines, and the reading is in the log of the cloud with the qualification', async () => {
  const { read, entries } = scene(CUSTODIAN);
  const { status, out } = await read('geographic');
  expect(status).toBe(0);
  const tag = Buffer.from(cellFrame().subjectTag).toString('base64');
  expect(out.map((line) => JSON.parse(line))).toMatchObject([
    { key: { deviceNumber: 1 }, content: { kind: 'cell', subjectTag: tag } },
  ]);
  const qualified = { custodian: CUSTODIAN.holder, qualification: CUSTODIAN.certificateNumber };
  expect(entries()).toMatchObject([
    {
      kind: 'read',
      actor: 'surveyor',
      document: { reading: 'zones', reason: 'map update', detail: { zone: 'geographic', ...qualified } },
    },
    { kind: 'read-ended', actor: 'surveyor', document: { detail: { zone: 'geographic', records: 1 } } },
  ]);
});

test('without a custodian, or with one whose qualification lapsed, nothing is read, and the log has no end of it', async () => {
  for (const [custodian, code] of [
    [undefined, 'CUSTODIAN_MISSING'],
    [{ ...CUSTODIAN, validUntil: '2026-02-28' }, 'CUSTODIAN_LAPSED'],
  ] as const) {
    const { read, entries } = scene(custodian);
    const { status, out, err } = await read('geographic');
    expect([status, out, entries().map(({ kind }) => kind)]).toEqual([3, [], ['read']]);
    expect(err).toContain(code);
    expect((await read('personal')).status).toBe(0);
  }
});

test('a VIN does not come into the log, and nothing is read then', async () => {
  const { read, entries } = scene(CUSTODIAN);
  const named = await read('geographic', { reason: `of ${testVin(1)}` });
  expect(named).toMatchObject({ status: 3, out: [] });
  expect(named.err).toContain('READ_INVALID');
  expect(named.err).not.toContain(testVin(1));
  expect(entries()).toEqual([]);
});

test('somebody abroad reads nothing, and the refusal is in the log', async () => {
  const { read, entries } = scene(CUSTODIAN, 'DE');
  const { status, out, err } = await read('geographic');
  expect([status, out]).toEqual([3, []]);
  expect(err).toContain('ACCESS_OVERSEAS');
  expect(entries().map(({ kind }) => kind)).toEqual(['access-refused']);
});
