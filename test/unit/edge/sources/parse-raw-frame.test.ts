import { describe, expect, test } from 'vitest';
import { LINE_BYTES_MAX, parseRawFrame } from '../../../../edge/sources/parse-raw-frame.ts';
import { seededChance } from '../../../support/edge/seeded.ts';

const AT = '"at":"2020-07-18T01:07:17.000Z"';
const at = 1_595_034_437_000;

/** One point: 1, -2, 0.5. */
const POINTS = Buffer.from(Float64Array.of(1, -2, 0.5).buffer).toString('base64');

const GOOD = [
  `{"kind":"fix",${AT},"latitude":31.27908,"longitude":119.6776716,"altitudeM":12.5,"headingDeg":90}`,
  `{"kind":"signals",${AT},"signals":{"Vehicle.Speed":42.5,"Vehicle.IsMoving":true,"Vehicle.Powertrain.Type":"ELECTRIC"}}`,
  `{"kind":"image",${AT},"camera":"front","place":"exterior","dataBase64":"/9j/4AAQ"}`,
  `{"kind":"point-cloud",${AT},"sensor":"roof","georeferenced":false,"pointsBase64":"${POINTS}"}`,
  `{"kind":"objects",${AT},"sensor":"radar","objects":[{"class":"car","xM":12.5,"yM":-3}]}`,
  `{"kind":"clock",${AT}}`,
] as const;

const CLOCK = GOOD[5];

describe('a frame', () => {
  test('of each kind', () => {
    expect(GOOD.map(parseRawFrame)).toEqual([
      { kind: 'fix', at, latitude: 31.27908, longitude: 119.6776716, altitudeM: 12.5, headingDeg: 90 },
      {
        kind: 'signals',
        at,
        signals: { 'Vehicle.Speed': 42.5, 'Vehicle.IsMoving': true, 'Vehicle.Powertrain.Type': 'ELECTRIC' },
      },
      { kind: 'image', at, camera: 'front', place: 'exterior', bytes: Buffer.from('/9j/4AAQ', 'base64') },
      { kind: 'point-cloud', at, sensor: 'roof', points: Float64Array.of(1, -2, 0.5), georeferenced: false },
      { kind: 'objects', at, sensor: 'radar', objects: [{ class: 'car', xM: 12.5, yM: -3 }] },
      { kind: 'clock', at },
    ]);
  });

  test('has altitude and heading only where the line has them', () => {
    const bare = parseRawFrame(`{"kind":"fix",${AT},"latitude":31,"longitude":120}`);
    expect(Object.keys(bare ?? {}).sort()).toEqual(['at', 'kind', 'latitude', 'longitude']);
  });

  test('with null coordinates is a fix that is no position', () => {
    const frame = parseRawFrame(`{"kind":"fix",${AT},"latitude":null,"longitude":null}`);
    expect(frame).toEqual({ kind: 'fix', at, latitude: Number.NaN, longitude: Number.NaN });
  });

  test('with an offset, and blanks round it', () => {
    expect(parseRawFrame(' {"kind":"clock","at":"2020-07-18T09:07:17+08:00"}\r')).toEqual({ kind: 'clock', at });
  });

  test('of a camera that nobody placed looks into the cabin', () => {
    expect(parseRawFrame(`{"kind":"image",${AT},"camera":"front","dataBase64":"/9j/4AAQ"}`)).toMatchObject({
      place: 'cabin',
    });
  });

  test('of points that are places is georeferenced, whatever it says', () => {
    const frame = parseRawFrame(cloud(Buffer.from(Float64Array.of(637_012, 849_028, 431).buffer)));
    expect(frame).toMatchObject({ kind: 'point-cloud', georeferenced: true });
  });

  test('with 2,048 signals, and not with one more', () => {
    const line = (count: number) =>
      `{"kind":"signals",${AT},"signals":{${Array.from({ length: count }, (_, index) => `"Vehicle.S${index}":${index}`).join()}}}`;
    expect(parseRawFrame(line(2_048))?.kind).toBe('signals');
    expect(parseRawFrame(line(2_049))).toBeUndefined();
  });
});

const OBJECT = '{"class":"car","xM":1,"yM":2},';

const cloud = (bytes: Buffer): string =>
  `{"kind":"point-cloud",${AT},"sensor":"roof","georeferenced":false,"pointsBase64":"${bytes.toString('base64')}"}`;

describe('no frame', () => {
  test.each([
    ['an unknown key', `{"kind":"clock",${AT},"vin":"x"}`],
    ['an unknown kind', `{"kind":"audio",${AT}}`],
    ['no kind', `{${AT}}`],
    ['the name of a method as its kind', `{"kind":"toString",${AT}}`],
    ['no time', '{"kind":"clock"}'],
    ['a local time', '{"kind":"clock","at":"2020-07-18T01:07:17"}'],
    ['a time in milliseconds', '{"kind":"clock","at":1595034437000}'],
    ['a day that does not exist', '{"kind":"clock","at":"2026-02-30T00:00:00Z"}'],
    ['coordinates in text', `{"kind":"fix",${AT},"latitude":"31.27908","longitude":"119.67"}`],
    ['one coordinate', `{"kind":"fix",${AT},"latitude":31.27908}`],
    ['a number beyond numbers', `{"kind":"fix",${AT},"latitude":1e999,"longitude":119.67}`],
    ['NaN, which is no JSON', `{"kind":"fix",${AT},"latitude":NaN,"longitude":119.67}`],
    ['a signal that is an object', `{"kind":"signals",${AT},"signals":{"Vehicle.Speed":{"value":1}}}`],
    ['a signal that is null', `{"kind":"signals",${AT},"signals":{"Vehicle.Speed":null}}`],
    ['signals in a list', `{"kind":"signals",${AT},"signals":[1,2]}`],
    ['a text of 257 characters', `{"kind":"signals",${AT},"signals":{"Vehicle.Speed":"${'a'.repeat(257)}"}}`],
    ['a path of 129 characters', `{"kind":"signals",${AT},"signals":{"${'a'.repeat(129)}":1}}`],
    ['a picture that is neither JPEG nor PNG', `{"kind":"image",${AT},"camera":"front","dataBase64":"UDUK"}`],
    ['a picture without bytes', `{"kind":"image",${AT},"camera":"front","dataBase64":""}`],
    ['a picture of 2 MB and a byte', `{"kind":"image",${AT},"camera":"c","dataBase64":"/9j/${'A'.repeat(2_666_664)}"}`],
    ['a picture at no known place', `{"kind":"image",${AT},"camera":"c","place":"boot","dataBase64":"/9j/4AAQ"}`],
    ['base64 without its padding', `{"kind":"image",${AT},"camera":"front","dataBase64":"/9j/4A"}`],
    ['base64 for addresses', `{"kind":"image",${AT},"camera":"front","dataBase64":"_9j_4AAQ"}`],
    ['points that end within one', cloud(Buffer.alloc(23))],
    ['no points', cloud(Buffer.alloc(0))],
    ['a point at infinity', cloud(Buffer.from(Float64Array.of(1, Number.POSITIVE_INFINITY, 2).buffer))],
    ['points that do not say whether they are positions', GOOD[3].replace('"georeferenced":false,', '')],
    [
      'an object farther away than sensors see',
      `{"kind":"objects",${AT},"sensor":"r","objects":[{"class":"car","xM":4e6,"yM":1}]}`,
    ],
    ['an object without a place', `{"kind":"objects",${AT},"sensor":"r","objects":[{"class":"car","xM":1}]}`],
    [
      '1,025 objects',
      `{"kind":"objects",${AT},"sensor":"r","objects":[${OBJECT.repeat(1_024)}${OBJECT.slice(0, -1)}]}`,
    ],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '7'],
    ['nothing', ''],
    ['two frames', `${CLOCK}${CLOCK}`],
    ['a byte order mark before it', `\ufeff${CLOCK}`],
    ['brackets without end', '['.repeat(100_000)],
  ])('is %s', (_, line) => {
    expect(parseRawFrame(line)).toBeUndefined();
  });

  test('is a good one cut off anywhere', () => {
    for (const line of GOOD) {
      for (let length = 0; length < line.length; length += 1)
        expect(parseRawFrame(line.slice(0, length))).toBeUndefined();
    }
  });

  test('is a line of nothing but bad signals, and it does not cost what they would', () => {
    const parts: string[] = [];
    for (let index = 0; index < 200_000; index += 1) parts.push(`"${index}":null`);
    const line = `{"kind":"signals",${AT},"signals":{${parts.join()}}}`;
    expect(line.length).toBeGreaterThan(2_500_000);
    expect(line.length).toBeLessThan(LINE_BYTES_MAX);
    const before = process.memoryUsage().rss;
    expect(parseRawFrame(line)).toBeUndefined();
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });
});

describe('prototypes', () => {
  test.each([
    `{"kind":"clock",${AT},"__proto__":{"vin":"x"}}`,
    `{"__proto__":{"kind":"clock",${AT}}}`,
    `{"kind":"clock",${AT},"constructor":{"prototype":{"vin":"x"}}}`,
  ])('%s is no frame', (line) => {
    expect(parseRawFrame(line)).toBeUndefined();
  });

  test('keys that name prototypes pollute nothing, and are signals like others', () => {
    const frame = parseRawFrame(`{"kind":"signals",${AT},"signals":{"__proto__":5,"constructor":6,"Vehicle.Speed":1}}`);
    expect(frame?.kind === 'signals' && Object.entries(frame.signals)).toEqual([
      ['constructor', 6],
      ['Vehicle.Speed', 1],
    ]);
    expect(({} as Record<string, unknown>)['vin']).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});

test('100,000 mangled lines: nothing throws, and what passes is a frame with nothing more in it', () => {
  const chance = seededChance(1_595_034_437);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(chance() * values.length)] as T;
  const keys = [
    'kind',
    'at',
    'latitude',
    'longitude',
    'signals',
    'camera',
    'dataBase64',
    'place',
    'pointsBase64',
    'objects',
    '__proto__',
    'constructor',
    'vin',
    'x',
  ];
  const values = [
    'null',
    'true',
    '1e308',
    '-1e999',
    '0',
    '31.27908',
    '"fix"',
    '"clock"',
    '"signals"',
    '"image"',
    '"objects"',
    '"AAAA"',
    '[]',
    '{}',
    '"\\ud800"',
    '9007199254740993',
  ];
  const passed: Record<string, number> = {};
  for (let index = 0; index < 100_000; index += 1) {
    const frame = parseRawFrame(mangle(pick(GOOD), chance, pick, keys, values));
    if (frame === undefined) continue;
    passed[frame.kind] = (passed[frame.kind] ?? 0) + 1;
    if (!isPlainFrame(frame)) throw new Error(`line ${index} made no frame: ${JSON.stringify(frame)}`);
  }
  expect(Object.keys(passed).sort()).toEqual(['clock', 'fix', 'image', 'objects', 'point-cloud', 'signals']);
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('vin');
});

type Pick = <T>(values: readonly T[]) => T;

function mangle(
  line: string,
  chance: () => number,
  pick: Pick,
  keys: readonly string[],
  values: readonly string[],
): string {
  let text = line;
  for (let times = Math.floor(chance() * 4); times > 0; times -= 1) text = mangleOnce(text, chance, pick, keys, values);
  return text;
}

function mangleOnce(
  text: string,
  chance: () => number,
  pick: Pick,
  keys: readonly string[],
  values: readonly string[],
): string {
  const place = Math.floor(chance() * text.length);
  switch (Math.floor(chance() * 7)) {
    case 0:
      return text.slice(0, place);
    case 1:
      return text.slice(0, place) + String.fromCharCode(Math.floor(chance() * 0x2ff)) + text.slice(place + 1);
    case 2:
      return text.slice(0, place) + text.slice(place, place + 20).repeat(2) + text.slice(place);
    case 3:
      return text.replace(/:[^,}]*/, `:${pick(values)}`);
    case 4:
      return text.replace(/"[a-zA-Z0-9]+":/, `"${pick(keys)}":`);
    case 5:
      return text.replace('{', `{"${pick(keys)}":${pick(values)},`);
    default:
      return text.replace(/-?\d+\.\d+/, pick(values));
  }
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  fix: ['at', 'kind', 'latitude', 'longitude'],
  signals: ['at', 'kind', 'signals'],
  image: ['at', 'bytes', 'camera', 'kind', 'place'],
  'point-cloud': ['at', 'georeferenced', 'kind', 'points', 'sensor'],
  objects: ['at', 'kind', 'objects', 'sensor'],
  clock: ['at', 'kind'],
};

/** Of a fix, where the line has them. */
const OPTIONAL: ReadonlySet<string> = new Set(['altitudeM', 'headingDeg']);

function isPlainFrame(frame: NonNullable<ReturnType<typeof parseRawFrame>>): boolean {
  const keys = Object.keys(frame).filter((key) => !OPTIONAL.has(key));
  if (keys.sort().join() !== KEYS[frame.kind]?.join() || !Number.isSafeInteger(frame.at)) return false;
  if (frame.kind !== 'signals') return true;
  return Object.values(frame.signals).every((value) =>
    typeof value === 'number' ? Number.isFinite(value) : typeof value === 'boolean' || typeof value === 'string',
  );
}
