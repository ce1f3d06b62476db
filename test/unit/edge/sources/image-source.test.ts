import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { listenForPictures, watchPictures } from '../../../../edge/sources/image-source.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { recordSource } from '../../../support/edge/source-recorder.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 9]);
const FRONT = { camera: 'front', place: 'exterior' } as const;

function watch(after: 'delete' | 'leave' = 'delete', directory = tempDirectory()) {
  const { seen, events } = recordSource();
  const opened = watchPictures({ directory, after, pollMs: 10 }, FRONT, events);
  if (!opened.ok) throw new Error(opened.fault.code);
  onTestFinished(() => opened.value.close());
  /** As a camera writes it: under another name first. */
  const put = (name: string, bytes: Uint8Array): void => {
    writeFileSync(join(directory, `.${name}`), bytes);
    renameSync(join(directory, `.${name}`), join(directory, name));
  };
  return { directory, seen, put, source: opened.value };
}

const until = (check: () => void): Promise<void> => vi.waitFor(check, 20_000);

describe('a directory', () => {
  test('gives each picture once, with its camera, and is empty afterwards', async () => {
    const { directory, seen, put } = watch();
    put('b.PNG', PNG);
    utimesSync(join(directory, 'b.PNG'), 1_763_600_000, 1_763_600_000);
    await until(() => expect(seen.frames).toHaveLength(1));
    put('a.jpeg', JPEG);
    await until(() => expect(seen.frames).toHaveLength(2));
    expect(seen.frames[0]).toEqual({ kind: 'image', at: 1_763_600_000_000, ...FRONT, bytes: PNG });
    await until(() => expect(readdirSync(directory)).toEqual([]));
  });

  test('may keep its files, and still gives each once; a new one of an old name is a new one', async () => {
    const { directory, seen, put, source } = watch('leave');
    put('a.jpg', JPEG);
    put('b.jpg', JPEG);
    await until(() => expect(seen.frames).toHaveLength(2));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen.frames).toHaveLength(2);
    rmSync(join(directory, 'a.jpg'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    put('a.jpg', PNG);
    await until(() => expect(seen.frames).toHaveLength(3));
    await source.close();
    expect(readdirSync(directory)).toEqual(['a.jpg', 'b.jpg']);
  });

  test('counts and deletes what is no picture, is empty or too large, and goes on', async () => {
    const { directory, seen, put } = watch();
    put('a.jpg', Buffer.from('no picture'));
    put('b.jpg', Buffer.alloc(0));
    put('c.jpg', Buffer.concat([JPEG, Buffer.alloc(2_000_000)]));
    put('d.jpg', JPEG);
    await until(() => expect(seen.frames).toHaveLength(1));
    await until(() => expect(readdirSync(directory)).toEqual([]));
    expect([seen.malformed, seen.faults]).toEqual([3, []]);
  });

  test('leaves alone what is being written, has another ending, is a link or a directory', async () => {
    const { directory, seen, put } = watch();
    writeFileSync(join(directory, '.a.jpg'), JPEG);
    writeFileSync(join(directory, 'notes.txt'), 'x');
    const outside = join(tempDirectory(), 'secret.jpg');
    writeFileSync(outside, JPEG);
    symlinkSync(outside, join(directory, 'link.jpg'));
    mkdirSync(join(directory, 'folder.jpg'));
    put('z.jpg', PNG);
    await until(() => expect(seen.frames).toHaveLength(1));
    await until(() => expect(readdirSync(directory).sort()).toEqual(['.a.jpg', 'folder.jpg', 'link.jpg', 'notes.txt']));
    expect([seen.malformed, existsSync(outside)]).toEqual([0, true]);
  });

  test('that is missing is a fault, and one that goes missing is told once and waited for', async () => {
    const { events } = recordSource();
    const none = watchPictures({ directory: join(tempDirectory(), 'none'), after: 'leave', pollMs: 10 }, FRONT, events);
    expect(!none.ok && none.fault.code).toBe('SOURCE_FILE_UNREADABLE');
    const directory = join(tempDirectory(), 'spool');
    mkdirSync(directory);
    const { seen, put } = watch('delete', directory);
    rmSync(directory, { recursive: true });
    await until(() => expect(seen.faults).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 60));
    mkdirSync(directory);
    put('a.jpg', JPEG);
    await until(() => expect(seen.frames).toHaveLength(1));
    expect(seen.faults).toHaveLength(1);
  });
});

describe('a socket', () => {
  const NOW = Date.UTC(2026, 10, 20) as Instant;
  async function listen() {
    const path = join(tempDirectory(), 'camera.sock');
    const { seen, events } = recordSource();
    const source = await listenForPictures({ ...FRONT, path, writers: 'owner' }, { now: () => NOW }, events);
    onTestFinished(() => source.close());
    const socket = connect(path);
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    return { seen, socket };
  }
  const framed = (bytes: Uint8Array): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };

  test('gives pictures behind their lengths, dated with their arrival; what is no picture is counted', async () => {
    const { seen, socket } = await listen();
    socket.write(Buffer.concat([framed(JPEG), framed(Buffer.from('no picture')), framed(PNG)]));
    await until(() => expect(seen.frames).toHaveLength(2));
    expect(seen.frames[0]).toEqual({ kind: 'image', at: NOW, ...FRONT, bytes: JPEG });
    expect(seen.malformed).toBe(1);
  });

  test('ends the connection of a writer that claims too much, and counts a picture that was broken off', async () => {
    const { seen, socket } = await listen();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
    await closed;
    expect(seen.malformed).toBe(1);
    const second = await listen();
    second.socket.end(framed(JPEG).subarray(0, 7));
    await until(() => expect(second.seen.malformed).toBe(1));
  });
});
