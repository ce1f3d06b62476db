import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { zoneReadCommand } from '../../../../cloud/cli/zone-read.command.ts';
import { createLog } from '../../../../cloud/log/open-log.ts';
import { readLeaves } from '../../../../cloud/log/read-leaves.ts';
import { openZone } from '../../../../cloud/open-zone.ts';
import type { Zone } from '../../../../proto/words/data-class.ts';
import { cellFrame, NOW } from '../../../support/cloud/batches.ts';
import { CUSTODIAN } from '../../../support/cloud/open-stores.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';
import { testVin } from '../../../support/cloud/vins.ts';

const ORIGIN = 'custodian.example/reads';

function scene(custodian: object | undefined) {
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
  writeFileSync(config, JSON.stringify(cloudConfig(directory, custodian)));
  const read = (zone: Zone, change: { reason?: string; log?: string } = {}) => {
    const out: string[] = [];
    const err: string[] = [];
    const own = { directory: change.log ?? log, origin: ORIGIN, keyFile };
    const args = { config, zone, by: 'surveyor', reason: change.reason ?? 'map update', log: own };
    const io = { environment: {}, clock: { now: () => NOW }, open: openZone };
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
