import type { ZoneRecord } from '../../../cloud/ports/zone-store.ts';
import { groupTrips } from '../../../cloud/release/group-trips.ts';
import type { TripRow } from '../../../proto/codec/telemetry-codec.ts';
import { groupBy } from '../replay/group.ts';
import type { Observation } from '../replay/observed.ts';

export interface RowUnicity {
  /** Rows that nobody else's row equals, all dates folded into one day. */
  readonly before: number;
  /** The same among rows that the cloud's release lets out. */
  readonly after: number;
  /** Share of rows that are released, of a fleet of that day; 29 vehicles over years fill no week. */
  readonly released: number;
  /** Released rows that are alone with the date they carry; what folding does not show. */
  readonly aloneOnTheirDate: number;
}

/** The vehicle of a folded day: one subject on one day. */
interface FoldedRow {
  readonly vehicle: number;
  readonly row: TripRow;
}

export function rowUnicity(observations: readonly Observation[]): RowUnicity {
  const numbers = new Map<string, number>();
  const folded = observations.flatMap(({ rows }, subject) =>
    rows.map((row): FoldedRow => {
      const name = `${subject}/${row.localDate}`;
      const vehicle = numbers.get(name) ?? numbers.size + 1;
      numbers.set(name, vehicle);
      return { vehicle, row };
    }),
  );
  const foldedRecords = folded.map(({ vehicle, row }, sequence) =>
    recordOf(vehicle, sequence, { ...row, localDate: A_WEEKDAY }),
  );
  const records = observations.flatMap(({ rows }, subject) => rows.map((row, index) => recordOf(subject, index, row)));
  const released = groupTrips(foldedRecords);
  return {
    before: aloneShare(folded, classesOf),
    after: aloneShare(released.map(fromRecord), classesOf),
    released: folded.length === 0 ? 0 : released.length / folded.length,
    aloneOnTheirDate: aloneShare(
      groupTrips(records).map(fromRecord),
      ({ row }) => `${row.localDate}/${classesOf({ row })}`,
    ),
  };
}

const classesOf = ({ row }: Pick<FoldedRow, 'row'>): string => `${row.distanceClass}/${row.durationClass}`;

function recordOf(deviceNumber: number, sequence: number, content: TripRow): ZoneRecord {
  return { key: { deviceNumber, epoch: deviceNumber, sequence }, content };
}

function fromRecord({ key, content }: ZoneRecord): FoldedRow {
  return { vehicle: key.deviceNumber, row: content as TripRow };
}

/** Share of rows whose key no other vehicle has. */
function aloneShare(rows: readonly FoldedRow[], keyOf: (row: FoldedRow) => string): number {
  const groups = [...groupBy(rows, keyOf).values()];
  const alone = groups.filter((group) => new Set(group.map(({ vehicle }) => vehicle)).size === 1);
  return rows.length === 0 ? 0 : alone.reduce((sum, group) => sum + group.length, 0) / rows.length;
}

const A_WEEKDAY = 20_260_107;

export interface RowLinkage {
  /** Share of rows of the first half whose owner is guessed from the second half. */
  readonly top1: number;
  /** The most that the classes themselves allow: the share of rows that the likeliest owner of their class owns. */
  readonly chanceOfClasses: number;
  readonly rows: number;
  readonly candidates: number;
}

/** Whose is a row? The attacker has every subject's other rows; a row names nothing but its classes and kind of day. */
export function linkRows(observations: readonly Observation[]): RowLinkage {
  const halves = observations.map(({ rows }) => {
    const sorted = [...rows].sort((a, b) => a.localDate - b.localDate);
    return { a: sorted.slice(0, sorted.length >> 1), b: sorted.slice(sorted.length >> 1) };
  });
  const profiles = halves.map(({ b }) => {
    const groups = groupBy(b, keyOf);
    return (row: TripRow): number => ((groups.get(keyOf(row))?.length ?? 0) + 0.1) / (b.length + 1);
  });
  const queries = halves.flatMap(({ a }, owner) => a.map((row) => ({ owner, row })));
  const hits = queries.filter(({ owner, row }) => {
    const scores = profiles.map((profile) => profile(row));
    return scores.indexOf(Math.max(...scores)) === owner;
  });
  const classes = [...groupBy(queries, ({ row }) => keyOf(row)).values()];
  const likeliest = classes.map((group) =>
    Math.max(...[...groupBy(group, ({ owner }) => owner).values()].map(({ length }) => length)),
  );
  const rows = queries.length;
  return {
    top1: rows === 0 ? 0 : hits.length / rows,
    chanceOfClasses: rows === 0 ? 0 : likeliest.reduce((sum, value) => sum + value, 0) / rows,
    rows,
    candidates: profiles.length,
  };
}

function keyOf({ localDate, distanceClass, durationClass }: TripRow): string {
  const day = new Date(
    Date.UTC(Math.floor(localDate / 1e4), (Math.floor(localDate / 100) % 100) - 1, localDate % 100),
  ).getUTCDay();
  return `${day === 0 || day === 6}/${distanceClass}/${durationClass}`;
}
