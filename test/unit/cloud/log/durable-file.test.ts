import { closeSync, existsSync, openSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  openForAppend,
  rewriteDurably,
  syncNames,
  withFile,
  writeDurably,
  writeWhole,
} from '../../../../cloud/log/durable-file.ts';
import { scratchDirectory } from './scratch-log.ts';

const fileOf = (text: string) => {
  const path = join(scratchDirectory(), 'file');
  writeFileSync(path, text);
  return path;
};

test('a file opened for appending is written at its end only', () => {
  const path = fileOf('abc');
  const fd = openForAppend(path);
  onTestFinished(() => closeSync(fd));
  writeWhole(fd, Buffer.from('de'), null);
  writeWhole(fd, Buffer.from('f'), null);
  expect(readFileSync(path, 'utf8')).toBe('abcdef');
});

test('a file to append to has to be there', () => {
  const path = join(scratchDirectory(), 'absent');
  expect(() => openForAppend(path)).toThrow('ENOENT');
  expect(existsSync(path)).toBe(false);
});

test.skipIf(!existsSync('/proc/self/fdinfo'))('its writes return only once they are on the disk (needs /proc)', () => {
  const path = fileOf('abc');
  const fds = [openForAppend(path), openSync(path, 'a+')];
  onTestFinished(() => fds.forEach(closeSync));
  const [durable, plain] = fds.map((fd) => {
    const flags = /flags:\s+([0-7]+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '';
    // O_DSYNC of Linux; every architecture that Node runs on but MIPS, SPARC and Alpha has it at this bit.
    return (Number.parseInt(flags, 8) & 0o10000) !== 0;
  });
  expect([durable, plain]).toEqual([true, false]);
});

test('a file written anew holds nothing of what it held, and nobody outside its group reads it', () => {
  const path = fileOf('something longer');
  writeDurably(path, Buffer.from('new'));
  expect(readFileSync(path, 'utf8')).toBe('new');
  const fresh = `${path}.fresh`;
  writeDurably(fresh, Buffer.from('x'));
  expect(statSync(fresh).mode & 0o007).toBe(0);
});

test('a file is rewritten at a place, and grows or shrinks in no other way', () => {
  const path = fileOf('abcdefg');
  rewriteDurably(path, Buffer.from('CD'), 2);
  expect(readFileSync(path, 'utf8')).toBe('abCDefg');
  expect(() => rewriteDurably(`${path}.absent`, Buffer.from('x'), 0)).toThrow('ENOENT');
  expect(existsSync(`${path}.absent`)).toBe(false);
});

test('a disk that is full is said, not passed over', () => {
  const path = join(scratchDirectory(), 'full');
  symlinkSync('/dev/full', path);
  expect(() => writeDurably(path, Buffer.from('x'))).toThrow('ENOSPC');
});

test('a large write is whole', () => {
  const path = fileOf('');
  const bytes = Buffer.alloc(5_000_000, 'tongguan');
  writeDurably(path, bytes);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('names are synced where there is a directory', () => {
  const directory = scratchDirectory();
  expect(syncNames(directory)).toBe(true);
  expect(() => syncNames(join(directory, 'absent'))).toThrow('ENOENT');
});

test('a file is closed whatever becomes of its use', () => {
  const path = fileOf('x');
  let used = -1;
  const use = (fd: number) => {
    used = fd;
    throw new Error('in use');
  };
  expect(() => withFile(path, 0, use)).toThrow('in use');
  expect(() => closeSync(used)).toThrow('EBADF');
});
