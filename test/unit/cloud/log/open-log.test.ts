import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { leafHash, rootOf } from '../../../../cloud/log/merkle.ts';
import { createLog, openLog } from '../../../../cloud/log/open-log.ts';
import { readC2spCheckpoint } from './c2sp-verifier.ts';
import { rawOf } from './foreign-notes.ts';
import {
  codeOf,
  entries,
  entry,
  filesOf,
  logOf,
  numbersIn,
  ORIGIN,
  offsetsIn,
  openFault,
  optionsFor,
  PUBLIC_KEY,
  reopened,
  SIGNING_KEY,
  scratchDirectory,
  unwrap,
} from './scratch-log.ts';

describe('createLog', () => {
  test('begins an empty log of two files, signed from the start', () => {
    const directory = join(scratchDirectory(), 'logs', 'operations');
    const log = logOf(directory);
    onTestFinished(() => log.close());
    expect(readdirSync(directory)).toEqual(['checkpoint', 'entries.log']);
    expect(log.head().size).toBe(0);
    const read = readC2spCheckpoint(filesOf(directory).checkpoint, ORIGIN, rawOf(PUBLIC_KEY));
    expect([read.origin, read.size, read.root]).toEqual([ORIGIN, 0n, rootOf([])]);
  });

  test('refuses to initialise over a log', () => {
    const directory = scratchDirectory();
    logOf(directory, [3]).close();
    const before = filesOf(directory);
    expect(codeOf(createLog(optionsFor(directory)))).toBe('LOG_EXISTS');
    expect(filesOf(directory)).toEqual(before);
  });

  test.each(['notes.txt', 'checkpoint'])('refuses to initialise over anything else: %s', (name) => {
    const directory = scratchDirectory();
    writeFileSync(join(directory, name), '');
    expect(codeOf(createLog(optionsFor(directory)))).toBe('LOG_EXISTS');
    expect(readdirSync(directory)).toEqual([name]);
  });

  test('refuses to initialise over entries that have lost their tree head', () => {
    const directory = scratchDirectory();
    logOf(directory, [1]).close();
    rmSync(join(directory, 'checkpoint'));
    expect(codeOf(createLog(optionsFor(directory)))).toBe('LOG_EXISTS');
  });

  test('finishes what a crash of the same call left', () => {
    const directory = scratchDirectory();
    writeFileSync(join(directory, 'entries.log'), '');
    writeFileSync(join(directory, 'checkpoint.tmp'), 'half a no');
    expect(openFault(directory)).toBe('LOG_MISSING');
    logOf(directory, [2]).close();
    expect(numbersIn(reopened(directory))).toEqual([0, 1]);
  });

  test('says so when the place cannot be written', () => {
    const file = join(scratchDirectory(), 'file');
    writeFileSync(file, '');
    expect(codeOf(createLog(optionsFor(join(file, 'log'))))).toBe('LOG_UNAVAILABLE');
  });
});

describe('openLog', () => {
  test('of a wrong path is a fault, and makes nothing', () => {
    const directory = scratchDirectory();
    expect(openFault(join(directory, 'absent'))).toBe('LOG_MISSING');
    expect(openFault(directory)).toBe('LOG_MISSING');
    expect(readdirSync(directory)).toEqual([]);
  });

  test('of a log that lost one of its files is damage, not a new log', () => {
    for (const name of ['entries.log', 'checkpoint']) {
      const directory = scratchDirectory();
      logOf(directory, [1]).close();
      rmSync(join(directory, name));
      expect(openFault(directory)).toBe('LOG_CORRUPT');
    }
  });

  test('goes on where the last process stopped', () => {
    const directory = scratchDirectory();
    logOf(directory, [1, 2]).close();
    const log = reopened(directory);
    expect(unwrap(log.append(entries(3, 2))).firstIndex).toBe(3);
    log.close();
    expect(numbersIn(reopened(directory))).toEqual([0, 1, 2, 3, 4]);
  });

  test('under another name or with another key is refused', () => {
    const directory = scratchDirectory();
    logOf(directory, [1]).close();
    const before = filesOf(directory);
    const other = generateKeyPairSync('ed25519').privateKey;
    expect(codeOf(openLog({ ...optionsFor(directory), origin: 'tongguan.example/alerts' }))).toBe('LOG_CORRUPT');
    expect(codeOf(openLog({ ...optionsFor(directory), signingKey: other }))).toBe('LOG_CORRUPT');
    expect(filesOf(directory)).toEqual(before);
  });

  test('does not take the files of another log under the same key', () => {
    const [mine, theirs] = [scratchDirectory(), scratchDirectory()];
    logOf(mine, [2]).close();
    unwrap(createLog({ ...optionsFor(theirs), origin: 'tongguan.example/alerts' })).close();
    copyFileSync(join(theirs, 'checkpoint'), join(mine, 'checkpoint'));
    expect(openFault(mine)).toBe('LOG_CORRUPT');
  });

  test('with a key or a name that cannot sign is a bug', () => {
    const directory = scratchDirectory();
    const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    expect(() => openLog({ ...optionsFor(directory), signingKey: p256 })).toThrow('broken invariant');
    expect(() => openLog({ ...optionsFor(directory), signingKey: createPublicKey(SIGNING_KEY) })).toThrow('Ed25519');
    expect(() => createLog({ ...optionsFor(directory), origin: 'two words' })).toThrow('broken invariant');
  });
});

describe('append', () => {
  test('tells the indexes, the leaf hashes and the head, which the files bear out', () => {
    const directory = scratchDirectory();
    const log = logOf(directory, [2]);
    onTestFinished(() => log.close());
    const appended = unwrap(log.append(entries(2, 3)));
    expect(appended.firstIndex).toBe(2);
    expect(appended.head).toEqual(log.head());

    const { entries: bytes, checkpoint } = filesOf(directory);
    const offsets = offsetsIn(bytes);
    const hashes = offsets.slice(0, -1).map((at, n) => leafHash(bytes.subarray(at + 4, offsets[n + 1])));
    expect(appended.leafHashes).toEqual(hashes.slice(2));
    const read = readC2spCheckpoint(checkpoint, ORIGIN, rawOf(PUBLIC_KEY));
    expect([read.size, read.root]).toEqual([5n, rootOf(hashes)]);
    expect(appended.head).toEqual({ size: 5, rootHash: rootOf(hashes) });
  });

  test('of nothing changes nothing', () => {
    const directory = scratchDirectory();
    const log = logOf(directory, [1]);
    onTestFinished(() => log.close());
    const before = filesOf(directory);
    expect(unwrap(log.append([]))).toEqual({ firstIndex: 1, leafHashes: [], head: log.head() });
    expect(filesOf(directory)).toEqual(before);
  });

  test('to a closed log is a bug, and closing twice is not', () => {
    const log = logOf(scratchDirectory());
    log.close();
    log.close();
    expect(() => log.append([entry(0)])).toThrow('broken invariant');
  });
});
