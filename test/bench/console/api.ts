import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { idOf } from './books.ts';
import type { BenchCloud } from './cloud.ts';

export interface RouteFigures {
  readonly path: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bytes: number;
  /** The slowest answers, and the how manieth question they were. */
  readonly slowest: readonly { readonly turn: number; readonly ms: number }[];
}

const WARM_UP = 5;
const ASKED = 200;
const BETWEEN = 500;
const SLOWEST = 4;
const DAYS_AGO = 200;
const DAY_MS = 86_400_000;

/** What pages ask while somebody works with them. @param transfers - how many are on file */
const paths = (transfers: number): readonly string[] => [
  ...['/flow', '/status', '/counts', '/transfer-counts', '/transfers', '/transfers?state=withheld', '/agenda'],
  `/transfers?before=${idOf(Math.floor(transfers / 2))}`,
  ...[`/transfers/${idOf(transfers - BETWEEN)}`, `/transfers/${idOf(transfers - BETWEEN)}/steps`],
  ...['/logs', '/logs/operations/entries?limit=50', '/logs/operations/entries?kind=account&limit=50'],
  ...['/logs/operations/entries/12345/proof', '/devices', '/quarantine', '/registers/principal', '/alerts', '/audits'],
  ...['/emergency', '/catalogue?text=battery&limit=100', '/registers/principal/bench/history', '/datasets'],
  // An actor of few entries, and a kind that a log of readings hardly has.
  ...['/logs/operations/entries?actor=bench', '/logs/operations/entries?kind=register'],
  // Of a day long ago, looked for from the newest entry on.
  `/logs/operations/entries?limit=50&to=${encodeURIComponent(new Date(Date.now() - DAYS_AGO * DAY_MS).toISOString())}`,
  ...['/logs/operations/consistency?size=4096', '/registers', '/accounts', '/rules', '/recipients', '/updates'],
  ...['/agenda.ics', '/inspections', '/deletions', '/session', '/openapi.json', '/register-forms/notice'],
];

const SYNCS = 200;
/** Of an entry of the log. */
const SYNC_BYTES = 300;

/**
 * What the disk takes beside all that: one write and sync of as much as an entry, again and again. A reading that has to be in
 * the log before its answer waits for two.
 */
export function measureSyncs(directory: string): Pick<RouteFigures, 'p50Ms' | 'p99Ms'> {
  const path = join(directory, 'sync');
  const fd = openSync(path, 'w');
  const times: number[] = [];
  for (let turn = 0; turn < SYNCS; turn += 1) {
    const begun = performance.now();
    writeSync(fd, Buffer.alloc(SYNC_BYTES));
    fdatasyncSync(fd);
    times.push(performance.now() - begun);
  }
  closeSync(fd);
  rmSync(path);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** One question after the other over one connection: what one person waits for. */
export async function* measureApi(cloud: BenchCloud, transfers: number): AsyncGenerator<RouteFigures> {
  for (const [index, path] of paths(transfers).entries()) {
    // From an address of its own each, so that the limit of requests is not what is measured.
    const localAddress = `127.0.1.${index + 1}`;
    const dispatcher = new Agent({ connections: 1, pipelining: 1, localAddress });
    const times: number[] = [];
    let bytes = 0;
    for (let turn = 0; turn < WARM_UP + ASKED; turn += 1) {
      const begun = performance.now();
      const { statusCode, body } = await request(`${cloud.origin}/api/v1${path}`, {
        dispatcher,
        headers: { cookie: cloud.cookie },
      });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`${path}: ${statusCode} ${text}`);
      bytes = text.length;
      if (turn >= WARM_UP) times.push(performance.now() - begun);
    }
    const slowest = times
      .map((ms, turn) => ({ turn, ms }))
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, SLOWEST);
    times.sort((a, b) => a - b);
    const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
    await dispatcher.close();
    yield { path, p50Ms: at(0.5), p99Ms: at(0.99), bytes, slowest };
  }
}
