import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogueRow, installCatalogue, SHIPPED_CATALOGUE } from '../../../../cloud/catalogue/catalogue.ts';
import { openCatalogue } from '../../../../cloud/composition/open-catalogue.ts';
import type { CloudConfig } from '../../../../cloud/config/config.ts';

const KEPT = JSON.stringify({
  rows: [{ ...SHIPPED_CATALOGUE.signal('Vehicle.Speed'), exportable: false, rule: undefined, cite: 'own' }],
});

/** Only what `openCatalogue` reads of a configuration. */
function configured(operatorFile?: string) {
  const directory = mkdtempSync(join(tmpdir(), 'catalogue-'));
  writeFileSync(join(directory, 'rows.yaml'), KEPT);
  writeFileSync(join(directory, 'milder.yaml'), KEPT.replace('"items":["important-22"]', '"items":[]'));
  const catalogue = operatorFile === undefined ? {} : { catalogue: { operatorFile } };
  return { config: catalogue as CloudConfig, path: (file: string) => join(directory, file) };
}

// One process has one catalogue, so these stand in one test, in the order in which a process could do them.
test("an operator's rows are in force from the start or not at all", () => {
  expect(openCatalogue(configured())).toEqual({ ok: true, value: undefined });
  for (const [file, code] of [
    ['none.yaml', 'CATALOGUE_UNREADABLE'],
    ['milder.yaml', 'CATALOGUE_MILDER'],
  ] as const) {
    const opened = openCatalogue(configured(file));
    expect(opened.ok || opened.fault[0]?.code).toBe(code);
  }
  expect(openCatalogue(configured('rows.yaml')).ok).toBe(true);
  expect(catalogueRow('Vehicle.Speed')).toMatchObject({ exportable: false, rule: 'operator' });
  expect(catalogueRow('Vehicle.IsMoving')?.exportable).toBe(true);
  expect(() => installCatalogue(SHIPPED_CATALOGUE)).toThrow('before anybody asks');
});
