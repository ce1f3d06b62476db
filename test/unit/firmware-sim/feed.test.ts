import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { BATCH_LINES_MAX, openFeed } from '../../../firmware-sim/feed.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import { backoffMs } from '../../../firmware-sim/socket-link.ts';
import { WALL_START } from './run-virtually.ts';

const directories: string[] = [];
const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.stop();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function socketFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tg-feed-'));
  directories.push(directory);
  return join(directory, 'v0001.sock');
}

interface Agent {
  readonly received: () => string;
  readonly sockets: () => readonly Socket[];
  readonly stop: () => Promise<void>;
}

/** Stands for an agent: listens, and reads unless told to be deaf. */
async function listen(path: string, isDeaf = false): Promise<Agent> {
  let text = '';
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    if (isDeaf) socket.pause();
    else socket.on('data', (chunk) => (text += chunk.toString()));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const agent = {
    received: () => text,
    sockets: () => sockets,
    stop: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  agents.push(agent);
  return agent;
}

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 1_000 && !condition(); round += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

const options = (path: string) => ({ path, queueLinesMax: 1_000, onGaveUp: () => undefined });

test('lines wait for an agent that is not there yet, then arrive in order', async () => {
  const path = socketFile();
  const feed = openFeed(options(path));
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index}\n`);
  for (const [index, line] of lines.entries()) expect(feed.offer(later(WALL_START, index), line)).toBe(true);
  expect(feed.counts()).toEqual({ written: 0, lost: 0, waiting: 200, sentTo: undefined });
  const agent = await listen(path);
  await until(() => feed.counts().written === 200);
  expect(feed.counts()).toEqual({ written: 200, lost: 0, waiting: 0, sentTo: later(WALL_START, 199) });
  await until(() => agent.received() === lines.join(''));
  await feed.close(1_000);
});

test('a full queue takes no more, whatever the agent does', async () => {
  const path = socketFile();
  await listen(path, true);
  const feed = openFeed({ ...options(path), queueLinesMax: 10 });
  const line = `${'x'.repeat(100_000)}\n`;
  let taken = 0;
  for (let round = 0; round < 200; round += 1) {
    if (feed.offer(WALL_START, line)) taken += 1;
    feed.flush();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(feed.offer(WALL_START, line)).toBe(false);
  expect(feed.counts().waiting).toBeLessThanOrEqual(10 + BATCH_LINES_MAX);
  expect(feed.counts().written + feed.counts().waiting).toBe(taken);
  await feed.close(10);
  expect(feed.counts().waiting).toBeLessThanOrEqual(BATCH_LINES_MAX);
});

test('after a break the feed comes back by itself and sends nothing twice', async () => {
  const path = socketFile();
  const first = await listen(path);
  const feed = openFeed(options(path));
  feed.offer(WALL_START, 'before\n');
  feed.flush();
  await until(() => first.received() === 'before\n');
  await first.stop();
  for (let index = 0; index < 20; index += 1) feed.offer(later(WALL_START, index), `after ${index}\n`);
  const second = await listen(path);
  await until(() => feed.counts().written === 21);
  await until(() => second.received().endsWith('after 19\n'));
  expect(second.received().split('\n')).toHaveLength(21);
  expect(feed.counts()).toMatchObject({ lost: 0, waiting: 0 });
  await feed.close(1_000);
});

test('closing gives the queue a moment, then counts what is left as lost', async () => {
  const feed = openFeed(options(socketFile()));
  for (let index = 0; index < 5; index += 1) feed.offer(WALL_START, 'x\n');
  await feed.close(20);
  expect(feed.counts()).toMatchObject({ written: 0, lost: 5, waiting: 0 });
});

test('the pause between attempts grows and stays bounded', () => {
  expect([1, 2, 3].map(backoffMs)).toEqual([25, 50, 100]);
  expect(backoffMs(100_000)).toBe(2_000);
});
