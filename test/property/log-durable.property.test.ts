import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createLog, type NewEntry, type OpenLog, openLog } from '../../cloud/log/open-log.ts';
import { verifyConsistency } from '../../cloud/log/proof.ts';
import { verifyLog } from '../../cloud/log/verify.ts';
import type { Instant } from '../../proto/words/time.ts';

const keys = generateKeyPairSync('ed25519');
const scratch = mkdtempSync(join(tmpdir(), 'tongguan-log-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let made = 0;
/** A new empty directory for every run. */
function freshOptions() {
  made += 1;
  const directory = join(scratch, String(made));
  const clock = { now: () => 1_772_323_200_000 as Instant };
  return {
    directory,
    origin: 'tongguan.example/alerts',
    signingKey: keys.privateKey,
    publicKey: keys.publicKey,
    clock,
  };
}
type Options = ReturnType<typeof freshOptions>;

const entryOf = (number: number): NewEntry => ({ kind: 'alert', transferId: '', actor: 'cloud', document: { number } });

function numbersIn(log: OpenLog): readonly number[] {
  return [...log.entries()].map(({ leaf }) => JSON.parse(Buffer.from(leaf.document).toString()).number);
}

function opened(options: Options): OpenLog {
  const log = openLog(options);
  if (!log.ok) throw new Error(log.fault.problem.en);
  return log.value;
}

/** What may happen to a log: counts are numbers of entries, `keep` is the share of a torn append that reached the disk. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 0, max: 70 }) }),
  fc.record({ kind: fc.constant('failed append' as const), count: fc.integer({ min: 1, max: 70 }) }),
  fc.record({ kind: fc.constant('restart' as const) }),
  fc.record({
    kind: fc.constant('crash while appending' as const),
    count: fc.integer({ min: 1, max: 70 }),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);

test('through any appends, failures, crashes and restarts: all that was acknowledged is there, in order, once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const options = freshOptions();
      const created = createLog(options);
      let log = created.ok ? created.value : opened(options);
      let next = 0;
      let acknowledged: readonly number[] = [];
      const take = (count: number) => Array.from({ length: count }, () => next++);
      const entriesFile = join(options.directory, 'entries.log');
      const checkpointFile = join(options.directory, 'checkpoint');
      for (const move of steps) {
        if (move.kind === 'append') {
          const numbers = take(move.count);
          expect(log.append(numbers.map(entryOf)).ok).toBe(true);
          acknowledged = [...acknowledged, ...numbers];
        } else if (move.kind === 'failed append') {
          const block = join(options.directory, 'checkpoint.tmp');
          mkdirSync(block);
          expect(log.append(take(move.count).map(entryOf)).ok).toBe(false);
          rmSync(block, { recursive: true });
        } else if (move.kind === 'restart') {
          log.close();
          log = opened(options);
        } else {
          // The state on disk of a process that died before its tree head: part of the entries, and the head before.
          const [bytes, note] = [readFileSync(entriesFile).length, readFileSync(checkpointFile)];
          const numbers = take(move.count);
          expect(log.append(numbers.map(entryOf)).ok).toBe(true);
          log.close();
          const after = readFileSync(entriesFile).length;
          truncateSync(entriesFile, bytes + Math.floor((after - bytes) * move.keep));
          writeFileSync(checkpointFile, note);
          log = opened(options);
          const survived = log.head().size - acknowledged.length;
          expect(survived).toBeLessThanOrEqual(numbers.length);
          acknowledged = [...acknowledged, ...numbers.slice(0, survived)];
        }
        expect(log.head().size).toBe(acknowledged.length);
      }
      expect(numbersIn(log)).toEqual(acknowledged);
      expect(verifyLog(options)).toEqual({ ok: true, value: log.head() });
      log.close();
      const again = opened(options);
      expect(numbersIn(again)).toEqual(acknowledged);
      again.close();
    }),
    { numRuns: 60 },
  );
});

test('any one bit changed in either file, or any end cut off, is refused by opening and by verifying', () => {
  const options = freshOptions();
  const created = createLog(options);
  if (!created.ok) throw new Error(created.fault.problem.en);
  for (let group = 0; group < 8; group += 1) {
    expect(created.value.append(Array.from({ length: 5 }, (_, at) => entryOf(group * 5 + at))).ok).toBe(true);
  }
  created.value.close();
  const names = ['entries.log', 'checkpoint'] as const;
  const good = new Map(names.map((name) => [name, readFileSync(join(options.directory, name))]));
  const change = fc.record({ name: fc.constantFrom(...names), at: fc.nat(), bit: fc.nat(7), cuts: fc.boolean() });
  fc.assert(
    fc.property(change, ({ name, at, bit, cuts }) => {
      for (const [file, bytes] of good) writeFileSync(join(options.directory, file), bytes);
      const bytes = good.get(name) ?? Buffer.of();
      const place = at % bytes.length;
      const changed = cuts ? bytes.subarray(0, place) : bytes.with(place, (bytes[place] ?? 0) ^ (1 << bit));
      writeFileSync(join(options.directory, name), changed);
      expect(openLog(options)).toMatchObject({ ok: false, fault: { code: 'LOG_CORRUPT' } });
      expect(verifyLog(options)).toMatchObject({ ok: false });
    }),
    { numRuns: 400 },
  );
});

test('any bytes at all behind the last entry of one append are cut off or refused, and never part of the tree', () => {
  const options = freshOptions();
  const created = createLog(options);
  if (!created.ok) throw new Error(created.fault.problem.en);
  expect(created.value.append([1, 2, 3].map(entryOf)).ok).toBe(true);
  const head = created.value.head();
  created.value.close();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (rubbish) => {
      appendFileSync(join(options.directory, 'entries.log'), rubbish);
      expect(verifyLog(options)).toEqual({ ok: true, value: head });
      const log = opened(options);
      expect(log.head()).toEqual(head);
      const unchanged = { oldSize: 3, oldRoot: head.rootHash, size: 3, rootHash: log.head().rootHash, proof: [] };
      expect(verifyConsistency(unchanged)).toBe(true);
      log.close();
    }),
    { numRuns: 100 },
  );
});
