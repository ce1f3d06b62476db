import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../cloud/adapters/sql/postgres-schema.table.ts';
import { DatabaseConfig } from '../../cloud/config/database-config.ts';
import { lookAtDatabase } from '../../cloud/database/look-at-database.ts';
import { initialisePostgres, openPostgres } from '../../cloud/database/open-postgres.ts';
import type { Instant } from '../../proto/words/time.ts';
import { compiledProgram } from '../support/compiled.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';

const why = whyNoPostgres();
const clock = { now: () => Date.now() as Instant };

describe.skipIf(why !== undefined)(`a start over PostgreSQL (needs \`make integration\`: ${why ?? 'it runs'})`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-start-'));
  let server: TestPostgres;

  beforeAll(async () => {
    server = await testPostgres();
    await server.start();
    writeFileSync(join(directory, 'password'), `${server.settings.password}\n`);
    for (const name of ['log.key', 'other.key'])
      writeFileSync(
        join(directory, name),
        generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
      );
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const program = () => pathToFileURL(compiledProgram('cloud/adapters/sql/postgres-thread.ts'));
  const loaded = (more: object = {}, signingKeyFile = 'log.key') => {
    const { host, port, database, user, domesticRanges } = server.settings;
    const at = { kind: 'postgres', host, port, database, user, passwordFile: 'password', domesticRanges };
    const config = DatabaseConfig.parse({ ...at, security: { kind: 'insecure-plaintext' }, ...more });
    const path = (relative: string) => join(directory, relative);
    const zones = { keys: 'keys', vaults: 'vaults', read: [] };
    const log = { directory: 'log', origin: 'example.com/tongguan', signingKeyFile };
    return { config: { stores: { directory: '.', database: config }, log: { ...log, witnesses: [] }, zones }, path };
  };
  const open = (more?: object, signingKeyFile?: string) => {
    const opened = openPostgres(loaded(more, signingKeyFile), clock, program());
    if (opened.ok) opened.value?.close();
    return opened.ok ? undefined : opened.fault.code;
  };

  test('tables are made once, by whoever initialises and by nobody else', () => {
    expect(open()).toBe('DATABASE_NOT_INITIALISED');
    expect(initialisePostgres(loaded(), clock, program())).toMatchObject({
      ok: true,
      value: { length: MIGRATIONS.length },
    });
    expect(initialisePostgres(loaded(), clock, program())).toEqual({ ok: true, value: [] });
    expect(open()).toBeUndefined();
  });

  test('a database that belongs to an installation with other logs is neither used nor claimed', () => {
    expect(open({}, 'other.key')).toBe('DATABASE_OTHER_INSTALLATION');
    const claimed = initialisePostgres(loaded({}, 'other.key'), clock, program());
    expect(claimed).toMatchObject({ fault: { code: 'DATABASE_OTHER_INSTALLATION' } });
    expect(open()).toBeUndefined();
  });

  test('what was counted in a file and never moved keeps the cloud from counting from nothing', () => {
    writeFileSync(join(directory, 'transfers.sqlite'), '');
    expect(open()).toBe('STORE_FILES_NOT_MOVED');
    rmSync(join(directory, 'transfers.sqlite'));
  });

  test('a look at it says what it is, or what keeps a cloud from starting', () => {
    const look = (more?: object, key?: string) => lookAtDatabase(loaded(more, key), clock, program());
    expect(look()).toMatchObject({
      ok: true,
      value: { isSupported: true, isEncrypted: false, isolation: 'serializable', moves: 0 },
    });
    expect(look({}, 'other.key')).toMatchObject({ fault: { code: 'DATABASE_OTHER_INSTALLATION' } });
    expect(look({ port: 1 })).toMatchObject({ fault: { code: 'DATABASE_NOT_USABLE' } });
    expect(look({ passwordFile: 'nowhere' })).toMatchObject({ fault: { code: 'DATABASE_NOT_USABLE' } });
  });

  test('a server that is elsewhere, or not there at all, is no start', () => {
    expect(open({ domesticRanges: ['10.0.0.0/8'] })).toBe('DATABASE_NOT_USABLE');
    expect(open({ port: 1 })).toBe('DATABASE_NOT_USABLE');
  });
});
