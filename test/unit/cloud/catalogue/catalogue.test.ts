import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../../../cloud/catalogue/catalogue.table.ts';
import { catalogueRow, kindRow } from '../../../../cloud/catalogue/catalogue.ts';
import { KIND_IDS } from '../../../../cloud/catalogue/kind-ids.table.ts';
import { ZONES } from '../../../../proto/words/data-class.ts';
import { parseVssPath } from '../../../../proto/words/vss-path.ts';

describe('catalogue', () => {
  test.each(CATALOGUE)('$path is a VSS path, is found by it, and says why and where from', (row) => {
    expect(parseVssPath(row.path).ok).toBe(true);
    expect(catalogueRow(row.path)).toBe(row);
    expect(row.reason.en).toMatch(/^[a-z]/);
    expect(row.cite).toMatch(/^[A-Z0-9][A-Za-z0-9.()-]+$/);
    expect(row.classes.length).toBeGreaterThan(0);
    expect(ZONES.filter((zone) => zone !== 'quarantine')).toContain(row.zone);
    expect((row.min ?? 0) < (row.max ?? 1)).toBe(true);
    expect(row.min === undefined).toBe(row.max === undefined);
  });

  test('no path has two rows', () => {
    expect(new Set(CATALOGUE.map(({ path }) => path)).size).toBe(CATALOGUE.length);
  });

  test('what is sensitive, geographic, important or core is never exportable', () => {
    const strict = new Set<string>(['sensitive', 'geographic', 'important', 'core']);
    const rows = [...CATALOGUE, ...KIND_IDS.map(kindRow)];
    for (const { classes, exportable } of rows)
      if ((classes as readonly string[]).some((name) => strict.has(name))) expect(exportable).toBe(false);
  });

  test('what is geographic stands in the geographic zone and nowhere else', () => {
    for (const { classes, zone } of [...CATALOGUE, kindRow('cell'), kindRow('trip')])
      expect((classes as readonly string[]).includes('geographic')).toBe(zone === 'geographic');
  });

  test('what may not leave a vehicle may not leave the country', () => {
    for (const { edge, exportable } of CATALOGUE) if (edge === 'forbidden') expect(exportable).toBe(false);
  });

  test('no kind without a signal is exportable', () => {
    expect(KIND_IDS.map(kindRow).some(({ exportable }) => exportable)).toBe(false);
  });

  test('a path is known in its exact form only', () => {
    for (const near of [
      'Vehicle.speed',
      'Vehicle.Speed ',
      ' Vehicle.Speed',
      'Vehicle.Speed.',
      'vehicle.Speed',
      '',
      'constructor',
      '__proto__',
    ])
      expect(catalogueRow(near)).toBeUndefined();
  });
});
