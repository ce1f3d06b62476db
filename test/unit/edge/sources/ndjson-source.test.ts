import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { FrameSource } from '../../../../edge/ports/frame-source.ts';
import { listenForFrames, readFrames } from '../../../../edge/sources/ndjson-source.ts';
import { LINE_BYTES_MAX } from '../../../../edge/sources/parse-raw-frame.ts';
import type { Writers } from '../../../../edge/sources/unix-socket.ts';
import { recordSource } from '../../../support/edge/source-recorder.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const CLOCK = '{"kind":"clock","at":"2020-07-18T01:07:17.000Z"}';

async function listening(path = join(tempDirectory(), 'frames.sock'), writers: Writers = 'owner') {
  const { seen, events } = recordSource();
  const source: FrameSource = await listenForFrames(path, writers, events);
  onTestFinished(() => source.close());
  return { path, seen, source };
}

async function writerTo(path: string): Promise<Socket> {
  const socket = connect(path);
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 20_000, interval: 5 });

describe('the socket', () => {
  test('takes frames from several writers, and counts what is none', async () => {
    const { path, seen } = await listening();
    const [one, other] = [await writerTo(path), await writerTo(path)];
    one.write(`${CLOCK}\n{"kind":"clo`);
    other.write(`nonsense\n${CLOCK}\n`);
    await until(() => expect([seen.frames.length, seen.malformed]).toEqual([2, 1]));
    one.write('ck","at":"2020-07-18T01:07:18.000Z"}\n');
    await until(() => expect(seen.frames).toHaveLength(3));
  });

  test('counts a line that is too long once, and goes on with the next', async () => {
    const { path, seen } = await listening();
    const writer = await writerTo(path);
    writer.write(`${'x'.repeat(LINE_BYTES_MAX + 1)}\n${CLOCK}\n`);
    await until(() => expect([seen.frames.length, seen.malformed]).toEqual([1, 1]));
  });

  test('the end of one writer is not the end of the source', async () => {
    const { path, seen } = await listening();
    (await writerTo(path)).end(`${CLOCK}`);
    await until(() => expect(seen.frames).toHaveLength(1));
    (await writerTo(path)).write(`${CLOCK}\n`);
    await until(() => expect(seen.frames).toHaveLength(2));
    expect(seen.ended).toBe(0);
  });

  test('only its owner may open it, or its group where that is said', async () => {
    const { path } = await listening();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const shared = await listening(join(tempDirectory(), 'shared.sock'), 'group');
    expect(statSync(shared.path).mode & 0o777).toBe(0o660);
  });

  test('takes the place of a socket that a killed agent left behind', async () => {
    const path = join(tempDirectory(), 'frames.sock');
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(path, resolve));
    const second = await listening(path);
    (await writerTo(path)).write(`${CLOCK}\n`);
    await until(() => expect(second.seen.frames).toHaveLength(1));
    dead.close();
  });

  test('a file that is no socket is left as it is, and the source does not start', async () => {
    const path = join(tempDirectory(), 'agent.db');
    writeFileSync(path, 'precious');
    await expect(listenForFrames(path, 'owner', recordSource().events)).rejects.toThrow('EADDRINUSE');
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  test('a directory that is missing, and a path too long for a socket, are told', async () => {
    await expect(listenForFrames(join(tempDirectory(), 'none', 's'), 'owner', recordSource().events)).rejects.toThrow();
    await expect(
      listenForFrames(join(tempDirectory(), 'x'.repeat(200)), 'owner', recordSource().events),
    ).rejects.toThrow();
  });

  test('a fifth writer gets nothing in', async () => {
    const { path, seen } = await listening();
    for (let writer = 0; writer < 4; writer += 1) (await writerTo(path)).write(`${CLOCK}\n`);
    await until(() => expect(seen.frames).toHaveLength(4));
    const fifth = connect(path);
    fifth.on('error', () => undefined);
    const closed = new Promise((resolve) => fifth.once('close', resolve));
    fifth.write(`${CLOCK}\n`);
    await closed;
    expect(seen.frames).toHaveLength(4);
  });

  test('closing ends its writers and takes the socket away', async () => {
    const { path, source } = await listening();
    const writer = await writerTo(path);
    const closed = new Promise((resolve) => writer.once('close', resolve));
    await source.close();
    await closed;
    expect(existsSync(path)).toBe(false);
  });
});

test('a stream gives its last line without a line feed, and says when it ends', async () => {
  const { seen, events } = recordSource();
  const source = readFrames(Readable.from([Buffer.from(`${CLOCK}\nx\n`), Buffer.from(CLOCK)]), events);
  await until(() => expect(seen.ended).toBe(1));
  expect([seen.frames.length, seen.malformed]).toEqual([2, 1]);
  await source.close();
});
