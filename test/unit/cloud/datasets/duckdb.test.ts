import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import {
  AGGREGATES,
  builtRows,
  orderOf,
  parcelParts,
  recordsOf,
  STATISTICS,
} from '../../../support/datasets/parcels.ts';

/** Reads with a program that shares no code with the writer. */
const SCRIPT = `
import duckdb, json, sys
rows = duckdb.sql(f"SELECT * FROM read_parquet('{sys.argv[1]}')")
names = [one[0] for one in rows.description]
print(json.dumps([dict(zip(names, row)) for row in rows.fetchall()]))
`;

const python = ['python3', process.env['DUCKDB_PYTHON'] ?? ''].find(
  (one) => one !== '' && spawnSync(one, ['-c', 'import duckdb']).status === 0,
);

const fleet = (vehicles: number) =>
  Array.from({ length: vehicles }, (_, vehicle) => ({ vehicle, day: '2026-02-01', value: vehicle * 1.25 - 17.0625 }));

describe('DuckDB', () => {
  test.skipIf(python === undefined).each([
    ['rows of vehicles', STATISTICS],
    ['aggregates', AGGREGATES],
  ])(
    'reads in the Parquet file what stands in the lines (needs Python with duckdb, or DUCKDB_PYTHON): %s',
    async (_, definition) => {
      const directory = scratchDirectory();
      const { rows } = await builtRows(orderOf(definition), parcelParts(directory, recordsOf(fleet(300))), directory);
      const file = join(directory, 'staging', 't1', 'rows.parquet');
      const read = spawnSync(python ?? '', ['-c', SCRIPT, file], { encoding: 'utf8' });
      expect(read.stderr).toBe('');
      expect(JSON.parse(read.stdout)).toEqual(rows);
      expect(rows.length).toBeGreaterThan(0);
    },
  );
});
