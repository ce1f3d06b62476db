import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDbc } from '../../../../edge/adapters/candied-dbc.ts';
import { isPresent, rawValue } from '../../../../edge/sources/can/can-database.ts';
import { seededChance } from '../../../support/edge/seeded.ts';

const FILE = readFileSync(new URL('../../../vectors/can/signals.dbc', import.meta.url), 'utf8');

const messages = (text: string) => {
  const parsed = parseDbc(text);
  if (!parsed.ok) throw new Error(parsed.fault.problem.en);
  return parsed.value;
};
const problem = (text: string): string => {
  const parsed = parseDbc(text);
  return parsed.ok ? 'none' : parsed.fault.problem.en;
};
const signal = (line: string): string => `BO_ 5 M: 8 X\n${line}\n`;
const only = (line: string) => messages(signal(line)).get(5)?.signals.get('S');

describe('a DBC file', () => {
  test('gives messages by number, the 29-bit ones apart', () => {
    const database = messages(FILE);
    expect([...database.values()].map(({ name, signals }) => `${name} ${signals.size}`)).toEqual([
      ...['Plain 5', 'Wide 1', 'WideSigned 1', 'Fifty 1', 'Motorola40 1', 'Floats 2', 'Doubles 1'],
      ...['Multiplexed 4', 'Nested 4', 'Flexible 2'],
    ]);
    expect(database.get(2_566_844_926)).toMatchObject({ id: 2_566_844_926 - 2 ** 31, isExtended: true });
  });

  test('reads the same with the line ends of Windows, and with every break doubled', () => {
    expect(messages(FILE.replaceAll('\n', '\r\n'))).toEqual(messages(FILE));
    expect(messages(FILE.replaceAll(';\n', ';\n\n'))).toEqual(messages(FILE));
  });

  test('has names of values, also those that run over two lines', () => {
    const names = messages(FILE).get(120)?.signals.get('Which')?.names;
    expect([...(names ?? [])]).toEqual([
      [0, 'first and more'],
      [1, 'second'],
    ]);
  });

  test.each([
    ['1E-05', 1e-5],
    ['-2.5e-5', -2.5e-5],
    ['1.5E+03', 1_500],
    ['+0.5', 0.5],
    ['.25', 0.25],
    ['1e0', 1],
    ['1.25E2', 125],
  ])('may write a factor as %s', (text, value) => {
    expect(only(` SG_ S : 0|8@1+ (${text},${text}) [0|1e5] "" X`)).toMatchObject({ factor: value, offset: value });
  });

  test('may set its blanks as it likes, and leave out the receiver', () => {
    const usual = only(' SG_ S : 0|8@1+ (1,0) [0|0] "" X');
    for (const line of ['SG_ S:0|8@1+(1,0)[0|0]""', '\tSG_ S  :  0|8@1+  ( 1 , 0 )  [ 0 | 0 ]  "°C"   A,B']) {
      expect(only(line)).toEqual(usual);
    }
  });

  test.each([
    ['a signal that is no signal', signal(' SG_ S : 0|8'), 'line 2 '],
    ['a signal outside of every frame', signal(' SG_ S : 512|8@1+ (1,0) [0|0] "" X'), '`M`'],
    ['a signal of 65 bits', signal(' SG_ S : 0|65@1+ (1,0) [0|0] "" X'), 'gave up'],
    ['a signal of no bits', signal(' SG_ S : 0|0@1+ (1,0) [0|0] "" X'), '`M`'],
    ['a factor that is no number', signal(' SG_ S : 0|8@1+ (--,0) [0|0] "" X'), '`M`'],
    ['a float of 16 bits', `${signal(' SG_ S : 0|16@1- (1,0) [0|0] "" X')}SIG_VALTYPE_ 5 S : 1;\n`, '`M`'],
    ['a signal twice', signal(' SG_ S : 0|8@1+ (1,0) [0|0] "" X\n SG_ S : 8|8@1+ (1,0) [0|0] "" X'), 'twice'],
    ['a multiplexed signal without a multiplexor', signal(' SG_ S m1 : 0|8@1+ (1,0) [0|0] "" X'), '`M`'],
    ['ranges that are none', `${FILE}SG_MUL_VAL_ 120 First Which 1;\n`, 'line '],
    ['a number beyond 29 bits', 'BO_ 4294967295 M: 8 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n', '`M`'],
    ['a number between 11 bits and the mark of 29', 'BO_ 2048 M: 8 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n', '`M`'],
    ['a statement without its end', `${FILE}VAL_ 120 Which 0 "a"\n`, 'no end'],
  ])('with %s is refused, and the place is told', (_, text, told) => {
    expect(problem(text)).toContain('the DBC file is not understood');
    expect(problem(text)).toContain(told);
  });

  test('with a long list of ranges that breaks off at its end is refused as fast as a short one', () => {
    for (const gap of [' ', '  ', ',', ' , ']) {
      expect(problem(`${FILE}SG_MUL_VAL_ 120 First Which ${`1-1${gap}`.repeat(5_000)}x;\n`)).toContain('line ');
    }
    expect(
      messages(`${FILE}SG_MUL_VAL_ 120 First Which 0-0 2-2,4-4 , 6-9 ;\n`).get(120)?.signals.get('First')?.when,
    ).toEqual({
      multiplexor: 'Which',
      ranges: [
        [0, 0],
        [2, 2],
        [4, 4],
        [6, 9],
      ],
    });
  });

  test('of nothing describes nothing', () => {
    expect(messages('')).toEqual(new Map());
  });
});

test('100,000 mangled files: each is refused or read, and what is read decodes without a throw', () => {
  const chance = seededChance(44);
  const lines = FILE.split('\n').filter((line) => line !== '');
  const bytes = Buffer.alloc(64, 0xa5);
  let read = 0;
  for (let index = 0; index < 100_000; index += 1) {
    const from = Math.floor(chance() * lines.length);
    const parsed = parseDbc(mangle(lines.slice(from, from + 1 + Math.floor(chance() * 3)).join('\n'), chance));
    if (!parsed.ok) continue;
    for (const message of parsed.value.values()) {
      for (const one of message.signals.values()) {
        read += 1;
        if (isPresent(message, one, bytes)) rawValue(bytes, one.layout);
      }
    }
  }
  expect(read).toBeGreaterThan(5_000);
});

function mangle(text: string, chance: () => number): string {
  const at = Math.floor(chance() * text.length);
  switch (Math.floor(chance() * 5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + String.fromCharCode(Math.floor(chance() * 128)) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + text.slice(at, at + 9).repeat(1 + Math.floor(chance() * 20)) + text.slice(at);
    case 3:
      return text.replace(/\d+/, String(Math.floor(chance() * 2 ** 40)));
    default:
      return text;
  }
}
