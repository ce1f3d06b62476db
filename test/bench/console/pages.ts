import { type Browser, chromium, type Page } from 'playwright-core';
import type { BenchCloud } from './cloud.ts';

export interface PageFigures {
  /** First contentful paint, milliseconds from the start of the navigation. */
  readonly paintMs: number;
  /** Of scripts as they were sent. */
  readonly scriptBytes: number;
  readonly seconds: number;
  readonly framesPerSecond: number;
  /** Milliseconds of each task of the page that took longer than 50, by the clock: a machine that does other things makes them longer. */
  readonly tasks: readonly number[];
  /** The longest by the time that the processor spent on it. */
  readonly longestCpuMs: number;
  /** Milliseconds from one frame that the browser drew to the next, while counts rose. */
  readonly frames: FrameFigures;
}

export interface FrameFigures {
  readonly drawn: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  /** Gaps of more than 100 ms. */
  readonly dropped: number;
  /** Frames that the browser itself calls long (Long Animation Frames): their durations. */
  readonly long: readonly number[];
  /** How often the page drew other counts. */
  readonly updates: number;
}

const LOADS = 5;
const WATCHED_SECONDS = 30;
const FRAMES_PER_SECOND = 1_000;

/** Loads the overview anew several times, then watches it while its counts rise as 1,000 frames a second make them. */
export async function measurePages(cloud: BenchCloud): Promise<PageFigures> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const paints: number[] = [];
    let scriptBytes = 0;
    for (let load = 0; load < LOADS; load += 1) {
      const page = await openPage(browser, cloud);
      await page.goto(`${cloud.origin}/overview`);
      await page.locator('.sankey, .gauge').first().waitFor();
      await page.waitForLoadState('networkidle');
      paints.push(await page.evaluate(PAINT_MS));
      scriptBytes = await page.evaluate(SCRIPT_BYTES);
      await page.context().close();
    }
    const page = await openPage(browser, cloud);
    const seen = await watched(browser, page, cloud);
    const rate = { seconds: WATCHED_SECONDS, framesPerSecond: FRAMES_PER_SECOND };
    const paintMs = paints.toSorted((a, b) => a - b)[Math.floor(LOADS / 2)] ?? Number.NaN;
    return { paintMs, scriptBytes, ...rate, ...seen };
  } finally {
    await browser.close();
  }
}

const PAINT_MS = `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN`;
const SCRIPT_BYTES = `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;

async function openPage(browser: Browser, cloud: BenchCloud): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const [name = '', value = ''] = cloud.cookie.split('=');
  await context.addCookies([{ name, value, url: cloud.origin }]);
  return context.newPage();
}

/** The answers about the flow are made here: what a page does about them is the same whoever counted. */
async function watched(
  browser: Browser,
  page: Page,
  cloud: BenchCloud,
): Promise<Pick<PageFigures, 'tasks' | 'longestCpuMs' | 'frames'>> {
  const begun = Date.now();
  let updates = 0;
  await page.route('**/api/v1/flow', (route) => {
    const frames = Math.floor(((Date.now() - begun) / 1_000) * FRAMES_PER_SECOND);
    updates += 1;
    return route.fulfill({ json: flowOf(frames) });
  });
  await page.addInitScript(WATCH);
  await page.goto(`${cloud.origin}/overview`);
  await page.locator('.sankey canvas').first().waitFor();
  // What it takes to load the page is not what it takes to keep it live.
  await page.waitForLoadState('networkidle');
  await page.evaluate('globalThis.tasks.length = globalThis.long.length = globalThis.gaps.length = 0');
  updates = 0;
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await page.waitForTimeout(WATCHED_SECONDS * 1_000);
  const trace = JSON.parse((await browser.stopTracing()).toString('utf8')) as Trace;
  const [tasks, long, gaps] = (await page.evaluate('[tasks, long, gaps]')) as readonly (readonly number[])[];
  const frames = { ...figuresOf(gaps ?? []), long: long ?? [], updates };
  return { tasks: tasks ?? [], longestCpuMs: longestTask(trace), frames };
}

/** What the page sees of itself: long tasks, long animation frames, and the times between frames that were drawn. */
const WATCH = `globalThis.tasks = []; globalThis.long = []; globalThis.gaps = [];
  for (const [type, into] of [['longtask', tasks], ['long-animation-frame', long]])
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => into.push(duration)))
      .observe({ entryTypes: [type] });
  let before = performance.now();
  const draw = (now) => { gaps.push(now - before); before = now; requestAnimationFrame(draw); };
  requestAnimationFrame(draw);`;

const FRAME_MS_MAX = 100;

function figuresOf(gaps: readonly number[]): Pick<FrameFigures, 'drawn' | 'p99Ms' | 'longestMs' | 'dropped'> {
  const sorted = gaps.toSorted((a, b) => a - b);
  const p99Ms = sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN;
  const dropped = gaps.filter((ms) => ms > FRAME_MS_MAX).length;
  return { drawn: gaps.length, p99Ms, longestMs: sorted.at(-1) ?? Number.NaN, dropped };
}

interface Trace {
  readonly traceEvents: readonly {
    readonly name: string;
    readonly pid: number;
    readonly tid: number;
    /** Microseconds of the processor. */
    readonly tdur?: number;
    readonly args?: { readonly name?: string };
  }[];
}

/** Of the threads that draw pages. */
function longestTask({ traceEvents }: Trace): number {
  const threads = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid}/${tid}`);
  const spent = traceEvents
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && threads.includes(`${pid}/${tid}`))
    .map(({ tdur = 0 }) => tdur / 1_000);
  return Math.max(0, ...spent);
}

const flowOf = (frames: number) => ({
  ...{ at: new Date().toISOString(), devices: 200, connections: 200, framesAdmitted: frames, duplicates: 0 },
  removed: { position: frames * 3, 'signal-not-allowed': frames * 2, 'signal-rate': frames, imagery: frames / 10 },
  refused: { SIGNATURE: Math.floor(frames / 1_000), RECHECK: Math.floor(frames / 5_000) },
  ...{ quarantined: Math.floor(frames / 1_000), framesDroppedByVehicles: 0 },
  zones: { general: frames / 2, personal: frames / 3, geographic: frames / 6, important: 0, quarantine: 0 },
  transfers: { cleared: 3, withheld: 2, delivered: 3 },
});
