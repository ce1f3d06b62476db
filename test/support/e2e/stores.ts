import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import type { Layout } from '../../../bin/up/layout.ts';
import type { SegmentHead } from '../../../cloud/ports/zone-store.ts';
import { sequencesOf } from '../../../cloud/zones/segment.ts';
import { loadSqlite } from '../../../proto/config/load-sqlite.ts';
import { LEAST_PRIORITY, PRIORITIES } from '../../../proto/words/priority.ts';

/** What one agent's file says: every frame below `next` was sealed; those of `waiting` are not acknowledged yet. */
export interface SpoolState {
  readonly epoch: number;
  readonly next: number;
  readonly waiting: readonly { readonly first: number; readonly count: number }[];
}

/** No configuration of these tests gives a path a priority. */
const LANE = PRIORITIES.indexOf(LEAST_PRIORITY);

export function spoolState(layout: Layout, vehicle: string): SpoolState {
  return reading(layout.vehicle(vehicle, 'agent.sqlite'), (database) => {
    const lane = database.prepare('SELECT epoch, next_sequence AS next FROM lane WHERE lane = ?').get(LANE);
    const waiting = database.prepare('SELECT first_sequence AS first, count FROM batch ORDER BY first_sequence').all();
    return { ...(lane as Pick<SpoolState, 'epoch' | 'next'>), waiting: waiting as SpoolState['waiting'] };
  });
}

/** Acknowledged ranges by epoch, as the cloud's ledger has them. */
export function ledgerExtents(layout: Layout): ReadonlyMap<number, readonly (readonly [number, number])[]> {
  return reading(layout.cloud('stores/ledger.sqlite'), (database) => {
    const rows = database.prepare('SELECT epoch, ranges FROM extents').all() as { epoch: number; ranges: string }[];
    return new Map(rows.map(({ epoch, ranges }) => [epoch, JSON.parse(ranges) as [number, number][]]));
  });
}

/** Sequences by epoch in all zones, with how often each stands in one class of one of them: once, if nothing is stored twice. */
export function zoneSequences(layout: Layout): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const found = new Map<number, Map<number, number>>();
  for (const zone of ['general', 'personal', 'geographic', 'important']) {
    reading(layout.cloud(`stores/zone-${zone}.sqlite`), (database) => {
      const rows = database.prepare('SELECT epoch, retention, first, count, gaps FROM segment WHERE device > 0');
      const times = new Map<string, number>();
      for (const row of rows.iterate() as Iterable<SegmentHead>) {
        const sequences = found.get(row.epoch) ?? new Map<number, number>();
        found.set(row.epoch, sequences);
        for (const sequence of sequencesOf(row)) {
          const name = `${row.epoch}/${row.retention}/${sequence}`;
          times.set(name, (times.get(name) ?? 0) + 1);
          sequences.set(sequence, Math.max(sequences.get(sequence) ?? 0, times.get(name) ?? 0));
        }
      }
    });
  }
  return found;
}

/** Rows that lost their sender on the way to the general zone. */
export function releasedRows(layout: Layout): number {
  return reading(
    layout.cloud('stores/zone-general.sqlite'),
    (database) =>
      database.prepare('SELECT coalesce(sum(count), 0) FROM segment WHERE device = 0').pluck().get() as number,
  );
}

/** Every file of every parcel the recipient holds, by transfer. */
export function receivedFiles(
  layout: Layout,
): ReadonlyMap<string, readonly { readonly name: string; readonly bytes: Buffer }[]> {
  const received = layout.recipient('data/received');
  const found = new Map<string, { name: string; bytes: Buffer }[]>();
  for (const path of filesBelow(received)) {
    const [transferId = '', name = ''] = path.split('/').slice(-2);
    const files = found.get(transferId) ?? [];
    found.set(transferId, [...files, { name, bytes: readFileSync(join(received, path)) }]);
  }
  return found;
}

function filesBelow(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return (readdirSync(directory, { recursive: true }) as string[]).filter((path) =>
    statSync(join(directory, path)).isFile(),
  );
}

function reading<T>(file: string, read: (database: Database.Database) => T): T {
  const database = new (loadSqlite())(file, { readonly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
