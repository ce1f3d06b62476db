import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { CloudConfig } from '../../cloud/config/config.ts';
import { FILES_MARK } from '../../cloud/database/files-mark.ts';
import { checkFiles, type LeadingDatabase, openLeading } from '../../cloud/database/leading.ts';
import { lookAtDatabase } from '../../cloud/database/look-at-database.ts';
import { initialisePostgres } from '../../cloud/database/open-postgres.ts';
import { readConfig } from '../../proto/config/read-config.ts';
import { assert } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { installedCloud } from '../support/cloud/installed-cloud.ts';
import { compiledProgram } from '../support/compiled.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';

const why = whyNoPostgres();
const clock = { now: () => Date.now() as Instant };

describe.skipIf(why !== undefined)(
  `whoever leads over PostgreSQL (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    let server: TestPostgres;
    let loaded: ReturnType<typeof scene>;
    const program = () => pathToFileURL(compiledProgram('cloud/adapters/sql/postgres-thread.ts'));

    beforeAll(async () => {
      server = await testPostgres();
      await server.start();
    });
    afterAll(() => server.stop());
    beforeEach(() => {
      server.psql('DROP SCHEMA IF EXISTS tongguan CASCADE');
      loaded = scene();
      assert(initialisePostgres(loaded, clock, program()).ok, 'the tables of a test are made');
    });

    function scene() {
      const { host, port, database, user, domesticRanges, password } = server.settings;
      const at = { kind: 'postgres', host, port, database, user, domesticRanges, passwordFile: 'postgres.password' };
      const cloud = installedCloud(clock.now(), {
        stores: { database: { ...at, security: { kind: 'insecure-plaintext' } } },
      });
      writeFileSync(join(cloud.config, '..', 'postgres.password'), password ?? '');
      const read = readConfig(CloudConfig, cloud.config, 'cloud', {});
      assert(read.ok, 'the configuration of a test is good');
      mkdirSync(read.value.path(read.value.config.zones.vaults), { recursive: true });
      return read.value;
    }
    /** @param isHeld - of the lock, as whoever leads believes */
    const lead = (isHeld = () => true): LeadingDatabase => {
      const opened = openLeading(loaded, clock, { isHeld }, program());
      assert(opened.ok && opened.value !== undefined, 'nothing keeps it from leading');
      onTestFinished(opened.value.close);
      return opened.value;
    };
    const BUMP = { text: 'UPDATE revision SET moves = moves + 1', values: [] };
    const moves = () => Number(server.psql('SELECT moves FROM tongguan.revision'));
    const codeOf = (work: () => unknown): unknown => {
      try {
        work();
        return undefined;
      } catch (cause) {
        return (cause as { failure?: { code: string } }).failure?.code;
      }
    };

    test('who led before writes nothing, in a transaction or outside of one, whatever it believes', async () => {
      const first = lead();
      first.session.tell(BUMP);
      first.session.transaction(() => first.session.ask([BUMP]));
      expect(moves()).toBe(2);
      const second = lead();
      expect(codeOf(() => first.session.tell(BUMP))).toBe('TG001');
      expect(await first.over).toMatchObject({ code: 'LEAD_LOST' });
      expect(codeOf(() => first.session.ask([{ text: 'SELECT 1', values: [] }]))).toBe('TG001');
      const third = lead();
      expect(codeOf(() => second.session.transaction(() => second.session.ask([BUMP])))).toBe('TG001');
      third.session.transaction(() => third.session.tell(BUMP));
      expect(moves()).toBe(3);
    });

    test('who has lost the lock asks nothing', () => {
      let isHeld = true;
      const first = lead(() => isHeld);
      isHeld = false;
      expect(codeOf(() => first.session.tell(BUMP))).toBe('not-held');
      expect(codeOf(() => first.session.transaction(() => first.session.ask([BUMP])))).toBe('not-held');
      expect(moves()).toBe(0);
    });

    test('files go with a database from the first start on, and a crash between their marks and its own is no difference', () => {
      const at = join(loaded.path(loaded.config.log.directory), FILES_MARK);
      expect(existsSync(at)).toBe(false);
      const first = lead();
      expect(existsSync(at)).toBe(true);
      expect(checkFiles(loaded, clock, program()).ok).toBe(true);
      const { mark } = { mark: server.psql('SELECT mark FROM tongguan.files') };
      first.renew();
      expect(server.psql('SELECT mark FROM tongguan.files')).not.toBe(mark);
      // As it is for files that were marked, and a database that never heard of it.
      server.psql(`UPDATE tongguan.files SET mark = '${mark}'`);
      expect(checkFiles(loaded, clock, program()).ok).toBe(true);
      first.renew();
      server.psql(`UPDATE tongguan.files SET mark = '${'0'.repeat(32)}'`);
      expect(checkFiles(loaded, clock, program())).toMatchObject({ fault: { code: 'FILES_NOT_OF_DATABASE' } });
      expect(openLeading(loaded, clock, { isHeld: () => true }, program())).toMatchObject({
        fault: { code: 'FILES_NOT_OF_DATABASE' },
      });
      expect(lookAtDatabase(loaded, clock, program())).toMatchObject({
        value: { leader: undefined, standbys: 0, files: { code: 'FILES_NOT_OF_DATABASE' } },
      });
    });
  },
);
