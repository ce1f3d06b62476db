import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

/** Debian's, or one that is named. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A browser costs more than all other tests of the console together: `make integration` asks for it. */
export const HAS_BROWSER = process.env['TONGGUAN_INTEGRATION'] === '1' && existsSync(executablePath);

/** Every page of the console. */
export const PATHS = [
  ...['/overview', '/fleet', '/catalogue', '/transfers', '/request', '/approvals', '/emergency', '/registers'],
  ...['/registers/notice', '/registers/recipient?new', '/registers/incident?new', '/registers/assessment?new'],
  ...['/filings', '/updates', '/reports', '/incidents', '/alerts', '/audit', '/accounts', '/factor'],
];

export const WIDE = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };
/** A build, an export and a slow machine. */
export const PATIENCE_MS = 90_000;
/** A test goes through many such steps. */
export const UNHURRIED = { timeout: 300_000 };

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath, args: ['--no-sandbox'] });

/** A page of a person of their own. The policy stays as it is served: what it refuses is told. */
export async function openPage(browser: Browser, refusals: string[] = []): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: WIDE });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('console', (line) => {
    if (/Content Security Policy/.test(line.text())) refusals.push(line.text());
  });
  page.on('pageerror', (error) => refusals.push(String(error)));
  return page;
}

/** What axe calls serious or worse, by its rules of WCAG 2.2 A and AA. */
export async function faults(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) =>
      violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
        .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  );
  return found as readonly string[];
}

export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > innerWidth');

/** Fills a form: `true` marks, `+` adds a row, everything else is typed or chosen. */
export async function fill(page: Page, fields: Readonly<Record<string, string | true>>): Promise<void> {
  for (const [id, value] of Object.entries(fields)) {
    const control = page.locator(`[id="${id}"]`);
    await control.waitFor();
    if (value === true) await control.check();
    else if (value === '+') await control.click();
    else if (await isChoice(control)) await control.selectOption(value);
    else await control.fill(value);
  }
}

const isChoice = async (control: Locator): Promise<boolean> =>
  (await control.evaluate((element: { readonly tagName: string }) => element.tagName)) === 'SELECT';

/** Checks the proof of one step of a list, in a page in English. */
export async function checkProof(page: Page, at = 0): Promise<void> {
  const step = page.locator('.steps > li').nth(at);
  await step.locator('.proof button').click();
  await step.locator('.tag-good:has-text("recomputed here")').waitFor();
}
