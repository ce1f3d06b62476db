import { assert } from '../../../proto/words/result.ts';
import { type CivilDate, civilDateOf, type Instant, startOfDay } from '../../../proto/words/time.ts';
import { type CountedDay, countedDays, type DatedHolding } from '../../counting/counted-days.ts';
import { createPersonIndex, DIGEST_BYTES, type PersonIndex } from '../../counting/person-index.ts';
import { createYearTallies, type YearTallies } from '../../counting/tallies.ts';
import type { TransferRegister, Volume } from '../../ports/transfer-register.ts';
import { type ApprovedCounts, approvedCounts } from './approved-counts.ts';
import { holdingOf } from './holding.ts';
import type { TransferStatements } from './transfer-statements.ts';

/** What is held in memory of the counts at one revision of the store. */
export interface TransferCounts {
  readonly index: PersonIndex;
  readonly years: Map<number, YearTallies>;
  readonly approved: ApprovedCounts;
  /** Persons with this number and above are not written down yet; nothing rests on their numbers. */
  firstUnwritten: number;
  revision: number;
}

/**
 * The counts as they stand now. Where another process has reserved persons or given some back since the last look, they are
 * made anew; persons have their numbers for good, so those that are known stay.
 */
export function createCounts(sql: TransferStatements): () => TransferCounts {
  let known = read(createPersonIndex(expectedPersons(sql)), revisionOf(sql));

  function read(index: PersonIndex, revision: number): TransferCounts {
    readPersons(sql, index);
    return { index, years: new Map(), approved: approvedCounts(sql, index), firstUnwritten: index.size(), revision };
  }

  return () => {
    const now = revisionOf(sql);
    if (now === known.revision) return known;
    const isWritten = known.index.size() === known.firstUnwritten;
    known = read(isWritten ? known.index : createPersonIndex(expectedPersons(sql)), now);
    return known;
  };
}

export function talliesOf({ years }: TransferCounts, year: number, sql: TransferStatements): YearTallies {
  const known = years.get(year);
  if (known !== undefined) return known;
  const tallies = createYearTallies();
  for (const row of sql.holdingsOfYear.each({ year })) tallies.hold(holdingOf(row));
  years.set(year, tallies);
  return tallies;
}

/** What is summed up over the rows of a year; made again once a transfer has gone anywhere. */
export function sumsOf(sql: TransferStatements): Pick<TransferRegister, 'volumes' | 'countedDays'> {
  const [days, volumes] = [keeper<readonly CountedDay[]>(sql), keeper<readonly Volume[]>(sql)];
  return {
    volumes: (year) =>
      volumes(`${year}`, () => sql.volumes.all({ from: startOfYear(year), until: startOfYear(year + 1) })),
    countedDays: (year, scope) => days(`${year} ${scope}`, () => countedDays(datedOf(year, sql), scope)),
  };
}

/** As many are kept as there are keys. */
function keeper<T>(sql: TransferStatements): (key: string, make: () => T) => T {
  const kept = new Map<string, T>();
  let at = -1;
  return (key, make) => {
    const { moves } = rowOf(sql);
    if (moves !== at) kept.clear();
    at = moves;
    const known = kept.get(key) ?? make();
    kept.set(key, known);
    return known;
  };
}

function* datedOf(year: number, { datedHoldings }: TransferStatements): Generator<DatedHolding> {
  for (const row of datedHoldings.each({ year })) yield { ...holdingOf(row), on: civilDateOf(row.requestedAt) };
}

/** Asia/Shanghai. */
const startOfYear = (year: number): Instant => startOfDay(`${year}-01-01` as CivilDate);

/** Numbers 0, 1, 2 ...: they are given in order and never taken back. */
function readPersons(sql: TransferStatements, index: PersonIndex): void {
  if (index.size() === 0) for (const { digest } of sql.person.each({})) index.add(digest);
  for (const { first, digests } of sql.personsFrom.each({ first: index.size() })) {
    assert(first === index.size(), 'person numbers follow each other');
    index.addPacked(digests);
  }
}

const expectedPersons = (sql: TransferStatements): number => (sql.personBytes.get({})?.bytes ?? 0) / DIGEST_BYTES;

export const revisionOf = (sql: TransferStatements): number => rowOf(sql).counts;

function rowOf(sql: TransferStatements): { readonly counts: number; readonly moves: number } {
  const row = sql.revision.get({});
  assert(row !== undefined, 'the store of transfers says how often it has changed');
  return row;
}
