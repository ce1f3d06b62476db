import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { signCheckpoint } from '../../../../cloud/log/checkpoint.ts';
import { frameLeaves } from '../../../../cloud/log/entry-file.ts';
import { encodeEntry } from '../../../../cloud/log/leaf.ts';
import { leafHash, rootOf } from '../../../../cloud/log/merkle.ts';
import { UNREADABLE_ENTRIES_MAX, verifyLog } from '../../../../cloud/log/verify.ts';
import {
  entries,
  entry,
  filesOf,
  logOf,
  NOW,
  ORIGIN,
  optionsFor,
  PUBLIC_KEY,
  putFiles,
  SIGNING_KEY,
  scratchDirectory,
  unwrap,
  verifyFaults,
} from './scratch-log.ts';

const SIGNER = { origin: ORIGIN, signingKey: SIGNING_KEY, publicKey: PUBLIC_KEY };
const good = unwrap(encodeEntry(entry(0), NOW));

/** Files of a log whose writer signs whatever it is given. */
function signed(directory: string, leaves: readonly Uint8Array[], size = leaves.length): void {
  const head = { size, rootHash: rootOf(leaves.map(leafHash)) };
  putFiles(directory, { entries: frameLeaves(leaves), checkpoint: Buffer.from(signCheckpoint(head, SIGNER)) });
}

test.each([[[]], [[1]], [[3, 2, 64, 100]]])('derives the head of a log of appends %j again', (groups) => {
  const directory = scratchDirectory();
  const log = logOf(directory, groups);
  onTestFinished(() => log.close());
  expect(verifyLog(optionsFor(directory))).toEqual({ ok: true, value: log.head() });
});

test('writes nothing, also where an opening would', () => {
  const directory = scratchDirectory();
  const log = logOf(directory, [3]);
  const { checkpoint } = filesOf(directory);
  unwrap(log.append(entries(3, 2)));
  log.close();
  const state = { entries: filesOf(directory).entries.subarray(0, -1), checkpoint };
  putFiles(directory, state);
  const verified = verifyLog(optionsFor(directory));
  expect(verified.ok && verified.value.size).toBe(3);
  expect(filesOf(directory)).toEqual(state);
});

test('needs the public key only, and the right one', () => {
  const directory = scratchDirectory();
  logOf(directory, [1]).close();
  const { publicKey } = generateKeyPairSync('ed25519');
  const { origin } = optionsFor(directory);
  expect(verifyLog({ directory, origin, publicKey: PUBLIC_KEY }).ok).toBe(true);
  expect(verifyLog({ directory, origin, publicKey })).toMatchObject({ fault: [{ code: 'LOG_CORRUPT' }] });
  expect(verifyLog({ directory, origin: 'tongguan.example/alerts', publicKey: PUBLIC_KEY }).ok).toBe(false);
  expect(createPrivateKey(SIGNING_KEY.export({ format: 'pem', type: 'pkcs8' })).type).toBe('private');
});

describe('what is found', () => {
  test('no log', () => {
    const directory = scratchDirectory();
    expect(verifyFaults(directory)).toEqual(['LOG_MISSING']);
    expect(verifyFaults(join(directory, 'absent'))).toEqual(['LOG_MISSING']);
  });

  test('a log that lost one of its files', () => {
    for (const name of ['entries.log', 'checkpoint']) {
      const directory = scratchDirectory();
      logOf(directory, [1]).close();
      rmSync(join(directory, name));
      expect(verifyFaults(directory)).toEqual(['LOG_CORRUPT']);
    }
  });

  test('every entry that is no leaf, although the head over them is genuine', () => {
    const directory = scratchDirectory();
    signed(directory, [good, Buffer.from('rubbish'), good, Buffer.from('more')]);
    const verified = verifyLog(optionsFor(directory));
    expect(!verified.ok && verified.fault.map(({ problem }) => /entry `\d`/.exec(problem.en)?.[0])).toEqual([
      'entry `1`',
      'entry `3`',
    ]);
  });

  test('no more unreadable entries than a report holds', () => {
    const directory = scratchDirectory();
    signed(
      directory,
      Array.from({ length: UNREADABLE_ENTRIES_MAX + 5 }, () => Buffer.from('rubbish')),
    );
    expect(verifyFaults(directory)).toHaveLength(UNREADABLE_ENTRIES_MAX);
  });

  test('an unreadable entry and another root, both', () => {
    const directory = scratchDirectory();
    signed(directory, [good, good]);
    const bytes = filesOf(directory).entries;
    writeFileSync(join(directory, 'entries.log'), bytes.with(bytes.length - 1, 0x21));
    expect(verifyFaults(directory)).toEqual(['LOG_CORRUPT', 'LOG_CORRUPT']);
  });

  test('an impossible length', () => {
    const directory = scratchDirectory();
    signed(directory, [good, good]);
    const bytes = filesOf(directory).entries;
    writeFileSync(join(directory, 'entries.log'), bytes.with(4 + good.length, 0xff));
    const verified = verifyLog(optionsFor(directory));
    expect(!verified.ok && verified.fault[0]?.problem.en).toContain('length of an entry is impossible (entry `1`)');
  });

  test('a file that cannot be read', () => {
    const directory = scratchDirectory();
    logOf(directory).close();
    rmSync(join(directory, 'checkpoint'));
    writeFileSync(join(directory, 'file'), '');
    // Nodes differ in whether a file below a file is missing or cannot be asked for.
    const [fault, ...more] = verifyFaults(join(directory, 'file'));
    expect(['LOG_UNAVAILABLE', 'LOG_MISSING']).toContain(fault);
    expect(more).toEqual([]);
  });
});
