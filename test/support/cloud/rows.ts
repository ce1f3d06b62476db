import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadSqlite } from '../../../proto/config/load-sqlite.ts';

/** File names of `openStores` in cloud/open-stores.ts. */
const FILES = {
  general: 'zone-general.sqlite',
  personal: 'zone-personal.sqlite',
  geographic: 'zone-geographic.sqlite',
  important: 'zone-important.sqlite',
  quarantine: 'zone-quarantine.sqlite',
  ledger: 'ledger.sqlite',
} as const;

/** Every row of a query on a store's file, by a connection of its own: what is there whatever the store believes. */
export function rowsIn<Row>(directory: string, store: keyof typeof FILES, sql: string): readonly Row[] {
  const file = join(directory, FILES[store]);
  if (!existsSync(file)) return [];
  const database = new (loadSqlite())(file);
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}

export interface RecordRow {
  readonly device: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly kind: number;
  readonly body: Buffer;
}

export const RECORDS = 'SELECT device, epoch, sequence, kind, body FROM record ORDER BY device, epoch, sequence';

export interface QuarantineRow {
  readonly device: number;
  readonly reason: string;
  readonly frames: number;
  readonly payload: Buffer;
}

export const QUARANTINED = 'SELECT device, reason, frames, payload FROM payload ORDER BY received_at, device';

export interface TotalsRow {
  readonly admitted: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly dropped: number;
}

export const TOTALS = 'SELECT admitted, duplicates, quarantined, dropped FROM totals';
