import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EdgeConfig } from '../../../edge/config.ts';
import { readConfig } from '../../../proto/config/read-config.ts';
import type { Fault } from '../../../proto/words/fault.ts';
import { VIN_A } from '../../support/edge/made-vin.ts';
import { tempDirectory } from '../../support/edge/temp-directory.ts';
import { type Sections, writeConfig } from '../../support/edge/vehicle-files.ts';

const read = (file: string, environment: Record<string, string> = {}) =>
  readConfig(EdgeConfig, file, 'edge', environment);

function faultsOf(file: string, environment: Record<string, string> = {}): readonly Fault[] {
  const loaded = read(file, environment);
  if (loaded.ok) throw new Error('the configuration was accepted');
  expectFaultText(loaded.fault);
  return loaded.fault;
}

/** Both languages, a code, a remedy, one line each, and no VIN. */
function expectFaultText(faults: readonly Fault[]): void {
  expect(faults.length).toBeGreaterThan(0);
  for (const { code, problem, remedy, retry } of faults) {
    expect(code).toMatch(/^[A-Z_]+$/);
    expect(retry).toBe('after-remedy');
    for (const text of [problem.zh, remedy.zh]) expect(text).toMatch(/[\u4e00-\u9fff]/);
    for (const text of [problem.en, problem.zh, remedy.en, remedy.zh]) {
      expect(text.length).toBeGreaterThan(3);
      expect(text).not.toMatch(/\n/);
      expect(text).not.toContain(VIN_A);
    }
  }
}

const spool = { file: 'agent.db' };
const uplink = { certificateFile: 'a', keyFile: 'b', authorityFile: 'c' };
const configured = (changed: Sections = {}): string => writeConfig(tempDirectory(), changed);

function fileHolding(content: string | Uint8Array): string {
  const file = join(tempDirectory(), 'edge.yaml');
  writeFileSync(file, content);
  return file;
}

describe('edge configuration', () => {
  test('is read with its defaults, and paths are relative to the file', () => {
    const file = configured();
    const loaded = read(file);
    if (!loaded.ok) throw new Error(loaded.fault[0]?.problem.en);
    expect(loaded.value.config).toMatchObject({
      spool: { file: 'agent.db', maxSize: 268_435_456, strategyOnFull: 'RejectNewData' },
      sealing: { intervalMs: 500, slowIntervalMs: {} },
      vehicleTime: 'source',
    });
    expect(loaded.value.path('vin.txt')).toBe(join(dirname(file), 'vin.txt'));
    expect(loaded.value.path('/etc/vin')).toBe('/etc/vin');
  });

  test.each([
    ['at the top', 'spol', { spol: {} }],
    ['inside', 'maxsize', { spool: { ...spool, maxsize: 1 } }],
    ['in a variant', 'port', { source: { kind: 'stdin', port: 1 } }],
    ['named like a method', 'constructor', { constructor: {} }],
  ])('an unknown key %s is a fault that names it', (_, key, changed) => {
    const [fault, ...more] = faultsOf(configured(changed));
    expect(more).toEqual([]);
    expect(fault?.code).toBe('CONFIG_INVALID');
    expect(fault?.problem.en).toContain(`"${key}"`);
  });

  test('a key called __proto__ changes no prototype', () => {
    const problems = faultsOf(fileHolding('__proto__:\n  polluted: 1\nvehicle: {}\n')).map(({ problem }) => problem.en);
    expect(problems.join('\n')).toContain('vehicle.vinFile');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('every mistake is told at once, each under its key', () => {
    const file = configured({
      vehicle: { vinFile: '' },
      source: { kind: 'can-bus' },
      spool: { ...spool, maxSize: 1, strategyOnFull: 'DropEverything' },
      sealing: { intervalMs: 'often' },
      uplink: { ...uplink, url: 'mqtt://cloud.example:1883' },
      extra: {},
    });
    const keys = faultsOf(file).map(({ problem }) => /edge\.yaml`: `([^`]+)`/.exec(problem.en)?.[1]);
    expect(keys.sort()).toEqual([
      ...['(root)', 'sealing.intervalMs', 'source.kind', 'spool.maxSize', 'spool.strategyOnFull', 'uplink.url'],
      ...['vehicle.secretFile', 'vehicle.vinFile'],
    ]);
  });

  test.each(['mqtt://a:1883', 'mqtts://a', 'https://a:443', 'mqtts://a:8883/x', 'mqtts://:8883', 'mqtts://a b:8883'])(
    'an uplink to %s is refused: TLS only, with a port',
    (url) => {
      expect(faultsOf(configured({ uplink: { ...uplink, url } }))[0]?.problem.en).toContain('uplink.url');
    },
  );

  test('the environment overrides the file, in the type of the value', () => {
    const loaded = read(configured(), {
      TONGGUAN_EDGE__SPOOL__MAX_SIZE: '1048576',
      TONGGUAN_EDGE__SPOOL__STRATEGY_ON_FULL: 'OverwriteOldestData',
      TONGGUAN_EDGE__SEALING__INTERVAL_MS: '50',
      TONGGUAN_EDGE__UPLINK__URL: 'mqtts://other.example:8883',
      TONGGUAN_CLOUD__SPOOL__MAX_SIZE: '7',
      PATH: '/bin',
    });
    expect(loaded.ok && loaded.value.config).toMatchObject({
      spool: { file: 'agent.db', maxSize: 1_048_576, strategyOnFull: 'OverwriteOldestData' },
      sealing: { intervalMs: 50 },
      uplink: { url: 'mqtts://other.example:8883' },
    });
  });

  test.each([
    ['names no key', 'SPOOL__MAX_SICE', '1', '"maxSice"'],
    ['has the wrong type', 'SPOOL__MAX_SIZE', 'large', 'spool.maxSize'],
    ['names a method', 'CONSTRUCTOR__X', '1', '"constructor"'],
    ['is no YAML', 'SPOOL__MAX_SIZE', '[', 'spool.maxSize'],
    ['is an alias', 'SPOOL__MAX_SIZE', '*x', 'spool.maxSize'],
  ])('an override that %s is a fault like one of the file', (_, name, value, expected) => {
    const problems = faultsOf(configured(), { [`TONGGUAN_EDGE__${name}`]: value }).map(({ problem }) => problem.en);
    expect(problems.join('\n')).toContain(expected);
  });

  test.each([
    ['no YAML', 'vehicle: [', 'CONFIG_SYNTAX'],
    ['a key twice', 'vehicleTime: system\nvehicleTime: source\n', 'CONFIG_SYNTAX'],
    ['an alias', 'vehicle: &v {}\npolicy: *v\n', 'CONFIG_SYNTAX'],
    ['a list', '- 1\n- 2\n', 'CONFIG_INVALID'],
    ['nothing', '', 'CONFIG_INVALID'],
    ['a megabyte and one byte', `#${'x'.repeat(1_048_576)}`, 'CONFIG_UNREADABLE'],
    ['a VIN', VIN_A, 'CONFIG_INVALID'],
    ['a VIN before a mistake', `${VIN_A}: [`, 'CONFIG_SYNTAX'],
  ])('a file that is %s', (_, content, code) => {
    expect(faultsOf(fileHolding(content))[0]?.code).toBe(code);
  });

  test('bytes that are no text, a file that is missing, and a directory', () => {
    expect(faultsOf(fileHolding(Uint8Array.of(0xff, 0xfe, 0x00, 0x80)))).toHaveLength(1);
    expect(faultsOf(join(tempDirectory(), 'none.yaml'))[0]?.code).toBe('CONFIG_UNREADABLE');
    expect(faultsOf(tempDirectory())[0]?.code).toBe('CONFIG_UNREADABLE');
  });
});
