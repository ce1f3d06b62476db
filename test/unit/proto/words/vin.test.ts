import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Text } from '../../../../cloud/registers/words.ts';
import { findVins, namesVin, parseVin } from '../../../../proto/words/vin.ts';

const valid = linesOf('valid.txt');
const invalid = linesOf('invalid.txt').map((line) => {
  const match = /^(VIN_LENGTH|VIN_CHARACTER|VIN_CHECK_DIGIT) (\S+) \|(.*)\|$/.exec(line);
  if (match === null) throw new Error(`a vector that cannot be read: ${line}`);
  const [, code = '', detail = '', text = ''] = match;
  return {
    code,
    detail,
    text: text.replace(/\\u([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  };
});

describe('parseVin', () => {
  test('the vectors hold every check digit and every kind of fault', () => {
    expect(new Set(valid.map((vin) => vin.charAt(8)))).toEqual(new Set([...'0123456789X']));
    expect(new Set(invalid.map(({ code }) => code))).toEqual(
      new Set(['VIN_LENGTH', 'VIN_CHARACTER', 'VIN_CHECK_DIGIT']),
    );
  });

  test.each(valid)('takes %s', (vin) => {
    expect(parseVin(vin)).toEqual({ ok: true, value: vin });
  });

  test.each(invalid)('refuses |$text|: $code $detail', ({ code, detail, text }) => {
    const parsed = parseVin(text);
    expect(parsed).toMatchObject({ ok: false, fault: { code } });
    const { code: _, ...more } = parsed.ok ? { code: '' } : parsed.fault;
    expect(Object.values(more).map(String)).toEqual([detail]);
  });
});

describe('findVins', () => {
  const [vin = '', other = ''] = valid;
  const wrong = invalid.find(({ code }) => code === 'VIN_CHECK_DIGIT')?.text ?? '';

  test.each([
    ['alone', vin, [vin]],
    ['in JSON', `{"vin":"${vin}"}`, [vin]],
    ['in a path, a URL and beside an underscore', `/var/${vin}/a?v=${other}&x=V_${vin}_`, [vin, other]],
    ['once, however often it stands there', `${vin} ${vin}\n${vin}`, [vin]],
    ['between Chinese characters', `车辆${vin}在线`, [vin]],
    ['in no longer run of letters and digits', `A${vin} ${vin}1 0x${vin}ff`, []],
    ['not in lower case', vin.toLowerCase(), []],
    ['not with a wrong check digit', wrong, []],
    ['not in nothing', '', []],
  ])('finds VINs %s', (_, text, expected) => {
    expect(findVins(text)).toEqual(expected);
  });

  test('looks through a megabyte of near misses without going back and forth', () => {
    expect(findVins('LUBN0GED1PH865797 '.repeat(60_000) + vin)).toEqual([vin]);
  });
});

function linesOf(name: string): readonly string[] {
  const text = readFileSync(new URL(`../../../vectors/vin/${name}`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) throw new Error(`${name} is empty`);
  return lines;
}

describe('words that a person writes', () => {
  const vin = '1M8GDM9AXKP042788';
  const wide = [...vin].map((one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0)).join('');

  test.each([
    ['as it is', vin],
    ['in small letters', vin.toLowerCase()],
    ['in full width', wide],
    ['in small letters of full width', wide.toLowerCase()],
    ['with what cannot be seen within', [...vin].join('\u200b')],
    ['with a soft hyphen', `${vin.slice(0, 8)}\u00ad${vin.slice(8)}`],
  ])('name a VIN %s, and have no place in a register then', (_, text) => {
    expect([namesVin(`recall of ${text}`), Text.safeParse(`recall of ${text}`).success]).toEqual([true, false]);
  });

  test('may look like one', () => {
    expect(namesVin('recall of 1M8GDM9A1KP042788, 缺陷汽车召回')).toBe(false);
  });
});
