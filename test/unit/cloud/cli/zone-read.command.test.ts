import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ZoneReadIo, zoneReadCommand } from '../../../../cloud/cli/zone-read.command.ts';
import { createLog } from '../../../../cloud/log/open-log.ts';
import { readLeaves } from '../../../../cloud/log/read-leaves.ts';
import { commandAccess } from '../../../../cloud/open-access.ts';
import { openZone } from '../../../../cloud/open-zone.ts';
import type { Zone } from '../../../../proto/words/data-class.ts';
import { cellFrame, NOW } from '../../../support/cloud/batches.ts';
import { CUSTODIAN } from '../../../support/cloud/open-stores.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';
import { testVin } from '../../../support/cloud/vins.ts';

const ORIGIN = 'custodian.example/reads';

const SURVEYOR = {
  id: 'surveyor',
  person: 'p-1',
  employer: { name: 'Maps', country: 'CN' },
  resident: 'CN',
  reads: ['zones'],
  validFrom: '2020-01-01',
  validUntil: '2099-12-31',
};

function scene(custodian: object | undefined, surveyor: object = SURVEYOR) {
  const directory = scratchDirectory();
  const stores = scratchStores([], directory);
  stores.zones.geographic.insert([{ key: { deviceNumber: 1, epoch: 1, sequence: 0 }, content: cellFrame() }]);
  const log = join(directory, 'own');
  mkdirSync(log);
  const { privateKey: signingKey } = generateKeyPairSync('ed25519');
  const keyFile = join(directory, 'own.key');
  writeFileSync(keyFile, signingKey.export({ type: 'pkcs8', format: 'pem' }));
  const begun = createLog({ directory: log, origin: ORIGIN, signingKey, clock: { now: () => NOW } });
  if (begun.ok) begun.value.close();
  const config = join(directory, 'cloud.json');
  const access = { mainland: ['192.0.2.0/24'], accounts: [{ uid: 7, account: 'surveyor' }], principals: [surveyor] };
  writeFileSync(config, JSON.stringify({ ...cloudConfig(directory, custodian), access }));
  const read = (zone: Zone, change: { reason?: string; log?: string; uid?: number; remote?: string } = {}) => {
    const out: string[] = [];
    const err: string[] = [];
    const own = { directory: change.log ?? log, origin: ORIGIN, keyFile };
    const args = { config, zone, by: 'surveyor', reason: change.reason ?? 'map update', log: own };
    const around = { environment: {}, clock: { now: () => NOW }, open: openZone };
    const reader = { uid: change.uid ?? 7, remote: change.remote };
    const io: Omit<ZoneReadIo, 'out' | 'err'> = {
      ...around,
      access: (loaded) => commandAccess('zones', loaded, reader, around),
    };
    const status = zoneReadCommand(args, { ...io, out: (line) => out.push(line), err: (line) => err.push(line) });
    return { status, out, err: err.join('\n') };
  };
  return { read, leaves: () => [...readLeaves(log, 1_000)].map(({ leaf }) => leaf), directory };
}

/** Everything else of a cloud.yaml has to be there and is not looked at. */
function cloudConfig(directory: string, custodian: object | undefined): object {
  const keys = join(directory, 'keys');
  return {
    processor: { id: 'p', name: 'p', ciio: 'no' },
    stores: { directory },
    zones: { keys, vaults: keys, read: [], ...(custodian && { custodian }) },
    mqtt: { host: 'h', port: 0, certificateFile: 'c', keyFile: 'k', deviceAuthorityFile: 'a' },
    api: { socket: 's' },
    log: { directory: 'l', origin: 'o', signingKeyFile: 'k' },
    border: { directory: 'b', permitKeyFile: 'k', permitHours: 1 },
    permits: { issue: 'never' },
    pseudonyms: { keyFile: 'k' },
    recipients: [],
    legalBasis: 'contract',
    onFile: [],
    datasets: [],
  };
}

test('a custodian reads geographic data as JSON lines, and the reading is in the log with the qualification', () => {
  const { read, leaves } = scene(CUSTODIAN);
  const { status, out } = read('geographic');
  expect(status).toBe(0);
  const tag = Buffer.from(cellFrame().subjectTag).toString('base64');
  expect(out.map((line) => JSON.parse(line))).toMatchObject([
    { key: { deviceNumber: 1 }, content: { kind: 'cell', subjectTag: tag } },
  ]);
  const [entry] = leaves();
  expect(entry).toMatchObject({ kind: 'zone-read', actor: 'surveyor' });
  expect(JSON.parse(String(Buffer.from(entry?.document ?? [])))).toEqual({
    zone: 'geographic',
    reason: 'map update',
    custodian: CUSTODIAN,
  });
});

test('without a custodian, or with one whose qualification lapsed, nothing is read and nothing is entered', () => {
  for (const [custodian, code] of [
    [undefined, 'CUSTODIAN_MISSING'],
    [{ ...CUSTODIAN, validUntil: '2026-02-28' }, 'CUSTODIAN_LAPSED'],
  ] as const) {
    const { read, leaves } = scene(custodian);
    const { status, out, err } = read('geographic');
    expect([status, out, leaves()]).toEqual([3, [], []]);
    expect(err).toContain(code);
    expect(read('personal').status).toBe(0);
  }
});

test('no log, no read; and a VIN does not come into the log', () => {
  const { read, directory } = scene(CUSTODIAN);
  expect(read('geographic', { log: join(directory, 'absent') })).toMatchObject({ status: 1, out: [] });
  const named = read('geographic', { reason: `of ${testVin(1)}` });
  expect(named).toMatchObject({ status: 1, out: [] });
  expect(named.err).toContain('ZONE_READ_UNLOGGED');
  expect(named.err).not.toContain(testVin(1));
  expect(readFileSync(join(directory, 'own', 'entries.log')).length).toBe(0);
});

test.each([
  ['an account of the machine that nobody listed', { uid: 8 }, {}, 'ACCESS_UNKNOWN'],
  [
    'a shell from an address that is not of the mainland',
    { remote: '203.0.113.9 50000 192.0.2.1 22' },
    {},
    'ACCESS_ADDRESS',
  ],
  [
    'a shell from the mainland by somebody abroad',
    { remote: '192.0.2.9 50000 192.0.2.1 22' },
    { resident: 'DE' },
    'ACCESS_OVERSEAS',
  ],
  ['somebody whose employer is abroad', {}, { employer: { name: 'Lab', country: 'HK' } }, 'ACCESS_OVERSEAS'],
])('%s reads nothing, and the refusal is in the log', (_, change, surveyor, code) => {
  const { read, leaves } = scene(CUSTODIAN, { ...SURVEYOR, ...surveyor });
  const { status, out, err } = read('geographic', change);
  expect([status, out]).toEqual([3, []]);
  expect(err).toContain(code);
  expect(leaves().map(({ kind }) => kind)).toEqual(['zone-read-refused']);
});
