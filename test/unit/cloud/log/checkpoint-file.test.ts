import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  readCheckpointFile,
  replaceCheckpointFile,
  settleCheckpointName,
  syncNewDirectories,
} from '../../../../cloud/log/checkpoint-file.ts';
import { NOTE_BYTES_MAX } from '../../../../cloud/log/signed-note.ts';
import { scratchDirectory } from './scratch-log.ts';

test('the last checkpoint takes the place of the one before and leaves nothing else', () => {
  const directory = scratchDirectory();
  replaceCheckpointFile(directory, 'a long first note\n');
  replaceCheckpointFile(directory, 'second\n');
  expect(readCheckpointFile(directory).toString()).toBe('second\n');
  expect(readdirSync(directory)).toEqual(['checkpoint']);
  expect(statSync(join(directory, 'checkpoint')).mode & 0o007).toBe(0);
});

test('what a crash left of a next checkpoint is overwritten', () => {
  const directory = scratchDirectory();
  writeFileSync(join(directory, 'checkpoint.tmp'), 'half a note that is much longer than the next');
  replaceCheckpointFile(directory, 'next\n');
  expect(readCheckpointFile(directory).toString()).toBe('next\n');
});

test('a replacement that fails leaves the last checkpoint', () => {
  const directory = scratchDirectory();
  replaceCheckpointFile(directory, 'first\n');
  mkdirSync(join(directory, 'checkpoint.tmp'));
  expect(() => replaceCheckpointFile(directory, 'second\n')).toThrow('EISDIR');
  expect(readCheckpointFile(directory).toString()).toBe('first\n');
});

test('a file too long for a note is read as too long, not whole', () => {
  const directory = scratchDirectory();
  writeFileSync(join(directory, 'checkpoint'), Buffer.alloc(NOTE_BYTES_MAX * 3));
  expect(readCheckpointFile(directory).length).toBe(NOTE_BYTES_MAX + 1);
});

test('every new directory is synced in the one above it', () => {
  const directory = scratchDirectory();
  const inner = join(directory, 'a', 'b', 'c');
  const created = mkdirSync(inner, { recursive: true }) ?? '';
  expect(created).toBe(join(directory, 'a'));
  expect(() => syncNewDirectories(inner, created)).not.toThrow();
  expect(() => syncNewDirectories(join(directory, 'absent', 'x'), created)).toThrow('ENOENT');
});

test('a name is settled where the file is, and only there', () => {
  const directory = scratchDirectory();
  replaceCheckpointFile(directory, 'first\n');
  settleCheckpointName(directory, 'first\n');
  expect(readCheckpointFile(directory).toString()).toBe('first\n');
  expect(() => settleCheckpointName(join(directory, 'absent'), 'first\n')).toThrow('ENOENT');
});
