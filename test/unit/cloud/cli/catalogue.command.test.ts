import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { VSS_LEAVES } from '../../../../cloud/catalogue/vss-leaves.table.ts';
import {
  type CatalogueListArgs,
  catalogueExplainCommand,
  catalogueListCommand,
} from '../../../../cloud/cli/catalogue.command.ts';
import { catalogueCheckCommand, catalogueExportCommand } from '../../../../cloud/cli/catalogue-files.command.ts';
import { VIN_A } from '../../../support/edge/made-vin.ts';

const PLAIN = { json: false, language: 'en' } as const;

function io(files: Readonly<Record<string, string>> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const readFile = async (path: string): Promise<string> => files[path] ?? Promise.reject(new Error('ENOENT'));
  return { out, err, io: { readFile, out: (line: string) => out.push(line), err: (line: string) => err.push(line) } };
}

async function list(args: Partial<CatalogueListArgs>) {
  const world = io();
  const status = await catalogueListCommand({ ...PLAIN, ...args }, world.io);
  return { status, ...world };
}

async function explain(name: string, args: Partial<CatalogueListArgs> = {}) {
  const world = io();
  const status = await catalogueExplainCommand({ ...PLAIN, ...args, name }, world.io);
  return { status, text: world.out.join('\n'), err: world.err.join('\n') };
}

describe('list', () => {
  test('as JSON is one array of rows with path, class, items, exportable and reason', async () => {
    const { status, out } = await list({ json: true });
    const rows = JSON.parse(out.join('')) as Record<string, unknown>[];
    expect(status).toBe(0);
    expect(rows.length).toBeGreaterThan(1_400);
    expect(VSS_LEAVES.every(([path], at) => rows[at]?.['path'] === path)).toBe(true);
    for (const row of rows) {
      expect([typeof row['path'], typeof row['class'], typeof row['exportable']]).toEqual([
        'string',
        'string',
        'boolean',
      ]);
      expect([Array.isArray(row['items']), Object.keys(row['reason'] as object)]).toEqual([true, ['en', 'zh']]);
    }
  });

  test('takes a class and a branch', async () => {
    const { out } = await list({ class: 'geographic', branch: 'Vehicle.Chassis' });
    expect(out.length).toBeGreaterThan(5);
    expect(out.every((line) => line.startsWith('Vehicle.Chassis.') && line.includes('geographic'))).toBe(true);
    expect((await list({ branch: 'gb32960' })).out.some((line) => line.startsWith('gb32960.position.longitude'))).toBe(
      true,
    );
  });

  test.each([{ class: 'secret' }, { branch: 'Vehicle.Chass' }])('refuses %j', async (args) => {
    const { status, out, err } = await list(args);
    expect([status, out]).toEqual([2, []]);
    expect(err[0]).toContain('[CATALOGUE_FILTER]');
  });
});

describe('explain', () => {
  test('says which rule decided, why, and which were passed over, in both languages', async () => {
    const path = 'Vehicle.Service.DistanceToService';
    expect((await explain(path)).text).toMatch(
      /decided by rule: service-odometer[\s\S]*counts down[\s\S]*passed over, less near: service /,
    );
    expect((await explain(path, { language: 'zh' })).text).toMatch(/判定规则: service-odometer[\s\S]*倒计里程/);
    const told = JSON.parse((await explain(path, { json: true })).text);
    expect([told.class, told.decided.id, told.passedOver[0].id]).toEqual(['sensitive', 'service-odometer', 'service']);
  });

  test('explains a kind, and why text stays apart', async () => {
    expect((await explain('camera-exterior')).text).toContain('important-32');
    expect((await explain('Vehicle.Powertrain.Type')).text).toContain('can ride in any text');
  });

  test('what no row knows is domestic-only', async () => {
    const { status, text } = await explain('Vehicle.Vendor.PumpSpeed');
    expect(status).toBe(0);
    expect(text).toMatch(/domestic-only[\s\S]*decided by rule: unknown/);
  });

  test.each([
    ['Vehicle.Cabin.Seat', 'CATALOGUE_BRANCH'],
    ['speed', 'CATALOGUE_NAME'],
    ['__proto__', 'CATALOGUE_NAME'],
    [VIN_A, 'CATALOGUE_NAME'],
    [`Vehicle.V${VIN_A}`, 'CATALOGUE_NAME'],
  ])('`%s` is %s', async (name, code) => {
    const { status, text, err } = await explain(name);
    expect([status, text]).toEqual([2, '']);
    expect(err).toContain(code);
    expect(err).not.toContain(VIN_A);
  });
});

const SILENT = `rows:
  - path: Vehicle.Speed
    classes: [personal]
    fieldKind: CAN
    items: [important-22]
    zone: personal
    exportable: false
    edge: allowed
    retention: domestic-operations
    reason: { en: kept at home by our counsel, zh: 经法务评估仅限境内 }
    cite: own
    value: number
    min: -250
    max: 400
`;

const SIGNED_OFF = `${SILENT.replace('Vehicle.Speed', 'Vehicle.Vendor.PumpSpeed')}    signOff: { by: counsel, on: "2026-03-01", reference: LEG-1 }
`;

describe('check', () => {
  const check = async (text?: string, args: Partial<CatalogueListArgs> = {}) => {
    const world = io(text === undefined ? {} : { f: text });
    const status = await catalogueCheckCommand({ ...PLAIN, ...args, file: 'f' }, world.io);
    return { status, out: world.out.join('\n'), err: world.err.join('\n') };
  };

  test('without a file: every leaf has a row', async () => {
    const world = io();
    expect(await catalogueCheckCommand({ ...PLAIN, json: true }, world.io)).toBe(0);
    expect(JSON.parse(world.out[0] ?? '')).toEqual({ known: 1_281, unknown: [], differing: [] });
  });

  test("an operator's rows", async () => {
    expect(await check(SILENT)).toMatchObject({ status: 0, out: '1 rows, 0 of them signed off' });
    expect((await check(SILENT.replace('max: 400', 'max: 500'))).err).toContain('[CATALOGUE_MILDER]');
    expect((await check(undefined)).err).toContain('[CATALOGUE_UNREADABLE]');
  });

  test('an overlay: what has no row stays at home, and exit 3 says so', async () => {
    const overlay =
      'Vehicle.Vendor:\n  type: branch\nVehicle.Vendor.Pump:\n  type: sensor\n  datatype: float\nVehicle.Speed:\n  type: sensor\n';
    expect(await check(overlay)).toMatchObject({
      status: 3,
      out: expect.stringContaining('Vehicle.Vendor.Pump  no row'),
    });
    expect((await check('Vehicle.Speed:\n  type: sensor\n  tongguan-exportable: false\n')).out).toContain(
      'annotated otherwise',
    );
    expect((await check('Speed: 1')).err).toContain('[CATALOGUE_INVALID]');
    expect((await check(`Vehicle.V${VIN_A}:\n  type: sensor\n`)).err).not.toContain(VIN_A);
  });

  test('list and explain take the rows too', async () => {
    const world = io({ rows: SILENT });
    await catalogueExplainCommand({ ...PLAIN, operator: 'rows', name: 'Vehicle.Speed' }, world.io);
    expect(world.out.join('\n')).toMatch(/domestic-only[\s\S]*decided by rule: operator\n/);
  });
});

describe('export', () => {
  test('is an overlay of every signal that a parser of YAML reads back, and `check` finds nothing to say of', async () => {
    const written = new Map<string, string>();
    const world = io();
    const write = (file: string, text: string) => written.set(file, text);
    expect(await catalogueExportCommand({ ...PLAIN, overlay: 'o' }, { ...world.io, write })).toBe(0);
    const text = written.get('o') ?? '';
    const overlay = parse(text) as Record<string, Record<string, unknown>>;
    expect(
      VSS_LEAVES.filter(
        ([path, node, datatype]) => overlay[path]?.['type'] !== node || overlay[path]?.['datatype'] !== datatype,
      ),
    ).toEqual([]);
    expect(overlay['Vehicle.Service.DistanceToService']).toMatchObject({
      'tongguan-classes': ['personal', 'sensitive'],
      'tongguan-exportable': false,
      'tongguan-items': ['important-22'],
    });
    expect(overlay['Vehicle.Statistics']).toMatchObject({ type: 'branch' });
    expect(overlay['Vehicle']).toBeUndefined();
    const again = io({ o: text });
    expect(await catalogueCheckCommand({ ...PLAIN, file: 'o' }, again.io)).toBe(0);
    expect(again.out).toEqual(['1281 signals have a row']);
  });

  test('has the rows of an operator over leaves of VSS, and names signals that VSS does not have', async () => {
    const written = new Map<string, string>();
    const rows = SILENT + SIGNED_OFF.replace('rows:\n', '');
    const world = io({ rows });
    const write = (file: string, text: string) => written.set(file, text);
    await catalogueExportCommand({ ...PLAIN, operator: 'rows', overlay: 'o', json: true }, { ...world.io, write });
    expect(JSON.parse(world.out.join(''))).toEqual({ signals: 1281, leftOut: ['Vehicle.Vendor.PumpSpeed'] });
    const [text = ''] = written.values();
    expect(text).toMatch(/^Vehicle\.Speed:\n(?: .*\n)*? {2}tongguan-reason-en: "kept at home by our counsel"/m);
    expect(text).not.toContain('PumpSpeed');
  });

  test('that cannot be written is a fault', async () => {
    const world = io();
    const write = () => {
      throw new Error('EACCES');
    };
    expect(await catalogueExportCommand({ ...PLAIN, overlay: 'o' }, { ...world.io, write })).toBe(1);
    expect(world.err.join('')).toContain('[CATALOGUE_UNWRITABLE]');
  });
});
