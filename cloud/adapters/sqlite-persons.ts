import { VEHICLES_OF_A_PERSON_MAX } from '../counting/persons-behind.ts';
import type { PersonLinks } from '../ports/person-links.ts';
import { openDatabase, openReadOnly } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS link (
    vehicle BLOB NOT NULL, person BLOB NOT NULL, role TEXT NOT NULL, PRIMARY KEY (vehicle, person, role)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS link_person ON link (person, vehicle);
`;

/** One SQLite file of keyed digests. @param readonly - for a build, which only looks */
export function sqlitePersons(file: string, readonly = false): PersonLinks {
  const database = readonly ? openReadOnly(file) : openDatabase(file, SCHEMA);
  const find = database
    .prepare(
      `SELECT DISTINCT CASE WHEN (SELECT count(*) FROM (SELECT DISTINCT vehicle FROM link WHERE person = one.person
         LIMIT ${VEHICLES_OF_A_PERSON_MAX + 1})) > ${VEHICLES_OF_A_PERSON_MAX} THEN vehicle ELSE person END
       FROM link AS one WHERE vehicle = ?`,
    )
    .pluck();
  const named = database.prepare('SELECT DISTINCT person FROM link WHERE vehicle = ?').pluck();
  const vehicles = database.prepare('SELECT DISTINCT vehicle FROM link WHERE person = ?').pluck();
  const insert = readonly ? undefined : database.prepare('INSERT OR IGNORE INTO link VALUES (?, ?, ?)');
  const addAll = database.transaction((links: Parameters<PersonLinks['add']>[0]) =>
    links.reduce((added, { vehicle, person, role }) => added + (insert?.run(vehicle, person, role).changes ?? 0), 0),
  );
  return {
    of: (vehicle) => find.all(vehicle) as Buffer[],
    named: (vehicle) => named.all(vehicle) as Buffer[],
    vehiclesOf: (person) => vehicles.all(person) as Buffer[],
    add: (links) => addAll.immediate(links),
    close: () => {
      database.close();
    },
  };
}
