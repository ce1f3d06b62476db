import type { UpdateCount, UpdateNote, UpdateRegister } from '../ports/update-register.ts';
import { eraseLog, openDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS vehicle_update (
    campaign TEXT NOT NULL, device INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, step INTEGER NOT NULL,
    version INTEGER NOT NULL, minute INTEGER NOT NULL, PRIMARY KEY (campaign, device)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS vehicle_update_of ON vehicle_update (device);
`;

/** Campaigns that one vehicle may tell of: names are hashes of its own choosing, and a liar has many. */
export const CAMPAIGNS_OF_VEHICLE_MAX = 64;

/** Where vehicles stand with campaigns, in one SQLite file; devices by number, no content. */
export function sqliteUpdateRegister(file: string): UpdateRegister {
  const database = openDatabase(file, SCHEMA);
  database.pragma('secure_delete = ON');
  const write = database.prepare(
    `INSERT INTO vehicle_update
     SELECT @campaign, @deviceNumber, @state, @reason, @step, @version, @minute
     WHERE EXISTS (SELECT 1 FROM vehicle_update WHERE campaign = @campaign AND device = @deviceNumber)
       OR (SELECT count(*) FROM vehicle_update WHERE device = @deviceNumber) < ${CAMPAIGNS_OF_VEHICLE_MAX}
     ON CONFLICT (campaign, device) DO UPDATE SET
       state = excluded.state, reason = excluded.reason, step = excluded.step, version = excluded.version,
       minute = excluded.minute
     WHERE excluded.step > step`,
  );
  const read = database.prepare('SELECT state, reason FROM vehicle_update WHERE campaign = ? AND device = ?');
  const count = database.prepare(
    `SELECT state, reason, count(*) AS vehicles FROM vehicle_update WHERE campaign = ?
     GROUP BY state, reason ORDER BY state, reason`,
  );
  const noteAll = database.transaction((notes: readonly UpdateNote[]) => {
    for (const note of notes) write.run(note);
  });
  const remove = database.prepare('DELETE FROM vehicle_update WHERE device = ?');
  const removeAll = database.transaction((devices: readonly number[]) =>
    devices.reduce((total, device) => total + remove.run(device).changes, 0),
  );
  return {
    note: (notes) => {
      if (notes.length > 0) noteAll.immediate(notes);
    },
    standing: (campaign, device) => read.get(campaign, device) as Pick<UpdateNote, 'state' | 'reason'> | undefined,
    counts: (campaign) => count.all(campaign) as UpdateCount[],
    strike: (devices) => {
      const struck = removeAll.immediate(devices);
      eraseLog(database);
      return struck;
    },
    close: () => {
      database.close();
    },
  };
}
