import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ClassifyArgs, classifyCommand } from '../../../../cloud/cli/classify.command.ts';
import { parseRecordLine } from '../../../../cloud/cli/classify-lines.ts';

async function* linesOf(lines: readonly string[]): AsyncIterable<string> {
  for (const line of lines) yield line;
}

async function run(lines: readonly (object | string)[], change: Partial<ClassifyArgs> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const args = { path: 'f', on: '2026-11-21', json: true, records: false, oneVehicle: false, language: 'en' } as const;
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const status = await classifyCommand(
    { ...args, rules: undefined, stated: undefined, ...change },
    {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
      readFile: async (path) => readFileSync(path, 'utf8'),
      readLines: () => linesOf(texts),
      readBytes: async (path) => readFileSync(path),
    },
  );
  return { status, out, err };
}

const at = '2026-11-20T08:00:00Z';
const speed = { device: 1, kind: 'signals', at, signals: { 'Vehicle.Speed': 42 } };
const fileOf = (text: string): string => {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-classify-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'stated.yaml');
  writeFileSync(file, text);
  return file;
};

describe('tongguan classify', () => {
  test('answers with class, item, clause, figure, threshold and the rows it rests on', async () => {
    const { status, out } = await run([
      { ...speed, device: 1 },
      { device: 2, kind: 'cell', at, sizeM: 5_000, zone: 40, row: 1, column: 1 },
    ]);
    expect(status).toBe(0);
    const answer = JSON.parse(out.join('')) as Record<string, never>;
    expect(answer).toMatchObject({ records: 2, vehicles: 2, duplicates: 0, fusedVehicles: 0 });
    const { classification } = answer as unknown as {
      classification: Record<string, readonly Record<string, unknown>[]>;
    };
    const track = classification['items']?.find(({ item }) => item === 'important-36') as {
      clauses: readonly object[];
    };
    expect(track.clauses).toContainEqual({
      ...{
        item: 'important-36',
        clause: 'fleet-100k',
        outcome: 'no-hit',
        measure: 'vehicles',
        reached: 1,
        figure: 100_000,
      },
    });
    expect(classification['rows']?.map(({ id }) => id)).toEqual(expect.arrayContaining(['important-36', 'fleet-100k']));
    expect(classification['unread']).toEqual(['important-unread-1', 'important-unread-2']);
  });

  test('takes a record with a key once, and one without as often as it stands there', async () => {
    const keyed = { ...speed, epoch: 1, sequence: 7 };
    const { out } = await run([keyed, keyed, { ...keyed, device: 2 }, speed, speed]);
    expect(JSON.parse(out.join(''))).toMatchObject({ records: 4, duplicates: 1, vehicles: 2 });
  });

  test('prints each record before the whole', async () => {
    const { out } = await run([speed, { ...speed, signals: { 'Vehicle.Nobody.Knows': 1 } }], { records: true });
    expect(out.slice(0, 2).map((line) => JSON.parse(line) as object)).toMatchObject([
      { line: 1, classes: ['personal'] },
      { line: 2, classes: ['personal', 'sensitive', 'important'] },
    ]);
    expect(out.length).toBe(3);
  });

  test('is the stricter for what a person states, and unknown for what nobody does', async () => {
    const cell = { device: 1, kind: 'cell', at, sizeM: 5_000, zone: 40, row: 1, column: 1 };
    const no = 'sensitive-area: no, geo-secret: no, law-enforcement: no, prefecture-level-flow: no';
    const asked = async (text: string | undefined) => {
      const { out } = await run([cell], { stated: text === undefined ? undefined : fileOf(text) });
      return (JSON.parse(out.join('')) as { classification: { important: string } }).classification.important;
    };
    expect(await asked(undefined)).toBe('unknown');
    expect(await asked(`findings: { ${no} }`)).toBe('absent');
    expect(await asked(`findings: { ${no.replace('sensitive-area: no', 'sensitive-area: yes')} }`)).toBe('present');
  });

  test('weighs with an operator item that no row of the catalogue names', async () => {
    const rules = fileOf(OPERATOR);
    const { status, out, err } = await run([{ ...speed, kind: 'dtc', signals: undefined }], { rules });
    expect(err).toEqual([]);
    expect(status).toBe(0);
    expect(out.join('')).toContain('"item":"operator-dtc","outcome":"hit"');
  });

  test('says in words what it found', async () => {
    const { out } = await run([speed, { ...speed, at: '2026-11-20T08:00:01Z' }], { json: false, language: 'zh' });
    expect(out[0]).toBe('2 条记录，1 辆车（去除重复 0 条）');
    expect(out.join('\n')).toContain('rise-series');
  });

  test.each([
    ['no JSON', ['{'], 'CLASSIFY_LINE'],
    ['a key that no record has', [{ ...speed, latitude: 31 }], 'CLASSIFY_LINE'],
    ['a local time', [{ ...speed, at: '2026-11-20T08:00:00' }], 'CLASSIFY_LINE'],
    ['nobody it belongs to', [{ ...speed, device: undefined }], 'CLASSIFY_LINE'],
    ['two names', [{ ...speed, vehicle: 'v1' }], 'CLASSIFY_LINE'],
    ['half a key', [{ ...speed, epoch: 1 }], 'CLASSIFY_LINE'],
  ])('classifies nothing of a file with a line of %s, and repeats none of it', async (_, lines, code) => {
    const { status, out, err } = await run([speed, ...lines]);
    expect([status, out]).toEqual([2, []]);
    expect(err.join('')).toContain(`line 2`);
    expect(err.join('')).toContain(code);
    expect(err.join('')).not.toContain('31');
  });

  test('refuses a day that is none', async () => {
    expect(await run([speed], { on: '2026-02-30' })).toMatchObject({ status: 2, out: [] });
  });
});

describe('raw frames', () => {
  const content = (line: object) => {
    const parsed = parseRecordLine(JSON.stringify({ at, ...line }), true);
    return parsed.ok ? parsed.value?.content : parsed.fault;
  };

  test.each([
    [
      'a fix',
      { kind: 'fix', latitude: 31.5, longitude: 110, altitudeM: 1, headingDeg: 2 },
      ['position', 'altitude', 'inertial'],
    ],
    [
      'a picture of the surroundings',
      { kind: 'image', camera: 'front', place: 'exterior', dataBase64: '' },
      ['camera-exterior'],
    ],
    ['a picture of the cabin', { kind: 'image', camera: 'cabin', dataBase64: '' }, ['cabin-image']],
    [
      'a picture of nobody says what',
      { kind: 'image', camera: 'x', dataBase64: '' },
      ['camera-exterior', 'cabin-image'],
    ],
    [
      'a cloud on the globe',
      { kind: 'point-cloud', sensor: 'roof', georeferenced: true, pointsBase64: '' },
      ['point-cloud', 'position'],
    ],
    [
      'a cloud of the sensor',
      { kind: 'point-cloud', sensor: 'roof', georeferenced: false, pointsBase64: '' },
      ['point-cloud'],
    ],
    ['objects of a radar', { kind: 'objects', sensor: 'radar', objects: [] }, ['radar-objects']],
  ])('%s', (_, line, of) => {
    expect(content(line)).toMatchObject({ kind: 'of-kind', of });
  });

  test('time that went on is no record', () => {
    expect(content({ kind: 'clock' })).toBeUndefined();
  });
});

const row = {
  from: '2026-11-01',
  citation: { instrument: 'G26', article: 'II(6)', articleZh: '二（六）' },
  confidence: 'own',
  status: 'operator-supplied',
  signOff: 'ED-1',
  title: { en: 'trouble codes, as a regulator told us', zh: '主管部门告知的故障码数据' },
};

const OPERATOR = JSON.stringify({
  rules: 1,
  signOffs: [{ id: 'ED-1', kind: 'editorial', on: '2026-10-20', by: 'data-office', basis: 'notified' }],
  readings: [],
  rows: [
    { ...row, table: 'clauses', id: 'operator-any', test: { measure: 'vehicles', atLeast: 1 } },
    {
      ...{
        ...row,
        table: 'items',
        id: 'operator-dtc',
        number: 900,
        kinds: ['DTC'],
        precondition: [],
        anyOf: ['operator-any'],
      },
      ...{ scenario: { en: 'operator', zh: '运营者' }, category: { en: 'operator', zh: '运营者' } },
    },
  ],
});
