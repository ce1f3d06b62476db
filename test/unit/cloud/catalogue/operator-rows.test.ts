import { describe, expect, test } from 'vitest';
import { SHIPPED_CATALOGUE, UNKNOWN_ROW } from '../../../../cloud/catalogue/catalogue.ts';
import { EVERY_ITEM } from '../../../../cloud/catalogue/every-item.table.ts';
import { readOperatorRows } from '../../../../cloud/catalogue/operator-rows.ts';
import { VIN_A } from '../../../support/edge/made-vin.ts';

const SPEED = 'Vehicle.Speed';
const OWN = 'Vehicle.Vendor.PumpSpeed';

/** A row that is as strict as the shipped one of `Vehicle.Speed`. */
const row = (change: Readonly<Record<string, unknown>> = {}) => ({
  path: SPEED,
  classes: ['personal'],
  fieldKind: 'CAN',
  items: ['important-22'],
  zone: 'personal',
  exportable: false,
  edge: 'allowed',
  retention: 'domestic-operations',
  reason: { en: 'our own counsel keeps it at home', zh: '经本公司法务评估，仅限境内' },
  cite: 'own',
  value: 'number',
  min: -250,
  max: 400,
  ...change,
});
const signOff = { by: 'Wang Wei', on: '2026-03-01', reference: 'LEG-2026-17' };
const read = (...rows: readonly object[]) => readOperatorRows(JSON.stringify({ rows }), SHIPPED_CATALOGUE);
const codesOf = (...rows: readonly object[]) => {
  const result = read(...rows);
  return result.ok ? 'fine' : result.fault.map(({ code }) => code).join(' ');
};

describe("an operator's row", () => {
  test('that is stricter takes the place of the shipped one, and leaves the others alone', () => {
    const result = read(row());
    if (!result.ok) throw new Error(JSON.stringify(result.fault));
    expect(result.value.catalogue.signal(SPEED)).toMatchObject({ exportable: false, rule: 'operator' });
    expect(result.value.catalogue.rows).toHaveLength(SHIPPED_CATALOGUE.rows.length);
    expect(SHIPPED_CATALOGUE.signal(SPEED)?.exportable).toBe(true);
  });

  // biome-ignore format: one change a line
  test.each([
    ['classes', { path: 'Vehicle.TraveledDistance', max: 10_000_000, min: 0, retention: 'sensitive-on-request-10wd' }],
    ['items', { items: [] }],
    ['zone', { zone: 'general', classes: ['general', 'personal'] }],
    ['retention', { retention: 'logs-3y' }],
    ['fieldKind', { fieldKind: 'DOC' }],
    ['value', { value: 'flag' }],
    ['bounds', { max: 500 }],
    ['bounds', { min: undefined }],
    ['exportable', { path: 'Vehicle.CurrentOverallWeight', exportable: true, items: [], min: 0, max: 65_535 }],
    ['classes, items, zone, retention', { path: OWN }],
  ])('that is milder in %s needs a name, a day and a reference', (aspect, change) => {
    const result = read(row(change));
    const [fault] = result.ok ? [] : result.fault.filter(({ code }) => code === 'CATALOGUE_MILDER');
    expect(fault?.problem.en).toContain(`in ${aspect}`);
  });

  test('with a name, a day and a reference may be milder', () => {
    const result = read(row({ path: OWN, exportable: true, signOff }));
    expect(result.ok && result.value.catalogue.signal(OWN)).toMatchObject({
      rule: 'operator-signed-off',
      exportable: true,
    });
  });

  test('of what the product does not know is milder in whatever it takes away', () => {
    const { rule: _, ...strict } = { ...UNKNOWN_ROW, path: OWN, cite: 'own', items: EVERY_ITEM };
    expect(codesOf(strict)).toBe('fine');
    expect(codesOf({ ...strict, items: EVERY_ITEM.slice(1) })).toBe('CATALOGUE_MILDER');
  });

  // biome-ignore format: one change a line
  test.each([
    ['a position that would be opened', { path: 'Vehicle.CurrentLocation.Latitude', classes: ['personal', 'sensitive', 'geographic'], zone: 'geographic', edge: 'allowed' }],
    ['a VIN that would be exported', { path: 'Vehicle.VehicleIdentification.VIN', exportable: true, edge: 'forbidden', value: 'text' }],
    ['sensitive and exportable', { classes: ['personal', 'sensitive'], exportable: true }],
    ['geographic and exportable', { classes: ['personal', 'geographic'], zone: 'geographic', exportable: true }],
    ['important and exportable', { classes: ['personal', 'important'], zone: 'important', exportable: true }],
    ['text and exportable', { path: OWN, value: 'text', exportable: true, min: undefined, max: undefined }],
    ['geographic in another zone', { classes: ['personal', 'geographic'] }],
    ['a signal that is not personal', { classes: ['general'], zone: 'general' }],
    ['bounds the wrong way', { min: 10, max: 10 }],
  ])('that says %s is refused whoever signed', (_, change) => {
    expect(codesOf(row({ ...change, signOff }))).toContain('CATALOGUE_CONTRADICTION');
  });

  test('stands once', () => {
    expect(codesOf(row(), row())).toBe('CATALOGUE_CONTRADICTION');
  });
});

describe('a file', () => {
  test.each([
    ['rows: [', 'CATALOGUE_SYNTAX'],
    ['rows: &a []\nmore: *a', 'CATALOGUE_SYNTAX'],
    ['rows: []', 'CATALOGUE_INVALID'],
    ['[]', 'CATALOGUE_INVALID'],
    [JSON.stringify({ rows: [row({ colour: 'red' })] }), 'CATALOGUE_INVALID'],
    [JSON.stringify({ rows: [row({ path: 'Speed' })] }), 'CATALOGUE_INVALID'],
    [JSON.stringify({ rows: [row({ items: ['important-50'] })] }), 'CATALOGUE_INVALID'],
    [JSON.stringify({ rows: [row({ retention: 'ever' })] }), 'CATALOGUE_INVALID'],
    [JSON.stringify({ rows: [row({ signOff: { ...signOff, on: '2026-02-30' } })] }), 'CATALOGUE_INVALID'],
    [' '.repeat(4_194_305), 'CATALOGUE_TOO_LARGE'],
  ])('with a mistake is refused whole: %#', (text, code) => {
    const result = readOperatorRows(text, SHIPPED_CATALOGUE);
    expect(result.ok || result.fault[0]?.code).toBe(code);
  });

  test('quotes no VIN that stands where a path belongs', () => {
    const result = read(row({ path: `Vehicle.V${VIN_A}.Speed` }), row({ path: VIN_A }));
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain(VIN_A);
  });
});
