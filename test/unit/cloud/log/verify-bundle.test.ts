import { hash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../../../cloud/log/open-log.ts';
import { readLog } from '../../../../cloud/log/read-log.ts';
import { verifyBundle } from '../../../../cloud/log/verify-bundle.ts';
import { writeBundle } from '../../../../cloud/log/write-bundle.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { NOW, ORIGIN, optionsFor, PUBLIC_KEY, scratchDirectory, unwrap } from './scratch-log.ts';

/** 600 entries, one a second, and a bundle of the seconds from 300 to before 400. */
function bundled(): string {
  const directory = scratchDirectory();
  let now = NOW as number;
  const clock = { now: () => now as Instant };
  const log = unwrap(createLog({ ...optionsFor(directory), clock }));
  for (; now < NOW + 600_000; now += 1_000)
    unwrap(log.append([{ kind: 'verdict', transferId: 't', actor: 'a', document: { n: now } }]));
  log.close();
  const read = unwrap(readLog(optionsFor(directory)));
  const out = join(scratchDirectory(), 'bundle');
  const times = { from: (NOW + 300_000) as Instant, to: (NOW + 400_000) as Instant };
  unwrap(
    writeBundle({ out, ...times, logs: [{ name: 'operations', origin: ORIGIN, publicKey: PUBLIC_KEY, log: read }] }),
  );
  read.close();
  return out;
}

const filesOf = (bundle: string): readonly string[] =>
  readdirSync(bundle, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'SHA256SUMS')
    .map((entry) => join(entry.parentPath, entry.name).slice(bundle.length + 1))
    .sort();

/** Whoever changes a file has `sha256sum` too. */
function sumAnew(bundle: string): void {
  const lines = filesOf(bundle).map((path) => `${hash('sha256', readFileSync(join(bundle, path)))}  ${path}`);
  writeFileSync(join(bundle, 'SHA256SUMS'), `${lines.join('\n')}\n`);
}

const damageOf = (bundle: string): string => {
  const verified = verifyBundle(bundle);
  return verified.ok ? 'none' : verified.fault.problem.en;
};

test('a bundle holds from what it holds alone; any byte of any file that was changed is found, sums anew or not', () => {
  const bundle = bundled();
  expect(unwrap(verifyBundle(bundle))).toMatchObject([{ name: 'operations', size: 600, first: 300, end: 400 }]);
  const files = filesOf(bundle);
  expect(files.length).toBeGreaterThan(8);
  for (const path of files) {
    const file = join(bundle, path);
    const good = readFileSync(file);
    for (const at of [0, Math.floor(good.length / 2), good.length - 2]) {
      const bad = Buffer.from(good);
      bad.writeUInt8((bad[at] ?? 0) ^ 1, at);
      writeFileSync(file, bad);
      expect(damageOf(bundle), `${path} at ${at}`).toContain('checksum');
      sumAnew(bundle);
      expect(() => unwrap(verifyBundle(bundle)), `${path} at ${at}, summed anew`).toThrow();
    }
    writeFileSync(file, good);
    sumAnew(bundle);
  }
  expect(damageOf(bundle)).toBe('none');
});

test.each([
  ['a line taken out', (text: string) => text.replace(/^.*\n/, ''), 'lines'],
  ['two lines changed over', (text: string) => text.replace(/^(.*\n)(.*\n)/, '$2$1'), 'lines'],
  ['a line put in', (text: string) => `${text}${text.split('\n')[0]}\n`, 'lines'],
])('%s is found', (_, change, damage) => {
  const bundle = bundled();
  const file = join(bundle, 'operations/entries-300.ndjson');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  sumAnew(bundle);
  expect(damageOf(bundle)).toContain(damage);
});

test('lines may be in two files that follow each other, and a line that is in neither is found', () => {
  const bundle = bundled();
  const file = join(bundle, 'operations/entries-300.ndjson');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const split = (next: number): string => {
    rmSync(join(bundle, 'operations/entries-350.ndjson'), { force: true });
    writeFileSync(file, `${lines.slice(0, 50).join('\n')}\n`);
    writeFileSync(join(bundle, `operations/entries-${next}.ndjson`), `${lines.slice(next - 300).join('\n')}\n`);
    sumAnew(bundle);
    return damageOf(bundle);
  };
  expect(split(350)).toBe('none');
  expect(split(351)).toContain('lines');
});

test('a line that tells an entry in other words than the entry is found', () => {
  const bundle = bundled();
  const file = join(bundle, 'operations/entries-300.ndjson');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"actor":"a"', '"actor":"b"'));
  sumAnew(bundle);
  expect(damageOf(bundle)).toContain('lines');
});

test('a file that no sum covers, one that is gone, and no bundle at all are found', () => {
  const bundle = bundled();
  const copy = join(scratchDirectory(), 'copy');
  cpSync(bundle, copy, { recursive: true });
  writeFileSync(join(bundle, 'more.ndjson'), '{}\n');
  expect(damageOf(bundle)).toContain('checksum');
  rmSync(join(copy, 'operations/entries-300.ndjson'));
  expect(damageOf(copy)).toContain('checksum');
  expect(damageOf(scratchDirectory())).toContain('no log');
});
