import { count, say } from '../say.ts';
import { measureApi, measureSyncs } from './api.ts';
import type { Books } from './books.ts';
import { startCloud } from './cloud.ts';
import { measurePages } from './pages.ts';

const P99_MS_MAX = 50;

/** What is on file; `BENCH_ENTRIES` has a longer log, which takes its time to be written, and `BENCH_BOOKS` names a directory that keeps the books. */
const booksOf = (entries: string | undefined): Books => ({
  persons: 1_000_000,
  transfers: 100_000,
  entries: Number(entries ?? 1_000_000),
});

export async function api(): Promise<void> {
  const books = booksOf(process.env['BENCH_ENTRIES']);
  const kept = process.env['BENCH_BOOKS'];
  const directory = kept ?? 'build/bench-api';
  const cloud = await startCloud(directory, books, kept !== undefined);
  try {
    say(
      `HTTP API of a cloud with ${count(books.persons)} persons, ${count(books.transfers)} transfers and ${count(books.entries)} log entries on file ` +
        `(written in ${cloud.fillSeconds.toFixed(0)} s, started in ${cloud.startSeconds.toFixed(1)} s, ${cloud.startCpuSeconds.toFixed(1)} s of CPU, ${cloud.startReadMb.toFixed(0)} MB read), one question after the other:`,
    );
    sayDisk(directory);
    for await (const { path, p50Ms, p99Ms, bytes, slowest } of measureApi(cloud, books.transfers)) {
      const late = p99Ms > P99_MS_MAX ? ` ABOVE ${P99_MS_MAX} ms` : '';
      say(`  p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ${count(bytes)} bytes: ${path}${late}`);
      if (p99Ms > P99_MS_MAX)
        say(`    slowest: ${slowest.map(({ turn, ms }) => `${ms.toFixed(0)} ms at ${turn}`).join(', ')}`);
    }
    sayDisk(directory);
  } finally {
    await cloud.stop();
  }
}

function sayDisk(directory: string): void {
  const { p50Ms, p99Ms } = measureSyncs(directory);
  say(`  the disk: p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms for a write and its sync`);
}

export async function pages(): Promise<void> {
  const cloud = await startCloud('build/bench-console', booksOf('10000'));
  try {
    const { paintMs, scriptBytes, seconds, framesPerSecond, tasks, longestCpuMs, frames } = await measurePages(cloud);
    say(
      `console: first contentful paint of the overview ${paintMs.toFixed(0)} ms (median of loads without a cache), ${count(scriptBytes)} bytes of script on the wire`,
    );
    say(
      `  overview fed with ${count(framesPerSecond)} frames/s for ${seconds} s: ${tasks.length} task(s) above 50 ms by the clock, ${tasks.filter((ms) => ms > 100).length} above 100 ms, ` +
        `the longest ${Math.max(0, ...tasks).toFixed(0)} ms; the longest by time of the processor ${longestCpuMs.toFixed(0)} ms`,
    );
    say(
      `  frames drawn meanwhile: ${count(frames.drawn)} over ${frames.updates} changes of the counts, p99 ${frames.p99Ms.toFixed(0)} ms apart, ${frames.longestMs.toFixed(0)} ms at most, ` +
        `${frames.dropped} more than 100 ms after the one before; ${frames.long.length} long animation frame(s)${frames.long.map((ms) => ` ${ms.toFixed(0)}`).join('')}`,
    );
  } finally {
    await cloud.stop();
  }
}
