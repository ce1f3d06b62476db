import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { replaceBackupKey } from '../../../../cloud/adapters/backup-key.ts';
import { openDatabase } from '../../../../cloud/adapters/open-database.ts';
import { OPTIONAL_STORE_FILES, STORE_FILES } from '../../../../cloud/backup/backup-files.ts';
import { createBackup } from '../../../../cloud/backup/create-backup.ts';
import { restoreBackup } from '../../../../cloud/backup/restore-backup.ts';
import { verifyBackup } from '../../../../cloud/backup/verify-backup.ts';
import { runBuild } from '../../../../cloud/building/build-job.ts';
import { openBuild } from '../../../../cloud/building/open-build.ts';
import { type CloudStores, openStores } from '../../../../cloud/composition/open-stores.ts';
import { verifyLog } from '../../../../cloud/log/verify.ts';
import { DAY_MS, type Instant } from '../../../../proto/words/time.ts';
import { NOW, signalFrame } from '../../../support/cloud/batches.ts';
import { fillLogs, LOG_KEYS, ORIGIN, placesIn } from '../../../support/cloud/cloud-places.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { storeKeys } from '../../../support/cloud/open-stores.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';
import { KEY, orderOf } from '../../../support/datasets/parcels.ts';

const own = { origin: ORIGIN, signingKey: LOG_KEYS.privateKey, clock: { now: () => NOW as Instant } };

interface Scene {
  readonly directory: string;
  readonly stores: CloudStores;
  readonly backup: (name: string) => Promise<string>;
  readonly restore: (from: string, keysFrom?: string) => { readonly to: string; readonly code: string };
}

function scene(): Scene {
  const directory = scratchDirectory();
  const stores = scratchStores([testDevice(1), testDevice(2)], directory);
  const places = placesIn(directory);
  fillLogs(places, 3);
  const elsewhere = scratchDirectory();
  return {
    directory,
    stores,
    backup: async (name) => {
      const made = await createBackup({
        places,
        directory: join(elsewhere, name),
        ...own,
        exportStores: () => ({ ok: true, value: [] }),
      });
      if (!made.ok) throw new Error(made.fault.code);
      return join(elsewhere, name);
    },
    restore: (from, keysFrom) => {
      const to = join(scratchDirectory(), 'fresh');
      const restored = restoreBackup({ directory: from, to, keys: places.keys, keysFrom, actor: 'ops', ...own });
      return { to, code: restored.ok ? 'ok' : restored.fault.code };
    },
  };
}

const insert = ({ zones, ledger }: CloudStores, deviceNumber: number, from: number, to: number): void => {
  const sequences = Array.from({ length: to - from }, (_, at) => from + at);
  const records = sequences.map((sequence) => ({ key: { deviceNumber, epoch: 1, sequence }, content: signalFrame() }));
  zones.personal.insert(records);
  const totals = { ...ledger.totals(), framesAdmitted: ledger.totals().framesAdmitted + records.length };
  ledger.commit({ changes: [{ deviceNumber, epoch: 1, extents: [[0, to]] }], notes: [], totals });
};

/** Opens what was restored as the cloud does, with the key files of the installation. */
function reopened({ directory }: Scene, to: string): CloudStores {
  const keys = { ...storeKeys(directory), vaults: join(to, 'vaults') };
  const stores = openStores(join(to, 'stores'), keys);
  onTestFinished(() => stores.close());
  return stores;
}

/** Rows of a parcel that is built of what was restored, as the cloud builds one: a vehicle and day each. */
async function rowsBuilt({ directory }: Scene, to: string): Promise<number> {
  for (const name of ['staging', 'outbox', 'returns']) mkdirSync(join(to, name));
  const zones = { keys: join(directory, 'keys'), vaults: join(to, 'vaults'), read: ['personal'] } as const;
  const clock = { now: () => (NOW + DAY_MS) as Instant };
  const { parts, close } = openBuild({ stores: join(to, 'stores'), border: to, key: KEY, zones }, clock);
  const order = orderOf({ kind: 'vehicle-day-statistics', signals: ['Vehicle.Speed'] }, { at: clock.now() });
  const parcel = await runBuild({ grain: 'rows', withoutConsent: [], ...order }, parts);
  close();
  return parcel.ok ? parcel.value.rows : 0;
}

function recordsIn(stores: CloudStores): readonly string[] {
  const reader = stores.reader('personal');
  return reader.ok ? [...reader.value.records()].map(({ key }) => `${key.deviceNumber}/${key.sequence}`).sort() : [];
}

describe('a backup', () => {
  test('knows every store there is, and takes imports and kept rules along', async () => {
    const at = scene();
    const stores = readdirSync(at.directory).filter((name) => name.endsWith('.sqlite'));
    expect([...STORE_FILES].sort()).toEqual(stores.sort());
    for (const name of OPTIONAL_STORE_FILES) openDatabase(join(at.directory, name), '').close();
    const kept = ['file-parcels/import-1/content.tar', `log/rules/${'a'.repeat(64)}.yaml`];
    const underWay = ['file-parcels/.import-2.draft/content.tar', `log/rules/${'b'.repeat(64)}.yaml.new`];
    for (const name of [...kept, ...underWay]) {
      mkdirSync(join(at.directory, dirname(name)), { recursive: true });
      writeFileSync(join(at.directory, name), name);
    }
    const { to, code } = at.restore(await at.backup('a'));
    expect(code).toBe('ok');
    const placeOf = (name: string) => join(to, name.startsWith('log/') ? name : join('stores', name));
    expect(kept.map((name) => readFileSync(placeOf(name), 'utf8'))).toEqual(kept);
    for (const name of OPTIONAL_STORE_FILES) expect(existsSync(placeOf(name)), name).toBe(true);
    for (const name of underWay) expect(existsSync(placeOf(name)), name).toBe(false);
  });

  test('of a running cloud is restored elsewhere: the stores open, counts are equal, the logs hold and go on, parcels are built', async () => {
    const at = scene();
    insert(at.stores, 1, 0, 3);
    insert(at.stores, 2, 0, 2);
    const document = at.stores.documents.keep(Buffer.from('a notice'));
    const from = await at.backup('a');
    insert(at.stores, 1, 3, 9);
    expect(verifyBackup({ directory: from, origin: ORIGIN, publicKey: LOG_KEYS.publicKey }).ok).toBe(true);
    const { to, code } = at.restore(from);
    expect(code).toBe('ok');
    const stores = reopened(at, to);
    expect(recordsIn(stores)).toEqual(['1/0', '1/1', '1/2', '2/0', '2/1']);
    expect([stores.ledger.totals().framesAdmitted, stores.register.count()]).toEqual([5, 2]);
    expect(stores.documents.state(document)).toBe('whole');
    // What was lost is sent again and stored; what was not is passed over.
    insert(stores, 1, 0, 9);
    expect(recordsIn(stores)).toHaveLength(11);
    expect(await rowsBuilt(at, to)).toBe(2);
    const log = {
      directory: join(to, 'log/operations'),
      origin: `${ORIGIN}/operations`,
      publicKey: LOG_KEYS.publicKey,
    };
    expect(verifyLog(log)).toMatchObject({ ok: true, value: { size: 4 } });
  });

  test('taken while records come in never has a ledger that knows more than the zones', async () => {
    const at = scene();
    let next = 0;
    const timer = setInterval(() => {
      insert(at.stores, 1, next, next + 3);
      next += 3;
    }, 1);
    const from = await at.backup('a');
    clearInterval(timer);
    const stores = reopened(at, at.restore(from).to);
    const held = new Set(recordsIn(stores));
    const [extent] = stores.ledger.extents(1, 1);
    for (let sequence = 0; sequence < (extent?.[1] ?? 0); sequence += 1) expect(held.has(`1/${sequence}`)).toBe(true);
  });

  test('made before a deletion opens no more, not even with every key there is; with the vaults of a later one it gives the rest', async () => {
    const at = scene();
    insert(at.stores, 1, 0, 2);
    insert(at.stores, 2, 0, 2);
    const before = await at.backup('before');
    const vault = at.stores.vaults.personal;
    const doomed = vault.select({ deviceNumbers: [1] });
    const wrapped = doomed.map((key) => Buffer.from(key.wrapped));
    at.stores.zones.personal.drop(doomed);
    vault.destroy(doomed.map(({ id }) => id));
    replaceBackupKey(join(at.directory, 'keys'));
    const after = await at.backup('after');

    expect(at.restore(before).code).toBe('BACKUP_FORGOTTEN');
    // Nor is a wrapped key of the deleted records anywhere in it, or among the keys, to be opened by hand.
    for (const directory of [before, after, join(at.directory, 'keys')])
      for (const file of filesBelow(directory))
        for (const key of wrapped) expect(readFileSync(file).includes(key), file).toBe(false);
    const { to, code } = at.restore(before, after);
    expect(code).toBe('ok');
    const stores = reopened(at, to);
    expect(stores.zones.personal.count()).toBe(4);
    expect(recordsIn(stores)).toEqual(['2/0', '2/1']);
    expect(recordsIn(reopened(at, at.restore(after).to))).toEqual(['2/0', '2/1']);
  });

  test('that the old backup key is kept somewhere is what keeps it readable: the key is what forgets', async () => {
    const at = scene();
    insert(at.stores, 1, 0, 2);
    const keys = join(at.directory, 'keys');
    const safe = scratchDirectory();
    for (const name of ['backup.key', 'backup.pub']) copyFileSync(join(keys, name), join(safe, name));
    const before = await at.backup('before');
    replaceBackupKey(keys);
    expect(at.restore(before).code).toBe('BACKUP_FORGOTTEN');
    for (const name of ['backup.key', 'backup.pub']) copyFileSync(join(safe, name), join(keys, name));
    expect(at.restore(before).code).toBe('ok');
  });

  test('holds no key of a zone, no key vault in the clear and nothing of the border', async () => {
    const at = scene();
    insert(at.stores, 1, 0, 2);
    const from = await at.backup('a');
    const names = filesBelow(from).map((file) => file.slice(from.length + 1));
    expect(names.filter((name) => /\.key|\.pub|vault-[a-z]+\.sqlite|border/.test(name))).toEqual([]);
    expect(names.filter((name) => name.startsWith('vaults/'))).toHaveLength(5);
    for (const file of filesBelow(from)) expect(statSync(file).mode & 0o077, file).toBe(0);
  });

  test('is refused when a byte, a file, the manifest or its signature was changed', async () => {
    const at = scene();
    const from = await at.backup('a');
    const verdictOn = (change: (copy: string) => void): string => {
      const copy = join(scratchDirectory(), 'copy');
      cpSync(from, copy, { recursive: true });
      change(copy);
      const verified = verifyBackup({ directory: copy, origin: ORIGIN, publicKey: LOG_KEYS.publicKey });
      return verified.ok ? 'ok' : verified.fault.code;
    };
    const flip = (name: string) => (copy: string) => {
      const bytes = readFileSync(join(copy, name));
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      writeFileSync(join(copy, name), bytes);
    };
    expect(verdictOn(() => undefined)).toBe('ok');
    for (const name of [...filesBelow(from)].map((file) => file.slice(from.length + 1)))
      expect(verdictOn(flip(name)), name).toMatch(/^BACKUP_(DAMAGED|FAILED)$/);
    expect(verdictOn((copy) => writeFileSync(join(copy, 'more'), ''))).toBe('BACKUP_DAMAGED');
  });

  test('is made and restored only where nothing is', async () => {
    const at = scene();
    const from = await at.backup('a');
    await expect(at.backup('a')).rejects.toThrow('BACKUP_EXISTS');
    const options = {
      directory: from,
      to: at.directory,
      keys: join(at.directory, 'keys'),
      keysFrom: undefined,
      actor: 'ops',
      ...own,
    };
    expect(restoreBackup(options)).toMatchObject({ ok: false, fault: { code: 'RESTORE_EXISTS' } });
  });

  test('counts the persons of a transfer that was under way, since nobody knows what became of it', async () => {
    const at = scene();
    const { transfers } = at.stores;
    const row = { transferId: 't', requestedAt: NOW, datasetId: 'd', recipientId: 'r', purpose: 'p', persons: 0 };
    transfers.add({ ...row, state: 'requested' });
    const counted = { year: 2026, kind: 'plain', persons: [Buffer.alloc(16, 7)] } as const;
    transfers.permit(
      't',
      { year: 2026, route: 'r', isExempt: false, persons: { plain: counted.persons } },
      transfers.counted(),
    );
    const stores = reopened(at, at.restore(await at.backup('a')).to);
    expect(stores.transfers.find('t')?.state).toBe('failed');
    expect(stores.transfers.project(counted)).toEqual({ before: 1, projected: 1 });
  });
});

describe('the backup key', () => {
  test('leaves nothing of the old private half in its directory when it is replaced', () => {
    const at = scene();
    const keys = join(at.directory, 'keys');
    const old = readFileSync(join(keys, 'backup.key'));
    replaceBackupKey(keys);
    expect(readFileSync(join(keys, 'backup.key')).equals(old)).toBe(false);
    expect(readdirSync(keys).filter((name) => /\.(old|new)$/.test(name))).toEqual([]);
    for (const file of filesBelow(keys)) expect(readFileSync(file).equals(old), file).toBe(false);
  });

  test('that a crash left half replaced is whole after the next time', () => {
    const at = scene();
    const keys = join(at.directory, 'keys');
    copyFileSync(join(keys, 'backup.key'), join(keys, 'backup.key.old'));
    writeFileSync(join(keys, 'backup.key.new'), 'half');
    replaceBackupKey(keys);
    expect(existsSync(join(keys, 'backup.key.old'))).toBe(false);
    expect(
      readdirSync(keys)
        .filter((name) => name.startsWith('backup.'))
        .sort(),
    ).toEqual(['backup.key', 'backup.pub']);
  });
});

function filesBelow(directory: string): readonly string[] {
  return (readdirSync(directory, { recursive: true }) as string[])
    .map((name) => join(directory, name))
    .filter((file) => statSync(file).isFile());
}
