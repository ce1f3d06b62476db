import { createHash } from 'node:crypto';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATASETS, PURPOSE, RECIPIENT_ID } from '../../bin/up/tour.ts';
import { APPROVERS, VISITOR } from '../../bin/up/tour-registers.ts';
import { answerFor, setAnew } from '../support/console/answer-for.ts';
import {
  checkProof,
  faults,
  fill,
  HAS_BROWSER,
  openBrowser,
  openPage,
  PATHS,
  PHONE,
  scrollsSideways,
  UNHURRIED,
  WIDE,
} from '../support/console/browser.ts';
import { fetchMade } from '../support/console/fetch-made.ts';
import { importEntries, stopCampaign } from '../support/console/import-entries.ts';
import { join } from '../support/console/join.ts';
import { lookFor } from '../support/console/look-for.ts';
import { leadsBack, readsPermit, searchCaptures } from '../support/console/read-evidence.ts';
import { startTour, type Tour, type TourCloud } from '../support/console/tour.ts';

const PASSWORD = 'correct horse battery';
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const LATER = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10);
const PAPER = Buffer.from('%PDF-1.4 what persons are told');
const PAPER_SHA256 = createHash('sha256').update(PAPER).digest('hex');
const DATASET = 'cell-statistics';
const [ZHAO, CHEN] = APPROVERS;

let tour: Tour;
let browser: Browser;
let visitor: Page;
let zhao: Page;
let chen: Page;
let transfer: string;
let withheld: string;
const refusals: string[] = [];

/** One dataset more. Its assessment is on file, and the notice to the persons is not. */
const withDataset = ({ datasets, onFile, ...rest }: TourCloud): TourCloud => ({
  ...rest,
  datasets: [...datasets, { ...DATASETS[0], id: DATASET, title: 'Cells by vehicle and day' }],
  onFile: onFile.map((paper) =>
    paper.kind === 'pipia' ? { ...paper, datasets: [...paper.datasets, DATASET] } : paper,
  ),
});

describe.skipIf(!HAS_BROWSER)('the tour in a browser (needs make integration and chromium)', UNHURRIED, () => {
  beforeAll(async () => {
    tour = await startTour(3, withDataset);
    browser = await openBrowser();
    visitor = await openPage(browser, refusals);
  }, UNHURRIED.timeout);
  afterAll(async () => {
    await browser?.close();
    await tour?.stop();
  });

  test('the first account is made, and the overview is live in both languages', async () => {
    await visitor.goto(tour.link);
    const own = { account: VISITOR, person: 'p-tour', employer: 'Example Motor' };
    await fill(visitor, { ...own, password: PASSWORD, again: PASSWORD });
    await visitor.keyboard.press('Enter');
    await visitor.waitForURL('**/factor');
    await visitor.fill('#password', PASSWORD);
    await visitor.click('button[type=submit]');
    await visitor.locator('svg.qr').waitFor(); // drawn here, of the key below it
    expect(await faults(visitor)).toEqual([]);
    await visitor.click('a[href="/overview"]');
    await visitor.locator('.figures').waitFor();
    await expect.poll(() => visitor.locator('.figures dd').nth(1).innerText(), WAIT).not.toMatch(/^[0–]$/);
    expect(await heading(visitor)).toBe('总览');
    expect(await faults(visitor)).toEqual([]);
    await visitor.click('button[lang=en]');
    await visitor.locator('h1:text-is("Overview")').waitFor();
    expect(await faults(visitor)).toEqual([]);
  });

  test('what the tour shows as withheld says why and what would have to be on file, in both languages', async () => {
    await go(visitor, '/transfers');
    await visitor.locator('tr:has-text("fleet-tracks") a').first().click();
    await visitor.locator('h1 .tag:text-is("withheld")').waitFor();
    await visitor.locator('.rules li').first().waitFor();
    await leadsBack(visitor, 'Where the vehicles went', '/transfers');
    withheld = new URL(visitor.url()).pathname;
    expect(await visitor.locator('.rules p[lang=en]').first().innerText()).toMatch(/[a-z]/);
    expect(await visitor.locator('.rules p[lang=zh-CN]').first().innerText()).toMatch(/[\u4e00-\u9fff]/);
    await visitor.click('button[lang=zh-CN]');
    await visitor.locator('h1 .tag:text-is("暂不出境")').waitFor();
    await visitor.locator('h1:has-text("车辆每小时所在的5公里网格")').waitFor();
    await visitor.locator('.facts:has-text("示例电池实验室")').first().waitFor();
    await visitor.click('button[lang=en]');
  });

  test('what waits for one more person is approved by the visitor, and delivered', async () => {
    await go(visitor, '/approvals');
    await visitor.locator('tr:has-text("charging-statistics") a').first().click();
    await visitor.locator(`dt:has-text("${ZHAO}")`).waitFor();
    await button(visitor, 'Approve').click();
    await visitor.locator('h1 .tag:text-is("delivered")').waitFor();
  });

  test('two more persons are registered and given accounts by a link each', async () => {
    const about = { origin: tour.origin, from: DAY, until: LATER, password: PASSWORD };
    zhao = await join(visitor, await openPage(browser, refusals), about, ZHAO);
    chen = await join(visitor, await openPage(browser, refusals), about, CHEN);
    // Both have a key in the matrix, which an account that was made for them waits for.
    for (const [name, page] of [[ZHAO, zhao] as const, [CHEN, chen] as const]) {
      await page.locator('.unvouched').waitFor();
      tour.showKey(name);
      await page.reload();
      await page.locator('.figures').waitFor();
      await page.locator('.unvouched').waitFor({ state: 'detached' });
    }
    await go(visitor, '/accounts');
    await visitor.locator(`text=${CHEN}`).first().waitFor();
    expect(await faults(visitor)).toEqual([]);
  });

  test('who may approve is changed in a form made from the schema, and stands when a second person confirms it', async () => {
    await go(visitor, '/registers/processor/example-motor');
    await button(visitor, 'Change').click();
    const row = 'field-authorities-4';
    await fill(visitor, {
      'field-authorities': '+',
      [`${row}-account`]: 'wang.fang',
      [`${row}-person`]: 'p-wang-fang',
    });
    await fill(visitor, { [`${row}-may-approve`]: true });
    // Nothing is sent while something is missing: the first such field is gone to.
    await button(visitor, 'Change').click();
    await visitor.locator(`[id="${row}-since"]:focus`).waitFor();
    expect(await faults(visitor)).toEqual([]);
    await fill(visitor, { [`${row}-since`]: DAY });
    await button(visitor, 'Change').click();
    await visitor.locator('h1 .tag:text-is("awaiting a second person")').waitFor();
    await go(zhao, '/registers/processor/example-motor');
    await button(zhao, 'Confirm the change').click();
    await zhao.locator('h1 .tag:text-is("standing")').waitFor();
  });

  test('a transfer is withheld for a document that is missing, before anybody has asked for it', async () => {
    await choose();
    await visitor.locator('.missing li').first().waitFor();
    expect(await visitor.locator('.missing').innerText()).toMatch(/notice/i);
    expect(await faults(visitor)).toEqual([]);
  });

  test('the document is entered with an attachment whose hash is that of its bytes, and its history is on record', async () => {
    await go(visitor, '/registers/notice?new');
    await fill(visitor, {
      ...{ 'field-id': 'notice-2', 'field-number': 'PN-2', 'field-version': '2' },
      ...{ 'field-validFrom': DAY, 'field-validUntil': LATER, 'field-recipients': RECIPIENT_ID },
      'field-datasets': DATASET,
    });
    // Names that are on file are offered, by their titles.
    await visitor.locator(`#field-purposes-add option[value="${PURPOSE}"]`).waitFor({ state: 'attached' });
    await visitor.selectOption('#field-purposes-add', PURPOSE);
    expect(await visitor.locator('#field-purposes').inputValue()).toBe(PURPOSE);
    await visitor.click('text=Enter it');
    await visitor.waitForURL('**/registers/notice/notice-2');
    await visitor.locator('h1:has-text("PN-2") .path:text-is("notice-2")').waitFor();
    const paper = { name: 'notice.pdf', mimeType: 'application/pdf', buffer: PAPER };
    await visitor.setInputFiles('#document', paper);
    await visitor.locator(`td:has-text("${PAPER_SHA256}")`).waitFor();
    const download = visitor.waitForEvent('download');
    await visitor.click('text=notice.pdf');
    expect((await download).suggestedFilename()).toBe('notice.pdf');
    await visitor.click('text=Show who changed it');
    await expect.poll(() => visitor.locator('.steps > li').count(), WAIT).toBe(2);
    await checkProof(visitor);
    expect(await faults(visitor)).toEqual([]);
  });

  test('then the verdict permits, and the transfer waits for two persons', async () => {
    await choose();
    await visitor.locator('.tag:has-text("permit")').first().waitFor();
    await visitor.click('text=Ask for the transfer');
    await visitor.waitForURL('**/transfers/t2*');
    transfer = new URL(visitor.url()).pathname;
    await visitor.locator('h1 .tag:has-text("awaiting approval")').waitFor();
    expect(await faults(visitor)).toEqual([]);
  });

  test('both approve; it is delivered, and each step is proved to be in its log', async () => {
    for (const page of [zhao, chen]) {
      await go(page, '/approvals');
      await page.click(`a[href="${transfer}"]`);
      await button(page, 'Approve').click();
      await page
        .locator(`text=p-${page === zhao ? 'zhao-wei' : 'chen-jing'}`)
        .first()
        .waitFor();
    }
    await visitor.locator('h1 .tag:has-text("delivered")').waitFor();
    await visitor.locator('.steps > li:has-text("Traffic log")').first().waitFor();
    await readsPermit(visitor);
    const steps = await visitor.locator('.steps > li').count();
    for (const at of [0, steps - 1]) await checkProof(visitor, at);
    expect(await faults(visitor)).toEqual([]);
  });

  test('everything is stopped by one, and goes on by two', async () => {
    await go(visitor, '/emergency');
    await fill(visitor, { reason: 'drill', word: 'STOP' });
    await visitor.click('text=Stop all exports now');
    await visitor.locator('text=All exports are stopped').first().waitFor();
    for (const page of [zhao, chen]) {
      await go(page, '/emergency');
      await page.locator('.stopped').waitFor();
      expect(await faults(page)).toEqual([]);
      await page.click('text=Exports may go on');
    }
    await chen.locator('text=Stop all exports now').waitFor();
    await go(visitor, '/emergency');
    await visitor.locator('text=Stop all exports now').waitFor();
  });

  test('bundles and a draft are asked for, seen to be made, fetched, and removed; captures are searched by time', async () => {
    await fetchMade(visitor, tour.origin, [DAY, LATER]);
    await go(visitor, '/audit');
    await searchCaptures(visitor);
  });

  test('credentials that another set anew count once two persons of the matrix answer for them', async () => {
    await setAnew(visitor, zhao, tour.origin, ZHAO, PASSWORD);
    expect(await faults(zhao)).toEqual([]);
    await answerFor(chen, zhao, tour.origin, ZHAO);
    expect(await faults(chen)).toEqual([]);
  });
  test('devices are looked for by number and state, entries of a log by time', () =>
    lookFor(visitor, tour.origin, DAY));
  test('many entries are imported with a bar; a wrong one leaves none', () => importEntries(visitor, tour.origin));
  test('a campaign is stopped with a reason, and goes on', () => stopCampaign(visitor, tour.origin));

  test('an alert is acknowledged, taken, and closed with a reason', async () => {
    await go(visitor, '/alerts');
    await visitor.locator('tbody tr:has(.tag:text-is("open")) button').first().click();
    const panel = visitor.locator('.panel:has(#closing)');
    await button(panel, 'Acknowledge').click();
    await panel.locator('.tag:text-is("acknowledged")').waitFor();
    await button(panel, 'I take it').click();
    await panel.locator(`dd:text-is("${VISITOR}")`).waitFor();
    await fill(visitor, { closing: 'a drill' });
    await button(panel, 'Close').click();
    await visitor.locator('.panel .tag:text-is("closed")').waitFor();
    expect(await faults(visitor)).toEqual([]);
  });

  test.each(['en', 'zh-CN'])('axe finds nothing serious, a phone scrolls no page sideways: %s', async (language) => {
    const shown = await visitor.getAttribute('html', 'lang');
    if (shown !== language) await visitor.click(`button[lang=${language}]`);
    await visitor.setViewportSize(PHONE);
    for (const path of [...PATHS, transfer, withheld]) {
      await go(visitor, path);
      await visitor.locator('.panel, .empty, main p').first().waitFor();
      await visitor.waitForLoadState('networkidle');
      expect(await scrollsSideways(visitor), path).toBe(false);
      expect(await faults(visitor), path).toEqual([]);
    }
    await visitor.setViewportSize(WIDE);
  });

  test('the menu is reached and used by the keyboard alone', async () => {
    await go(visitor, '/overview');
    // A page that is there is not yet one that has been put together.
    await visitor.locator('#menu a[href="/filings"]').waitFor();
    await visitor.keyboard.press('Tab');
    await visitor.keyboard.press('Enter');
    expect(await visitor.evaluate('document.activeElement.id')).toBe('page');
    await visitor.locator('#menu a[href="/filings"]').focus();
    await visitor.keyboard.press('Enter');
    await visitor.waitForURL('**/filings');
  });

  test('nothing of it was against its policy, and no page failed', () => {
    expect(refusals).toEqual([]);
  });
});

const WAIT = { timeout: 60_000, interval: 500 };

const button = (within: Page | Locator, name: string): Locator => within.getByRole('button', { name, exact: true });

const heading = (page: Page): Promise<string> => page.locator('h1').innerText();

const go = (page: Page, path: string): Promise<unknown> => page.goto(`${tour.origin}${path}`);

async function choose(): Promise<void> {
  await go(visitor, '/request');
  await visitor.locator(`#dataset option[value=${DATASET}]`).waitFor({ state: 'attached' });
  await visitor.locator(`#recipient option[value=${RECIPIENT_ID}]`).waitFor({ state: 'attached' });
  await fill(visitor, { dataset: DATASET, recipient: RECIPIENT_ID, purpose: PURPOSE });
}
