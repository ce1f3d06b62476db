import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sqliteSeenFiles } from '../../../../edge/adapters/sqlite-seen-files.ts';
import { openAgentDatabase } from '../../../../edge/adapters/sqlite-state.ts';
import { watchPictures } from '../../../../edge/sources/image-source.ts';
import { recordSource } from '../../../support/edge/source-recorder.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const digest = (byte: number): Uint8Array => Buffer.alloc(32, byte);

function open(file = join(tempDirectory(), 'agent.sqlite')) {
  const database = openAgentDatabase(file);
  onTestFinished(() => void database.close());
  return { file, database };
}

test('remembers files over a restart, for the directory they lie in', () => {
  const { file, database } = open();
  sqliteSeenFiles(database, 'front').add([digest(1), digest(2)]);
  database.close();
  const again = open(file).database;
  const [front, rear] = [sqliteSeenFiles(again, 'front'), sqliteSeenFiles(again, 'rear')];
  expect([1, 2, 3].map((byte) => front.has(digest(byte)))).toEqual([true, true, false]);
  expect(rear.has(digest(1))).toBe(false);
});

test('forgets the oldest past its limit, and never those of another directory', () => {
  const { database } = open();
  const rear = sqliteSeenFiles(database, 'rear', 3);
  rear.add([digest(9)]);
  const front = sqliteSeenFiles(database, 'front', 3);
  for (let byte = 1; byte <= 5; byte += 1) front.add([digest(byte)]);
  expect([1, 2, 3, 4, 5].map((byte) => front.has(digest(byte)))).toEqual([false, false, true, true, true]);
  expect(rear.has(digest(9))).toBe(true);
});

test('a directory that is left as it is is not read again after a restart; a new content of an old name is', async () => {
  const directory = tempDirectory();
  const { database } = open();
  const put = (name: string, bytes: Uint8Array): void => writeFileSync(join(directory, name), bytes);
  let marks = 0;
  const run = async (frames: number, isRemembering: boolean): Promise<number> => {
    const { seen, events } = recordSource();
    const memory = isRemembering ? sqliteSeenFiles(database, directory) : undefined;
    const settings = { directory, after: 'leave', pollMs: 10, seen: memory } as const;
    const source = watchPictures(settings, { camera: 'front', place: 'exterior' }, events);
    if (!source.ok) throw new Error(source.fault.code);
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThanOrEqual(frames), 20_000);
    // Names are gone through in their order: once the last is there, those before it were looked at.
    marks += 1;
    put('z.jpg', Buffer.concat([JPEG, Buffer.alloc(marks)]));
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(frames), 20_000);
    await source.value.close();
    rmSync(join(directory, 'z.jpg'));
    return seen.frames.length - 1;
  };
  put('a.jpg', JPEG);
  put('b.jpg', JPEG);
  expect(await run(2, true)).toBe(2);
  expect(await run(0, true)).toBe(0);
  expect(await run(2, false)).toBe(2);
  put('a.jpg', Buffer.concat([JPEG, Buffer.from([4])]));
  expect(await run(1, true)).toBe(1);
});
