import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAgentDatabase } from '../../../../edge/adapters/sqlite-state.ts';
import { loadSqlite } from '../../../../proto/config/load-sqlite.ts';
import { later, MORNING } from '../../../support/edge/candidates.ts';
import { type ConsentRig, consentPolicy, createConsentRig, JOURNEYS } from '../../../support/edge/consent-rig.ts';
import { CHARGE, SPEED } from '../../../support/edge/policies.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

function start(file: string): ConsentRig {
  const rig = createConsentRig(file);
  rig.agent.take({ kind: 'clock', at: MORNING });
  rig.usePolicy(consentPolicy());
  return rig;
}

const isJourney = ({ purpose }: { readonly purpose?: string }): boolean => purpose === JOURNEYS.id;

describe('power cut while a withdrawal is written', () => {
  /** Header of the write-ahead log, and of each page in it. */
  const [LOG_HEADER, FRAME_HEADER, PAGE] = [32, 24, 4_096];

  test('at any page, or within one: all of it waits as before, or all of it is gone and stays so', () => {
    const directory = tempDirectory();
    const rig = start(join(directory, 'agent.db'));
    rig.grant();
    for (let index = 0; index < 40; index += 1) {
      const [at, signals] = [later(MORNING, index * 1_000), { [SPEED]: index, [CHARGE]: 50 }];
      rig.agent.take({ kind: 'signals', at, signals });
      rig.agent.take({ kind: 'fix', at, latitude: 31 + index / 5_000, longitude: 121 });
      rig.agent.flush();
    }
    const waiting = rig.batches().filter(isJourney).length;
    rig.database.pragma('wal_checkpoint(TRUNCATE)');
    rig.consents.withdraw(JOURNEYS.id);
    const log = readFileSync(`${rig.file}-wal`);
    const frames = (log.length - LOG_HEADER) / (FRAME_HEADER + PAGE);
    expect(frames).toBeGreaterThan(4);
    const cuts = Array.from({ length: frames + 1 }, (_, index) => LOG_HEADER + index * (FRAME_HEADER + PAGE));
    const outcomes = cuts.flatMap((end) =>
      [end, end - 1_000].map((cut, index) => {
        const file = join(directory, `cut-${end}-${index}.db`);
        copyFileSync(rig.file, file);
        writeFileSync(`${file}-wal`, log.subarray(0, Math.max(0, cut)));
        const again = start(file);
        const left = again.batches().filter(isJourney).length;
        const points = again.database.prepare('SELECT count(*) FROM trip_point').pluck().get() as number;
        const state = again.consents.show().purposes.find(({ id }) => id === JOURNEYS.id)?.state;
        again.close();
        return `${state}: ${left} batches, ${points > 0 ? 'a trip' : 'no trip'}`;
      }),
    );
    expect(new Set(outcomes)).toEqual(
      new Set([`granted: ${waiting} batches, a trip`, 'withdrawn: 0 batches, no trip']),
    );
  });
});

describe('a file of the version before', () => {
  test('keeps what waits in it, of nobody knows what consent, and lets it go with the first withdrawal', () => {
    const file = join(tempDirectory(), 'agent.db');
    const Sqlite = loadSqlite();
    const old = new Sqlite(file);
    old.exec(`
      CREATE TABLE lane (lane INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, next_sequence INTEGER NOT NULL);
      CREATE TABLE batch (lane INTEGER NOT NULL, first_sequence INTEGER NOT NULL, count INTEGER NOT NULL,
        sealed_at INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (lane, first_sequence));
      CREATE TABLE held (id INTEGER PRIMARY KEY, not_before INTEGER NOT NULL, content BLOB NOT NULL, paths TEXT NOT NULL);
      CREATE TABLE drop_notice (lane INTEGER NOT NULL, first_sequence INTEGER NOT NULL, count INTEGER NOT NULL,
        cause TEXT NOT NULL, PRIMARY KEY (lane, first_sequence)) WITHOUT ROWID;
      INSERT INTO drop_notice VALUES (2, 0, 2, 'expired');
      INSERT INTO lane VALUES (3, 77, 5);
      INSERT INTO batch VALUES (3, 0, 5, 1, x'0102');
      PRAGMA user_version = 2;
    `);
    old.close();
    const rig = start(file);
    const read = () => rig.spools.of.statistics.read(-1, 9).map(({ count, bytes }) => [count, bytes.length]);
    expect(rig.spools.of.statistics.epoch).toBe(77);
    expect(read()).toEqual([[5, 2]]);
    rig.consents.withdraw(JOURNEYS.id);
    expect(read()).toEqual([]);
    expect(rig.database.pragma('user_version', { simple: true })).toBe(4);
    expect(Object.values(rig.spools.of).flatMap((queue) => queue.dropNotices())).toContainEqual({
      firstSequence: 0,
      count: 2,
      cause: 'expired',
    });
  });

  test('of a version nobody knows is left alone', () => {
    const file = join(tempDirectory(), 'agent.db');
    const Sqlite = loadSqlite();
    const other = new Sqlite(file);
    other.exec('CREATE TABLE lane (lane INTEGER); PRAGMA user_version = 9');
    other.close();
    expect(() => openAgentDatabase(file)).toThrow('version 9');
  });
});
