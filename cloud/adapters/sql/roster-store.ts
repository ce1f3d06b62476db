import type { DeviceId } from '../../../proto/words/topics.ts';
import type { TrustState } from '../../ports/device-register.ts';
import type { Roster, RosterRow, RosterStanding, RosterWriter } from '../../ports/roster.ts';
import type { Places, SqlDatabase } from './sql-database.ts';

export interface RosterTables {
  readonly known_device: {
    readonly device: string;
    readonly number: number;
    readonly public_key: string;
    readonly revoked: number;
    readonly trust: string;
    readonly vin: Uint8Array;
    /** Of the write that made or changed the row. */
    readonly revision: number;
  };
  /** One row. `epoch` counts how often all of it was made anew. */
  readonly roster: { readonly id: number; readonly epoch: number; readonly revision: number };
}

type Row = RosterTables['known_device'];

/** Rows that changed that are read in one look; more than that, and everything is asked for anew. */
const CHANGED_MAX = 10_000;

export function rosterReader(database: SqlDatabase<RosterTables>): Roster {
  const sql = readStatements(database);
  const now = () => sql.at.get({}) ?? { epoch: 0, revision: 0 };
  let at = now();
  const rowOf = (row: Row | undefined) => (row === undefined ? undefined : rosterRow(row));
  return {
    find: (device) => rowOf(sql.find.get({ device })),
    byNumber: (number) => rowOf(sql.byNumber.get({ number })),
    page: (after, limit) => sql.page.all({ after, limit }).map(rosterRow),
    changed: () => {
      const [before, next] = [at, now()];
      if (next.epoch === before.epoch && next.revision === before.revision) return [];
      const rows = next.epoch === before.epoch ? sql.since.all({ revision: before.revision }) : [];
      at = next;
      return next.epoch !== before.epoch || rows.length > CHANGED_MAX ? 'all' : rows.map(rosterRow);
    },
  };
}

export function rosterWriter(database: SqlDatabase<RosterTables>): RosterWriter {
  const sql = writeStatements(database);
  const nextRevision = (): number => {
    sql.raise.run({});
    return sql.at.get({})?.revision ?? 0;
  };
  return {
    last: () => {
      const row = sql.last.get({});
      return row === undefined ? undefined : { number: row.number, device: row.device as DeviceId };
    },
    count: () => sql.count.get({})?.rows ?? 0,
    standings: () => sql.standings.all({}).map(standingOf),
    write: ({ added, moved }) =>
      database.transaction(() => {
        const revision = nextRevision();
        for (const { device, number, publicKey: public_key, isRevoked, trust, sealedVin: vin } of added)
          sql.add.run({ device, number, public_key, revoked: isRevoked ? 1 : 0, trust, vin, revision });
        for (const { number, isRevoked, trust } of moved)
          sql.move.run({ number, revoked: isRevoked ? 1 : 0, trust, revision });
      }),
    clear: () =>
      database.transaction(() => {
        sql.clear.run({});
        sql.renew.run({});
      }),
  };
}

const standingOf = ({ number, revoked, trust }: Pick<Row, 'number' | 'revoked' | 'trust'>): RosterStanding => ({
  ...{ number, isRevoked: revoked !== 0, trust: trustOf(trust) },
});

const rosterRow = (row: Row): RosterRow => ({
  ...standingOf(row),
  device: row.device as DeviceId,
  publicKey: row.public_key,
  sealedVin: row.vin,
});

/** A word that this version does not know is no reason to believe a device. */
function trustOf(text: string): TrustState {
  return text === 'trusted' || text === 'watched' ? text : 'barred';
}

function readStatements({ prepare, tables }: SqlDatabase<RosterTables>) {
  return {
    at: prepare(() => tables.selectFrom('roster').select(['epoch', 'revision'])),
    find: prepare((at: Places<Pick<Row, 'device'>>) =>
      tables.selectFrom('known_device').selectAll().where('device', '=', at.device),
    ),
    byNumber: prepare((at: Places<Pick<Row, 'number'>>) =>
      tables.selectFrom('known_device').selectAll().where('number', '=', at.number),
    ),
    page: prepare((at: Places<{ readonly after: number; readonly limit: number }>) =>
      tables.selectFrom('known_device').selectAll().where('number', '>', at.after).orderBy('number').limit(at.limit),
    ),
    since: prepare((at: Places<Pick<Row, 'revision'>>) =>
      tables
        .selectFrom('known_device')
        .selectAll()
        .where('revision', '>', at.revision)
        .orderBy('revision')
        .limit(CHANGED_MAX + 1),
    ),
  };
}

function writeStatements({ prepare, tables }: SqlDatabase<RosterTables>) {
  return {
    at: prepare(() => tables.selectFrom('roster').select(['epoch', 'revision'])),
    raise: prepare(() => tables.updateTable('roster').set((eb) => ({ revision: eb('revision', '+', 1) }))),
    renew: prepare(() =>
      tables.updateTable('roster').set((eb) => ({ epoch: eb('epoch', '+', 1), revision: eb('revision', '+', 1) })),
    ),
    clear: prepare(() => tables.deleteFrom('known_device')),
    last: prepare(() =>
      tables.selectFrom('known_device').select(['number', 'device']).orderBy('number', 'desc').limit(1),
    ),
    count: prepare(() => tables.selectFrom('known_device').select(({ fn }) => fn.countAll<number>().as('rows'))),
    standings: prepare(() =>
      tables
        .selectFrom('known_device')
        .select(['number', 'revoked', 'trust'])
        .where((eb) => eb.or([eb('revoked', '=', 1), eb('trust', '<>', 'trusted')])),
    ),
    add: prepare((at: Places<Row>) =>
      tables.insertInto('known_device').values({
        ...{ device: at.device, number: at.number, public_key: at.public_key, revoked: at.revoked },
        ...{ trust: at.trust, vin: at.vin, revision: at.revision },
      }),
    ),
    move: prepare((at: Places<Pick<Row, 'number' | 'revoked' | 'trust' | 'revision'>>) =>
      tables
        .updateTable('known_device')
        .set({ revoked: at.revoked, trust: at.trust, revision: at.revision })
        .where('number', '=', at.number),
    ),
  };
}
