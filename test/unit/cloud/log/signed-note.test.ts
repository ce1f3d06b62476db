import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  isKeyName,
  NOTE_BYTES_MAX,
  NOTE_SIGNATURES_MAX,
  noteKeyId,
  openNote,
  parseBase64,
  signNote,
} from '../../../../cloud/log/signed-note.ts';
import { foreignNotes, keyFromRaw } from './foreign-notes.ts';
import { hex } from './reference-tree.ts';

const keys = generateKeyPairSync('ed25519');
const others = generateKeyPairSync('ed25519');
const mine = { name: 'log.example/a', signingKey: keys.privateKey, publicKey: keys.publicKey };
const theirs = { name: 'log.example/b', signingKey: others.privateKey, publicKey: others.publicKey };
const TEXT = 'first line\n\nthird line\n';
const open = (note: string | Uint8Array, signer = mine) => openNote(Buffer.from(note), signer);
const lastLine = (note: string) => note.slice(note.lastIndexOf('\n\n') + 2);

test.each(foreignNotes)('reads the note of another implementation, signed by $name', (vector) => {
  const publicKey = keyFromRaw(vector.publicKey);
  expect(hex(noteKeyId(vector.name, publicKey))).toBe(vector.keyId);
  expect(openNote(Buffer.from(vector.note), { name: vector.name, publicKey })).toEqual({
    ok: true,
    value: vector.text,
  });
});

test('gives the text back, empty lines and all', () => {
  expect(open(signNote(TEXT, mine))).toEqual({ ok: true, value: TEXT });
});

describe('other signatures', () => {
  test('by an unknown key, before or after ours, are ignored', () => {
    const [ours, foreign] = [signNote(TEXT, mine), signNote(TEXT, theirs)];
    expect(open(ours + lastLine(foreign))).toEqual({ ok: true, value: TEXT });
    expect(open(foreign + lastLine(ours))).toEqual({ ok: true, value: TEXT });
  });

  test('alone do not open the note', () => {
    expect(open(signNote(TEXT, theirs))).toEqual({ ok: false, fault: 'signature' });
    expect(open(signNote(TEXT, { ...theirs, name: mine.name }))).toEqual({ ok: false, fault: 'signature' });
    expect(open(signNote(TEXT, { ...mine, name: theirs.name }))).toEqual({ ok: false, fault: 'signature' });
  });

  test('by our key over another text spoil a note that also has a good one', () => {
    const spoilt = signNote(TEXT, mine) + lastLine(signNote('another\n', mine));
    expect(open(spoilt)).toEqual({ ok: false, fault: 'signature' });
  });

  test('are taken up to the limit, which is no lower than the specification asks', () => {
    const copies = (count: number) => signNote(TEXT, mine) + lastLine(signNote(TEXT, theirs)).repeat(count - 1);
    expect(NOTE_SIGNATURES_MAX).toBeGreaterThanOrEqual(16);
    expect(open(copies(NOTE_SIGNATURES_MAX)).ok).toBe(true);
    expect(open(copies(NOTE_SIGNATURES_MAX + 1))).toEqual({ ok: false, fault: 'form' });
  });
});

const good = signNote(TEXT, mine);
test.each([
  ['nothing', ''],
  ['text without signatures', TEXT],
  ['no blank line', good.replace('\n\n\u2014', '\n\u2014').replaceAll('\n\n', '\n')],
  ['no last newline', good.slice(0, -1)],
  ['a further line', `${good}hello\n`],
  ['a hyphen for the em dash', good.replace('\u2014', '-')],
  ['two spaces', good.replace('\u2014 ', '\u2014  ')],
  ['a carriage return', good.replaceAll('\n', '\r\n')],
  ['a tab in the text', good.replace('first', 'fir\tst')],
  ['a zero byte', good.replace('first', 'fir\0st')],
  [
    'URL base64',
    good
      .slice(0, -3)
      .replace(/.{10}$/, '-_-_-_-_-_')
      .concat('=\n'),
  ],
  ['a name with a plus sign', good.replace(mine.name, 'log+example')],
  ['a signature of four bytes', `${TEXT}\n\u2014 ${mine.name} AAAAAA==\n`],
  ['too many bytes', `${'x'.repeat(NOTE_BYTES_MAX)}${good}`],
])('%s is not a note', (_, note) => {
  expect(open(good).ok).toBe(true);
  expect(open(note)).toEqual({ ok: false, fault: 'form' });
});

test('bytes that are not UTF-8 are not a note', () => {
  expect(open(Buffer.concat([Buffer.of(0xff), Buffer.from(good)]))).toEqual({ ok: false, fault: 'form' });
});

test('a signature of the wrong length does not verify', () => {
  const [, , blob = ''] = lastLine(good).trim().split(' ');
  const longer = Buffer.concat([Buffer.from(blob, 'base64'), Buffer.of(0)]).toString('base64');
  expect(open(good.replace(blob, longer))).toEqual({ ok: false, fault: 'signature' });
});

test('only one spelling of base64 is read', () => {
  expect(parseBase64('AA==')).toEqual(Buffer.of(0));
  for (const text of ['AA', 'AB==', 'AA=', ' AA==', 'A-==', 'AA==\n']) expect(parseBase64(text)).toBeUndefined();
});

test('a key name is not empty and has no space, plus sign or control character', () => {
  for (const name of ['tongguan.example/operations', '日志']) expect(isKeyName(name)).toBe(true);
  for (const name of ['', 'a b', 'a+b', 'a\u3000b', 'a\u0001b', 'a\nb', 'a\ud800']) expect(isKeyName(name)).toBe(false);
});

test('a name or text that a note cannot hold is a bug', () => {
  expect(() => signNote(TEXT, { ...mine, name: 'a b' })).toThrow('broken invariant');
  expect(() => signNote('no newline', mine)).toThrow('broken invariant');
  expect(() => signNote('a\tb\n', mine)).toThrow('broken invariant');
});
