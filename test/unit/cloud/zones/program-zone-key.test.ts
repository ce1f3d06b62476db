import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { fileZoneKeys, makeZoneKeys, programFile } from '../../../../cloud/adapters/file-zone-keys.ts';
import { openSealed, sealTo } from '../../../../cloud/zones/envelope.ts';

/** What a token would do, with a key in a file that only it knows of. */
const TOKEN = `
const { createPrivateKey, createPublicKey, diffieHellman } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { zone, publicKey } = JSON.parse(readFileSync(0, 'utf8'));
const key = Buffer.concat([Buffer.from('302a300506032b656e032100', 'hex'), Buffer.from(publicKey, 'base64')]);
const secret = diffieHellman({
  privateKey: createPrivateKey(readFileSync(process.argv[2] + '/token-' + zone)),
  publicKey: createPublicKey({ key, format: 'der', type: 'spki' }),
});
`;
const GOOD = `${TOKEN} console.log(JSON.stringify({ sharedSecret: secret.toString('base64') }));`;

const directory = mkdtempSync(join(tmpdir(), 'tongguan-program-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
beforeAll(() => {
  makeZoneKeys(directory);
  renameSync(join(directory, 'personal.key'), join(directory, 'token-personal'));
});

/** The directory, with a program that holds the key of the personal zone. */
function keysWith(script: string, change: object = {}): string {
  const executable = join(directory, 'program');
  const text = `#!${process.execPath}\n${script}`;
  writeFileSync(executable, text, { mode: 0o700 });
  const sha256 = createHash('sha256').update(text).digest('hex');
  const described = { executable, arguments: [directory], sha256, timeLimitMs: 20_000 };
  writeFileSync(programFile(directory, 'personal'), JSON.stringify({ ...described, ...change }));
  return directory;
}

describe('a zone key in a program', () => {
  test('opens what was sealed to its public half, and no other zone', () => {
    const keys = fileZoneKeys(keysWith(GOOD), ['personal']);
    const sealed = sealTo(keys.publicKey('personal'), 'context', Buffer.from('a session'));
    const open = (zone: 'personal' | 'general') =>
      openSealed((theirs) => keys.agree(zone, theirs), keys.publicKey(zone), 'context', sealed);
    expect(open('personal')?.toString()).toBe('a session');
    expect(open('general')).toBeUndefined();
  });

  test('is not asked by who only writes', () => {
    const keys = fileZoneKeys(keysWith('process.exit(1)'), []);
    expect(keys.agree('personal', keys.publicKey('general'))).toBeUndefined();
  });

  test.each([
    ['that fails', 'process.exit(1)', {}, 'no key'],
    ['that says nothing', '', {}, 'no key'],
    ['that says too much', `${GOOD} console.log('x'.repeat(10_000));`, {}, 'no key'],
    [
      'that adds a word',
      `${TOKEN} console.log(JSON.stringify({ sharedSecret: secret.toString('base64'), more: 1 }));`,
      {},
      'no key',
    ],
    ['of no key', `console.log(JSON.stringify({ sharedSecret: Buffer.alloc(32).toString('base64') }));`, {}, 'no key'],
    [
      'of another key',
      `console.log(JSON.stringify({ sharedSecret: Buffer.alloc(32, 7).toString('base64') }));`,
      {},
      'not a pair',
    ],
    ['that is late', 'setTimeout(() => {}, 60_000);', { timeLimitMs: 300 }, 'within 300 ms'],
    ['that was changed', GOOD, { sha256: '0'.repeat(64) }, 'not the one'],
    ['found by a search', GOOD, { executable: 'node' }, 'not described'],
    ['described with a word more', GOOD, { shell: true }, 'not described'],
  ])('a program %s opens nothing', (_, script, change, text) => {
    expect(() => fileZoneKeys(keysWith(script, change), ['personal'])).toThrow(text);
  });

  test('beside a key in a file is refused: nobody could tell which is meant', () => {
    keysWith(GOOD);
    const key = join(directory, 'personal.key');
    onTestFinished(() => rmSync(key));
    writeFileSync(key, readFileSync(join(directory, 'token-personal')), { mode: 0o600 });
    expect(() => fileZoneKeys(directory, ['personal'])).toThrow('in a file and one in a program');
  });
});
