import { expect, test } from 'vitest';
import { consistencyText } from '../../../../cloud/log/proof-text.ts';
import { readLog } from '../../../../cloud/log/read-log.ts';
import { type VerifyOptions, verifyLog } from '../../../../cloud/log/verify.ts';
import { checkConsistency } from './outside-verifier.ts';
import {
  entries,
  entry,
  filesOf,
  logOf,
  ORIGIN,
  offsetsIn,
  optionsFor,
  PUBLIC_KEY,
  putFiles,
  scratchDirectory,
  unwrap,
} from './scratch-log.ts';

// Each thing somebody may do to a log that is kept for years, really done.

/** 300 entries: more than one tile, so that opening does not hash all of them. */
function kept() {
  const directory = scratchDirectory();
  const log = logOf(directory, [200]);
  const early = { files: filesOf(directory), head: log.head() };
  unwrap(log.append(entries(200, 100)));
  log.close();
  return { directory, early, files: filesOf(directory), head: log.head() };
}

/** What `verify` says, in words of the fault. */
function saysOf(directory: string, more: Partial<VerifyOptions> = {}): string {
  const verified = verifyLog({ ...optionsFor(directory), ...more });
  return verified.ok ? 'whole' : verified.fault.map(({ problem }) => problem.en).join('\n');
}

const cut = (bytes: Buffer): readonly Buffer[] =>
  offsetsIn(bytes)
    .slice(0, -1)
    .map((at, n) => bytes.subarray(at, offsetsIn(bytes)[n + 1]));

test('untouched: whole, also against a head kept before', () => {
  const { directory, early, head } = kept();
  expect(saysOf(directory)).toBe('whole');
  expect(saysOf(directory, { keptHeads: [early.head, head] })).toBe('whole');
});

test('truncated: the entries end before the signed size', () => {
  const { directory, files } = kept();
  putFiles(directory, { ...files, entries: files.entries.subarray(0, offsetsIn(files.entries)[299]) });
  expect(saysOf(directory)).toContain('it ends before the signed size (entry `299`)');
});

test('edited: one digit of one entry in a full tile', () => {
  const { directory, files } = kept();
  const at = files.entries.indexOf('{"number":77}') + 11;
  putFiles(directory, { ...files, entries: Buffer.from(files.entries.with(at, 0x38)) });
  expect(saysOf(directory)).toContain('the entries do not give the signed root');
});

test('reordered: two entries change places', () => {
  const { directory, files } = kept();
  const all = cut(files.entries);
  const swapped = all.map((one, at) => (at === 10 ? all[11] : at === 11 ? all[10] : one) ?? one);
  putFiles(directory, { ...files, entries: Buffer.concat(swapped) });
  expect(saysOf(directory)).toContain('the entries do not give the signed root');
});

test('forked: who holds the key signs another history; only a head kept elsewhere shows it', () => {
  const { directory, early } = kept();
  const other = scratchDirectory();
  const log = logOf(other);
  unwrap(log.append([entry(999), ...entries(1, 199)]));
  unwrap(log.append(entries(200, 150)));
  log.close();
  putFiles(directory, filesOf(other));
  expect(saysOf(directory)).toBe('whole');
  expect(saysOf(directory, { keptHeads: [early.head] })).toContain('its past was rewritten');
  const forked = unwrap(readLog(optionsFor(directory)));
  const text = consistencyText(200, forked.proveConsistency(200), forked.note);
  const key = PUBLIC_KEY.export({ type: 'spki', format: 'der' }).subarray(-32);
  expect(checkConsistency(text, Buffer.from(early.head.rootHash), ORIGIN, key)).toBe(false);
  forked.close();
});

test('tail lost: entries and checkpoint put back together; only a head kept elsewhere shows it', () => {
  const { directory, early, head } = kept();
  putFiles(directory, early.files);
  expect(saysOf(directory)).toBe('whole');
  expect(saysOf(directory, { keptHeads: [head] })).toContain('its end is lost, or it was put back to an earlier state');
});
