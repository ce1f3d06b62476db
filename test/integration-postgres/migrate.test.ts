import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  postgresLedger,
  postgresPolicies,
  postgresPublications,
  postgresRegisters,
  postgresTransferRegister,
} from '../../cloud/adapters/postgres-stores.ts';
import { sqliteLedger } from '../../cloud/adapters/sqlite-ledger.ts';
import { sqliteParts } from '../../cloud/adapters/sqlite-parts.ts';
import { sqlitePolicyArchive } from '../../cloud/adapters/sqlite-policy-archive.ts';
import { sqlitePublications } from '../../cloud/adapters/sqlite-publications.ts';
import { sqliteRegisters } from '../../cloud/adapters/sqlite-registers.ts';
import { sqliteTransferRegister } from '../../cloud/adapters/sqlite-transfer-register.ts';
import { openLogs } from '../../cloud/composition/open-logs.ts';
import { CloudConfig } from '../../cloud/config/config.ts';
import { checkMove } from '../../cloud/database/check-move.ts';
import { exportStores } from '../../cloud/database/export-stores.ts';
import { moveStores } from '../../cloud/database/move-stores.ts';
import { openPostgres } from '../../cloud/database/open-postgres.ts';
import { openLog } from '../../cloud/log/open-log.ts';
import { readConfig } from '../../proto/config/read-config.ts';
import { assert } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { hold, of, row } from '../contract/transfer-register.contract.ts';
import { installedCloud } from '../support/cloud/installed-cloud.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { compiledProgram } from '../support/compiled.ts';
import { signedBundle } from '../support/edge/policies.ts';
import { ledgerSeen, takeSteps } from '../support/postgres/ledger-steps.ts';
import { FAMILY, seen } from '../support/postgres/moved.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';

const why = whyNoPostgres();
const clock = { now: () => Date.UTC(2026, 10, 22) as Instant };

describe.skipIf(why !== undefined)(
  `stores that move from files into PostgreSQL (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    let server: TestPostgres;
    const program = () => pathToFileURL(compiledProgram('cloud/adapters/sql/postgres-thread.ts'));
    const lockProgram = () => pathToFileURL(compiledProgram('cloud/adapters/sql/lock-thread.ts'));
    const around = () => ({
      ...{ clock, uid: 54_321, program: program(), lockProgram: lockProgram() },
      ...{ err: () => undefined, fault: () => undefined, report: () => undefined },
      stopRequested: new Promise<void>(() => undefined),
    });

    beforeAll(async () => {
      server = await testPostgres();
      await server.start();
    });
    afterAll(() => server.stop());
    beforeEach(() => {
      server.psql('DROP SCHEMA IF EXISTS tongguan CASCADE');
    });

    /** An installation that has counted in files, and one transfer that somebody still has to approve. */
    function scene() {
      const { host, port, database, user, domesticRanges, password } = server.settings;
      const at = { kind: 'postgres', host, port, database, user, domesticRanges, passwordFile: 'postgres.password' };
      const cloud = installedCloud(clock.now(), {
        stores: { database: { ...at, security: { kind: 'insecure-plaintext' } } },
      });
      writeFileSync(join(cloud.config, '..', 'postgres.password'), password ?? '');
      const stores = cloud.layout.cloud('stores');
      const file = join(stores, 'transfers.sqlite');
      const register = sqliteTransferRegister(file);
      for (const [id, persons] of [
        ['a', [1, 2, 3]],
        ['b', [3, 4]],
        ['c', [9]],
      ] as const) {
        register.add(row(id));
        register.permit(id, hold(persons), register.counted());
      }
      register.close('b', 'delivered', 'counted');
      register.close('c', 'refused', 'released');
      register.add(row('d', 2));
      register.hold('d', { persons: of([5, 6]).persons } as never);
      register.wait('d', 2);
      const before = seen(register);
      register.shut();
      const registers = sqliteRegisters(join(stores, 'registers.sqlite'));
      registers.apply(
        { kind: 'notice', id: 'é', version: 1, isWithdrawn: true, body: { id: 'é' }, attachments: [] },
        0,
      );
      registers.close();
      const publications = sqlitePublications(join(stores, 'publications.sqlite'));
      publications.publish([FAMILY], 'a');
      publications.close();
      sqliteParts(join(stores, 'parts.sqlite')).close();
      const policies = sqlitePolicyArchive(join(stores, 'policies.sqlite'));
      policies.keep(signedBundle({ version: 3 }), clock.now());
      policies.close();
      const ledger = sqliteLedger(join(stores, 'ledger.sqlite'));
      takeSteps(ledger, 0, 40);
      const counted = ledgerSeen(ledger);
      ledger.close();
      const load = (kind: 'postgres' | 'sqlite') => {
        const loaded = readConfig(CloudConfig, cloud.config, 'cloud', {});
        assert(loaded.ok, 'the configuration is good');
        const { config, path } = loaded.value;
        return {
          path,
          config: kind === 'postgres' ? config : { ...config, stores: { ...config.stores, database: { kind } } },
        };
      };
      const start = (kind: 'postgres' | 'sqlite'): string => {
        const opened = openPostgres(load(kind), clock, program());
        if (opened.ok) opened.value?.close();
        return opened.ok ? 'starts' : opened.fault.code;
      };
      const inDatabase = () => {
        const opened = openPostgres(load('postgres'), clock, program());
        assert(opened.ok && opened.value !== undefined, 'the database opens');
        const { session } = opened.value;
        const found = seen(postgresTransferRegister(session));
        expect(postgresRegisters(session).find('notice', 'é')).toMatchObject({ isWithdrawn: true });
        expect(postgresRegisters(session).appliedTo()).toBe(0);
        expect(postgresPublications(session).find('one', 'Vehicle.Speed', FAMILY.from)).toEqual(FAMILY);
        expect(postgresPolicies(session).find('tour', 3)).toHaveLength(1);
        const ledger = postgresLedger(session);
        expect(ledgerSeen(ledger)).toEqual(counted);
        opened.value.close();
        return found;
      };
      return {
        cloud,
        stores,
        file,
        before,
        start,
        inDatabase,
        loaded: load('postgres'),
        move: () => moveStores(load('postgres'), around()),
      };
    }

    const STORES = ['transfers', 'registers', 'parts', 'publications', 'ledger', 'policies'].map((store) => ({
      store,
    }));
    const codeOf = (outcome: { ok: boolean; fault?: { code: string } }) => outcome.fault?.code;

    test('everything is there afterwards, the log says so, and a cloud over the files starts no more', async () => {
      const { cloud, stores, before, start, inDatabase, loaded, move } = scene();
      expect(start('postgres')).toBe('STORE_FILES_NOT_MOVED');
      expect(checkMove(loaded, around())).toMatchObject({ ok: true, value: STORES });
      expect(start('sqlite')).toBe('starts');
      const moved = await move();
      expect(moved).toMatchObject({ ok: true, value: { state: 'moved', stores: STORES } });
      expect(inDatabase()).toEqual(before);
      expect([start('sqlite'), start('postgres')]).toEqual(['STORES_MOVED', 'starts']);
      expect(existsSync(join(stores, 'transfers.sqlite'))).toBe(false);
      expect(cloud.entries('operations')).toMatchObject([
        { kind: 'stores-move', actor: 'uid-54321', document: { stores: STORES.map(({ store }) => store) } },
        { kind: 'stores-moved', document: moved.ok ? { stores: moved.value.stores } : {} },
      ]);
      expect(await move()).toEqual({ ok: true, value: { state: 'nothing-to-move', stores: [] } });
    });

    test('what was counted in files goes on in the database as if it had never moved', async () => {
      const { loaded, move } = scene();
      expect(await move()).toMatchObject({ ok: true });
      const opened = openPostgres(loaded, clock, program());
      assert(opened.ok && opened.value !== undefined, 'the database opens');
      const ledger = postgresLedger(opened.value.session);
      takeSteps(ledger, 40, 60);
      const alone = sqliteLedger(join(scratchDirectory(), 'ledger.sqlite'));
      takeSteps(alone, 0, 60);
      expect(ledgerSeen(ledger)).toEqual(ledgerSeen(alone));
      alone.close();
      opened.value.close();
    });

    test('written into files again, for a backup, they are what they were', async () => {
      const { before, loaded, move, stores } = scene();
      const backup = join(stores, 'backup');
      mkdirSync(backup);
      expect(exportStores(loaded, backup, clock, program())).toMatchObject({
        fault: { code: 'STORE_FILES_NOT_MOVED' },
      });
      const moved = await move();
      expect(exportStores(loaded, backup, clock, program())).toEqual({
        ok: true,
        value: STORES.map(({ store }) => `${store}.sqlite`),
      });
      expect(readdirSync(backup).sort()).toEqual(STORES.map(({ store }) => `${store}.sqlite`).sort());
      const register = sqliteTransferRegister(join(backup, 'transfers.sqlite'));
      expect(seen(register)).toEqual(before);
      register.shut();
      // Put back into files and moved once more, they are the same to the last bit.
      server.psql('DROP SCHEMA tongguan CASCADE');
      rmSync(join(stores, 'retired.json'));
      for (const { store } of STORES) renameSync(join(backup, `${store}.sqlite`), join(stores, `${store}.sqlite`));
      for (const { store } of STORES) rmSync(join(stores, `${store}.sqlite.retired`));
      expect(await move()).toEqual(moved);
    });

    test('while a cloud has the logs nothing is moved', async () => {
      const { loaded, move, start } = scene();
      const running = openLogs(loaded.config, loaded.path, clock, openLog);
      assert(running.ok, 'the logs open');
      expect(codeOf(await move())).toBe('LOG_IN_USE');
      running.value.operations.close();
      running.value.alerts.close();
      expect(start('sqlite')).toBe('starts');
    });

    test('copied and not yet in their place: files count, nobody starts over the database, and what came later is copied too', async () => {
      const { stores, file, start, move, inDatabase } = scene();
      // The mark has nowhere to go.
      mkdirSync(join(stores, 'retired.json.new'));
      expect(codeOf(await move())).toBe('MOVE_FAILED');
      rmdirSync(join(stores, 'retired.json.new'));
      expect(start('sqlite')).toBe('starts');
      // Even where somebody takes the files away.
      const moveAll = (from: string, to: string) => {
        for (const { store } of STORES)
          renameSync(join(stores, `${store}.sqlite${from}`), join(stores, `${store}.sqlite${to}`));
      };
      moveAll('', '.away');
      expect(start('postgres')).toBe('DATABASE_MOVE_UNFINISHED');
      moveAll('.away', '');
      const register = sqliteTransferRegister(file);
      register.add(row('e', 3));
      register.permit('e', hold([77]), register.counted());
      const later = seen(register);
      register.shut();
      expect(await move()).toMatchObject({ ok: true });
      expect(inDatabase()).toEqual(later);
    });

    test('in their place and not in the log: nobody starts over either, and the next run finishes', async () => {
      const { before, start, move, inDatabase, stores } = scene();
      expect(await move()).toMatchObject({ ok: true });
      // As a process leaves it that is killed after the mark.
      server.psql("UPDATE tongguan.move SET state = 'copied'");
      renameSync(join(stores, 'transfers.sqlite.retired'), join(stores, 'transfers.sqlite'));
      expect([start('sqlite'), start('postgres')]).toEqual(['STORES_MOVED', 'STORE_FILES_NOT_MOVED']);
      expect(await move()).toMatchObject({ ok: true, value: { state: 'moved' } });
      expect(inDatabase()).toEqual(before);
      // Killed while files were given other names.
      renameSync(join(stores, 'transfers.sqlite.retired'), join(stores, 'transfers.sqlite'));
      expect(await move()).toMatchObject({ ok: true, value: { state: 'nothing-to-move' } });
      expect([start('sqlite'), start('postgres')]).toEqual(['STORES_MOVED', 'starts']);
    });

    test('nothing is written over: rows of others, a file that comes back, a database that is not the one it was', async () => {
      const one = scene();
      expect(await one.move()).toMatchObject({ ok: true });
      const other = scene();
      expect(codeOf(await other.move())).toBe('DATABASE_OTHER_INSTALLATION');
      writeFileSync(one.file, '');
      expect(codeOf(checkMove(one.loaded, around()))).toBe('MOVE_INTO_USED');
      expect(codeOf(await one.move())).toBe('MOVE_INTO_USED');
      renameSync(one.file, `${one.file}.away`);
      server.psql('DELETE FROM tongguan.move');
      expect(one.start('postgres')).toBe('DATABASE_WITHOUT_MOVE');
      expect(codeOf(await one.move())).toBe('DATABASE_WITHOUT_MOVE');
    });

    test('a move of one store that was cut short lets no file of another one write over what the database has counted', async () => {
      const { stores, file, loaded, move } = scene();
      expect(await move()).toMatchObject({ ok: true });
      // A store that came in later, copied and killed; and an old file of the counts that somebody put back.
      server.psql(
        `INSERT INTO tongguan.move (id, state, stores, at) VALUES ('${'a'.repeat(32)}', 'copied', '[{"store":"registers"}]', 1)`,
      );
      const old = readFileSync(join(stores, 'transfers.sqlite.retired'));
      writeFileSync(file, old);
      expect(codeOf(checkMove(loaded, around()))).toBe('MOVE_INTO_USED');
      expect(codeOf(await move())).toBe('MOVE_INTO_USED');
    });

    test('a server that is killed meanwhile leaves the files as they were', async () => {
      const { before, start, move, inDatabase } = scene();
      await server.kill();
      expect(codeOf(await move())).toBe('LEADER_UNKNOWN');
      expect(start('sqlite')).toBe('starts');
      await server.start();
      expect(await move()).toMatchObject({ ok: true });
      expect(inDatabase()).toEqual(before);
    });
  },
);
