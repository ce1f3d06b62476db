import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAgentDatabase } from '../../../../edge/adapters/sqlite-state.ts';
import type { Spool } from '../../../../edge/ports/spool.ts';
import { compileProgram } from '../../../support/edge/compile-program.ts';
import { openDatabase } from '../../../support/edge/databases.ts';
import { sqliteSpool } from '../../../support/edge/one-spool.ts';
import { seededChance } from '../../../support/edge/seeded.ts';
import { batchAt } from '../../../support/edge/spooled.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const KILLS = 24;
const SEED = 20_200_718;
const ROOMY = { maxSize: 1_000_000_000, strategyOnFull: 'RejectNewData' } as const;

const appendLoop = compileProgram('test/support/edge/append-loop.program.ts');

/** Runs the program until it has written so many lines, kills it, and gives every line it wrote. */
function runUntilKilled(file: string, seed: number, linesWanted: number, extraMs: number): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [appendLoop, file, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    let isKilling = false;
    child.on('error', reject);
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (isKilling || text.split('\n').length <= linesWanted) return;
      isKilling = true;
      setTimeout(() => child.kill('SIGKILL'), extraMs);
    });
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the program ended by itself: ${code} ${text}`));
      // A line cut off by the kill was not said.
      else resolve(text.split('\n').slice(0, -1));
    });
  });
}

/** What names a batch and its content, for comparing many at once. */
const nameOf = (firstSequence: number, count: number, digest: string): string => `${firstSequence} ${count} ${digest}`;

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function namesIn(spool: Spool): readonly string[] {
  return spool
    .read(-1, 100_000)
    .map(({ firstSequence, count, bytes }) => nameOf(firstSequence, count, digestOf(bytes)));
}

describe('power cuts', () => {
  test(`${KILLS} kills at random moments: every append that returned is there, whole, and nothing is there twice`, async () => {
    const file = join(tempDirectory(), 'agent.db');
    const chance = seededChance(SEED);
    const appended = new Map<string, string>();
    const acknowledging = new Set<string>();
    const epochs = new Set<string>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const lines = await runUntilKilled(file, SEED + kill, Math.floor(chance() * 25), chance() * 5);
      for (const [what, first = '', count = '', digest = ''] of lines.map((line) => line.split(' '))) {
        if (what === 'opened') epochs.add(first);
        else if (what === 'appended') appended.set(first, nameOf(Number(first), Number(count), digest));
        else if (what === 'acknowledging') acknowledging.add(first);
        else throw new Error(`the program said ${what}`);
      }
      const database = openAgentDatabase(file);
      const spool = sqliteSpool(database, ROOMY);
      const there = namesIn(spool);
      const missing = [...appended].filter(([first, name]) => !there.includes(name) && !acknowledging.has(first));
      expect(missing, `kill ${kill}`).toEqual([]);
      // One more may be there whose line was not out yet; from now on it counts like the others.
      for (const name of there) appended.set(name.split(' ', 1)[0] ?? '', name);
      const ends = [...appended.values()]
        .map((name) => name.split(' '))
        .map(([first, count]) => Number(first) + Number(count));
      expect(spool.nextSequence()).toBe(Math.max(0, ...ends));
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      spool.close();
    }
    expect(epochs.size).toBe(1);
    expect(appended.size).toBeGreaterThan(KILLS * 4);
  }, 120_000);

  test('a log cut off or spoilt anywhere leaves a whole beginning of what was appended, never a hole or half a batch', () => {
    const directory = tempDirectory();
    const original = join(directory, 'agent.db');
    const spool = sqliteSpool(openDatabase(original), ROOMY);
    for (let index = 0; index < 25; index += 1) {
      const batch = batchAt(spool.nextSequence(), 1 + (index % 4), 500 + index * 90);
      expect(spool.append({ batch, released: [], told: [] }).ok).toBe(true);
    }
    const all = namesIn(spool);
    const wal = readFileSync(`${original}-wal`);
    const chance = seededChance(SEED);
    const lengths = new Set<number>();
    for (let cut = 0; cut < 40; cut += 1) {
      const copy = join(directory, `cut-${cut}.db`);
      copyFileSync(original, copy);
      const at = Math.floor(chance() * wal.length);
      writeFileSync(`${copy}-wal`, cut % 2 === 0 ? wal.subarray(0, at) : spoilt(wal, at));
      const reopened = openAgentDatabase(copy);
      const again = sqliteSpool(reopened, ROOMY);
      const there = namesIn(again);
      expect(there, `cut ${cut} at ${at}`).toEqual(all.slice(0, there.length));
      const [first, count] = there.at(-1)?.split(' ').map(Number) ?? [0, 0];
      expect(again.nextSequence()).toBe((first ?? 0) + (count ?? 0));
      // A spool that lost its beginning is a new spool, and counts under an epoch of its own.
      if (there.length > 0) expect(again.epoch).toBe(spool.epoch);
      expect(reopened.pragma('integrity_check', { simple: true })).toBe('ok');
      lengths.add(there.length);
      again.close();
    }
    expect(lengths.size).toBeGreaterThan(10);
  }, 60_000);
});

function spoilt(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x55;
  return copy;
}
