import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { catalogueRow, SHIPPED_CATALOGUE } from '../../../../cloud/catalogue/catalogue.ts';
import { checkOperatorFiles } from '../../../../cloud/composition/check-operator-files.ts';
import type { CloudConfig } from '../../../../cloud/config/config.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'operator-'));
});
afterEach(() => rmSync(place, { recursive: true }));

/** Codes of what is wrong; only the keys that name rows. */
function faultsOf(keys: Pick<Partial<CloudConfig>, 'catalogue' | 'rules'>): readonly string[] {
  const config = { log: { directory: 'log' }, ...keys } as CloudConfig;
  return checkOperatorFiles({ config, path: (relative) => join(place, relative) }).map(({ code }) => code);
}

const own = { operatorFile: 'own.yaml' };

test('where no rows are named there is nothing to refuse', () => expect(faultsOf({})).toEqual([]));

test('what is not there, what is no row and what is milder than ours are told, of both files at once', () => {
  expect(faultsOf({ catalogue: own, rules: own })).toEqual(['CATALOGUE_UNREADABLE', 'RULES_FILE_UNREADABLE']);
  writeFileSync(join(place, 'own.yaml'), 'rows: 1\nmistake: 2\n');
  expect(faultsOf({ catalogue: own })).toEqual(['CATALOGUE_INVALID', 'CATALOGUE_INVALID']);
  expect(faultsOf({ rules: own }).length).toBeGreaterThan(0);
  const milder = { ...SHIPPED_CATALOGUE.signal('Vehicle.Speed'), rule: undefined, cite: 'own', items: [] };
  writeFileSync(join(place, 'own.yaml'), JSON.stringify({ rows: [milder] }));
  expect(faultsOf({ catalogue: own })).toContain('CATALOGUE_MILDER');
});

test('good rows are not put in force, and nothing is kept', () => {
  const stricter = { ...SHIPPED_CATALOGUE.signal('Vehicle.Speed'), exportable: false, rule: undefined, cite: 'own' };
  writeFileSync(join(place, 'own.yaml'), JSON.stringify({ rows: [stricter] }));
  expect(faultsOf({ catalogue: own })).toEqual([]);
  expect(readdirSync(place)).toEqual(['own.yaml']);
  expect(catalogueRow('Vehicle.Speed')).toEqual(SHIPPED_CATALOGUE.signal('Vehicle.Speed'));
});
