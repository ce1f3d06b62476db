import type { ConsentNote, ConsentRegister } from '../ports/consent-register.ts';
import { openDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS consent (
    device INTEGER NOT NULL, purpose TEXT NOT NULL, number INTEGER NOT NULL, over_at INTEGER,
    PRIMARY KEY (purpose, device)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS consent_over ON consent (device) WHERE over_at IS NOT NULL;
`;

/** Consents of vehicles in one SQLite file; devices by number, no content. */
export function sqliteConsentRegister(file: string): ConsentRegister {
  const database = openDatabase(file, SCHEMA);
  // The same consent again changes nothing, and writes nothing.
  const give = database.prepare(
    `INSERT INTO consent VALUES (@deviceNumber, @purpose, @number, NULL)
     ON CONFLICT (purpose, device) DO UPDATE SET number = excluded.number, over_at = NULL
     WHERE excluded.number > number`,
  );
  const end = database.prepare(
    `INSERT INTO consent VALUES (@deviceNumber, @purpose, -1, @at)
     ON CONFLICT (purpose, device) DO UPDATE SET over_at = excluded.over_at`,
  );
  const named = database.prepare('SELECT 1 FROM consent WHERE purpose = ? LIMIT 1').pluck();
  const ofPurpose = database
    .prepare('SELECT device FROM consent WHERE purpose = ? AND over_at IS NOT NULL ORDER BY device')
    .pluck();
  const ofAny = database
    .prepare('SELECT DISTINCT device FROM consent WHERE over_at IS NOT NULL ORDER BY device')
    .pluck();
  const noteAll = database.transaction((notes: readonly ConsentNote[]) => {
    for (const { is, ...note } of notes) (is === 'given' ? give : end).run(note);
  });
  return {
    note: (notes) => {
      if (notes.length > 0) noteAll.immediate(notes);
    },
    over: (purpose) => (named.get(purpose) === undefined ? ofAny.all() : ofPurpose.all(purpose)) as number[],
    close: () => {
      database.close();
    },
  };
}
