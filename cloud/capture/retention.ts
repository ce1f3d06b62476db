import { assert } from '../../proto/words/result.ts';
import { civilDateOf, DAY_MS, type Instant } from '../../proto/words/time.ts';
import { RETENTION, type RetentionRow } from '../rules/retention.table.ts';
import type { ConnectionCapture } from './capture-record.ts';

/** How long a capture is kept at least, and under which row of law. */
export interface Keeping {
  readonly row: string;
  /** First instant at which it may be deleted. */
  readonly until: Instant;
}

export interface SampleRule {
  /** 1 keeps every connection for as long as samples are kept; n keeps about one in n. */
  readonly every: number;
}

/**
 * Chooses the sample: the first connection of each mainland day with each address, and of the others those whose first segment has
 * a hash that the rule divides. The hash is in the traffic log, so anybody can check the choice later, and it holds chance, so nobody
 * could arrange that a connection is not in the sample. Connections have to come in the order in which they ended.
 */
export function createSampler({ every }: SampleRule): (capture: ConnectionCapture) => boolean {
  assert(Number.isSafeInteger(every) && every >= 1, 'one connection in a whole number is in the sample');
  const seen = new Set<string>();
  return ({ endMs, peerIp, segments }) => {
    const first = `${civilDateOf(endMs as Instant)} ${peerIp}`;
    const isFirst = !seen.has(first);
    seen.add(first);
    const hash = Number.parseInt((segments[0]?.sha256 ?? '').slice(0, 12), 16);
    return isFirst || hash % every === 0;
  };
}

/** Counted from the end of the connection: the whole of it is kept for the whole period. */
export function keepingOf(capture: Pick<ConnectionCapture, 'endMs'>, isSample: boolean): Keeping {
  const row = isSample ? SAMPLE : FULL;
  return { row: row.id, until: (capture.endMs + daysOf(row) * DAY_MS) as Instant };
}

function rowOf(id: string): RetentionRow {
  const row = RETENTION.find((one) => one.id === id);
  assert(row !== undefined, `there is a row of law ${id}`);
  return row;
}

function daysOf({ id, atLeast }: RetentionRow): number {
  assert(atLeast !== undefined && 'days' in atLeast, `the row ${id} counts days`);
  return atLeast.days;
}

const FULL = rowOf('capture-7d');
const SAMPLE = rowOf('capture-sample-31d');
