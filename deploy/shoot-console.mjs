// Every page of the console as a picture, over the tour: what `make shots` runs. In build/shots, wide and narrow, in both languages.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'build/shots');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  process.stderr.write(`${executablePath} is missing (Debian: chromium), or name one in CHROMIUM\n`);
  process.exit(1);
}

const PAGES = [
  'overview',
  'transfers',
  'request',
  'approvals',
  'catalogue',
  'fleet',
  'registers',
  'registers/recipient',
  'registers/contract/contract-1',
  'registers/incident?new',
  'filings',
  'updates',
  'incidents',
  'alerts',
  'audit',
  'accounts',
  'emergency',
];
const WIDTHS = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };
const LINK_MS_MAX = 150_000;
const DELIVERED_SECONDS_MAX = 180;
const STATES = ['delivered', 'awaiting-approval', 'withheld'];

const data = mkdtempSync(join(tmpdir(), 'tongguan-shots-'));
const tour = spawn(join(root, 'bin/tongguan'), ['up', '--data', data, '--vehicles', '14', '--json'], {
  stdio: ['ignore', 'ignore', 'pipe'],
});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const link = await firstLink();
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const page = await browser.newPage({ viewport: WIDTHS.wide, locale: 'zh-CN' });
  await page.goto(link);
  await shoot(page, 'setup');
  await setUp(page);
  await delivered(page);
  for (const name of PAGES) {
    await page.goto(`${new URL(link).origin}/${name}`);
    await shoot(page, name.replace(/\W/g, '-'));
  }
  await shootRequest(page, new URL(link).origin);
  await shootOpened(page, new URL(link).origin);
  for (const state of STATES) {
    const id = await page.evaluate(
      async (wanted) =>
        (await (await fetch('/api/v1/transfers')).json()).transfers.find((one) => one.state === wanted).transferId,
      state,
    );
    await page.goto(`${new URL(link).origin}/transfers/${id}`);
    await page.locator('.steps li').first().waitFor();
    await page.locator('.proof button').first().click();
    await page.locator('.proof .tag').first().waitFor();
    await shoot(page, `transfer-${state}`);
  }
  process.stdout.write(`pictures in ${out}\n`);
} finally {
  await browser.close();
  tour.kill('SIGINT');
  await new Promise((resolve) => tour.once('exit', resolve));
  rmSync(data, { recursive: true, force: true });
}

/** What the tour prints of itself once the console listens. */
function firstLink() {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the tour gave no link to make the first account')), LINK_MS_MAX);
    let told = '';
    tour.stderr.on('data', (piece) => {
      told = `${told}${piece}`.slice(-65_536);
      const found = /http:\S+\/setup#[0-9a-f]+/.exec(told);
      if (found === null) return;
      clearTimeout(late);
      resolve(found[0]);
    });
  });
}

async function setUp(page) {
  const password = 'a long enough password';
  // Under this name the registers of the tour let the account ask and approve.
  const fields = { account: 'tour', person: 'p-tour', employer: 'Example Motor', password, again: password };
  for (const [id, value] of Object.entries(fields)) await page.fill(`#${id}`, value);
  await page.click('button[type=submit]');
  await page.waitForURL('**/factor');
  await shoot(page, 'factor');
  await page.click('a[href="/overview"]');
  await page.locator('.figures').waitFor();
}

/** Until the tour has asked for its transfers and one has arrived. */
async function delivered(page) {
  for (let turn = 0; turn < DELIVERED_SECONDS_MAX; turn += 1) {
    const states = await page.evaluate(async () =>
      (await (await fetch('/api/v1/transfers')).json()).transfers.map(({ state }) => state),
    );
    if (STATES.every((state) => states.includes(state))) return;
    await page.waitForTimeout(1_000);
  }
  throw new Error('the tour delivered nothing');
}

/** The wizard with what it says about the dataset that may not go. */
async function shootRequest(page, origin) {
  await page.goto(`${origin}/request`);
  await page.locator('#dataset option').nth(2).waitFor({ state: 'attached' });
  for (const [id, index] of Object.entries({ dataset: 2, recipient: 1, purpose: 1 })) {
    await page.selectOption(`#${id}`, { index });
  }
  await page.locator('.missing').waitFor();
  await shoot(page, 'request-verdict');
}

/** What a page shows once one of its rows is opened. */
async function shootOpened(page, origin) {
  for (const name of ['fleet', 'alerts']) {
    await page.goto(`${origin}/${name}`);
    await page.locator('tbody .link').first().click();
    await page.locator('.facts').first().waitFor();
    await shoot(page, `${name}-opened`);
  }
}

/** In both languages and widths; the page keeps what it holds. */
async function shoot(page, name) {
  await page.waitForLoadState('networkidle').catch(() => undefined);
  for (const language of ['zh', 'en']) {
    const button = page.locator(`button[lang="${language === 'zh' ? 'zh-CN' : 'en'}"]`);
    if ((await button.count()) > 0) await button.click();
    for (const [width, viewport] of Object.entries(WIDTHS)) {
      await page.setViewportSize(viewport);
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(out, `${name}-${language}-${width}.png`), fullPage: true });
    }
    await page.setViewportSize(WIDTHS.wide);
  }
}
