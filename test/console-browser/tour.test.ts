import { createHash } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PURPOSE, RECIPIENT_ID } from '../../bin/up/tour.ts';
import {
  faults,
  fill,
  HAS_BROWSER,
  openBrowser,
  openPage,
  PHONE,
  scrollsSideways,
  WIDE,
} from '../support/console/browser.ts';
import { startTour, type Tour } from '../support/console/tour.ts';

const PASSWORD = 'correct horse battery';
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const LATER = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10);
const PAPER = Buffer.from('%PDF-1.4 what persons are told');
const PAPER_SHA256 = createHash('sha256').update(PAPER).digest('hex');
const DATASET = 'battery-statistics';

let tour: Tour;
let browser: Browser;
let alice: Page;
let bob: Page;
let carol: Page;
let transfer: string;
const refusals: string[] = [];

/** The notice is not on file, and a permitting verdict is not enough. */
const asStrict = (yaml: string): string =>
  yaml.replace('issue: on-verdict', 'issue: on-approval').replace(/ {2}- kind: notice\n(?: {4}.*\n| {6}.*\n)+/, '');

describe.skipIf(!HAS_BROWSER)('the tour in a browser (needs make integration and the Debian package chromium)', () => {
  beforeAll(async () => {
    tour = await startTour(2, asStrict);
    browser = await openBrowser();
    alice = await openPage(browser, refusals);
  });
  afterAll(async () => {
    await browser?.close();
    await tour?.stop();
  });

  test('the first account is made, and the overview is live in both languages', async () => {
    await alice.goto(tour.link);
    const own = { account: 'alice', person: 'p-alice', employer: 'Example Motor' };
    await fill(alice, { ...own, password: PASSWORD, again: PASSWORD });
    await alice.keyboard.press('Enter');
    await alice.waitForURL('**/factor');
    await alice.click('button[type=submit]');
    // What is drawn is a QR code of the key below it, and nothing was fetched for it.
    await alice.locator('svg.qr').waitFor();
    expect(await faults(alice)).toEqual([]);
    await alice.click('a[href="/overview"]');
    await alice.locator('.figures').waitFor();
    await expect.poll(() => alice.locator('.figures dd').nth(1).innerText(), WAIT).not.toMatch(/^[0–]$/);
    expect(await heading(alice)).toBe('总览');
    await alice.click('button[lang=en]');
    expect(await heading(alice)).toBe('Overview');
    expect(await faults(alice)).toEqual([]);
  });

  test('two more persons are registered and given accounts by a link each', async () => {
    bob = await join('bob');
    carol = await join('carol');
    await go(alice, '/accounts');
    await alice.locator('text=carol').first().waitFor();
    expect(await faults(alice)).toEqual([]);
  });

  test('who may ask and approve is entered in the register, in a form made from its schema', async () => {
    await go(alice, '/registers/processor?new');
    const rows = [
      ['alice', 'request'],
      ['bob', 'approve', 'resume'],
      ['carol', 'approve', 'resume'],
    ] as const;
    await fill(alice, {
      ...{ 'field-id': 'example-motor', 'field-name': 'Example Motor', 'field-ciio': 'no' },
      ...{ 'field-department': 'Data security', 'field-securityOfficer-name': 'Zhao' },
      'field-securityOfficer-contact': 'security@example.com',
    });
    for (const [at, [account, ...may]] of rows.entries()) {
      const row = `field-authorities-${at}`;
      await fill(alice, { 'field-authorities': '+', [`${row}-account`]: account, [`${row}-person`]: `p-${account}` });
      for (const one of may) await fill(alice, { [`${row}-may-${one}`]: true });
    }
    // Nothing is sent while something is missing: the first such field is gone to.
    await alice.click('text=Enter it');
    expect(await alice.evaluate('document.activeElement.id')).toBe('field-authorities-0-since');
    expect(await faults(alice)).toEqual([]);
    for (const at of rows.keys()) await fill(alice, { [`field-authorities-${at}-since`]: DAY });
    await alice.click('text=Enter it');
    await alice.waitForURL('**/registers/processor/example-motor');
    await alice.locator('h1 .tag:has-text("standing")').waitFor();
  });

  test('a transfer is withheld for a document that is missing, before anybody has asked for it', async () => {
    await choose();
    await alice.locator('.missing li').first().waitFor();
    expect(await alice.locator('.missing').innerText()).toMatch(/notice/i);
    expect(await faults(alice)).toEqual([]);
  });

  test('the document is entered with an attachment whose hash is that of its bytes, and its history is on record', async () => {
    await go(alice, '/registers/notice?new');
    await fill(alice, {
      ...{ 'field-id': 'privacy-notice-v2', 'field-number': 'PN-2', 'field-version': '2' },
      ...{ 'field-validFrom': DAY, 'field-validUntil': LATER, 'field-recipients': RECIPIENT_ID },
      ...{ 'field-datasets': DATASET, 'field-purposes': PURPOSE },
    });
    await alice.click('text=Enter it');
    await alice.waitForURL('**/registers/notice/privacy-notice-v2');
    const paper = { name: 'notice.pdf', mimeType: 'application/pdf', buffer: PAPER };
    await alice.setInputFiles('#document', paper);
    await alice.locator(`td:has-text("${PAPER_SHA256}")`).waitFor();
    const download = alice.waitForEvent('download');
    await alice.click('text=notice.pdf');
    expect((await download).suggestedFilename()).toBe('notice.pdf');
    await alice.click('text=Show who changed it');
    await expect.poll(() => alice.locator('.steps li').count(), WAIT).toBe(2);
    await checkProof(alice);
    expect(await faults(alice)).toEqual([]);
  });

  test('then the verdict permits, and the transfer waits for two persons', async () => {
    await choose();
    await alice.locator('.tag:has-text("permit")').first().waitFor();
    await alice.click('text=Ask for the transfer');
    await alice.waitForURL('**/transfers/t2*');
    transfer = new URL(alice.url()).pathname;
    await alice.locator('h1 .tag:has-text("awaiting approval")').waitFor();
    expect(await faults(alice)).toEqual([]);
  });

  test('both approve; it is delivered, and each step is proved to be in its log', async () => {
    for (const page of [bob, carol]) {
      await go(page, '/approvals');
      await page.click(`a[href="${transfer}"]`);
      await page.click('text=Approve');
      await page
        .locator(`text=p-${page === bob ? 'bob' : 'carol'}`)
        .first()
        .waitFor();
    }
    await alice.locator('h1 .tag:has-text("delivered")').waitFor();
    await alice.locator('.steps li:has-text("traffic")').first().waitFor();
    const steps = await alice.locator('.steps li').count();
    for (const at of [0, steps - 1]) await checkProof(alice, at);
    expect(await faults(alice)).toEqual([]);
  });

  test('everything is stopped by one, and goes on by two', async () => {
    await go(alice, '/emergency');
    await fill(alice, { reason: 'drill', word: 'STOP' });
    await alice.click('text=Stop all exports now');
    await alice.locator('text=All exports are stopped').first().waitFor();
    for (const page of [bob, carol]) {
      await go(page, '/emergency');
      await page.locator('.stopped').waitFor();
      expect(await faults(page)).toEqual([]);
      await page.click('text=Exports may go on');
    }
    await carol.locator('text=Stop all exports now').waitFor();
    await go(alice, '/emergency');
    await alice.locator('text=Stop all exports now').waitFor();
  });

  test('an alert is taken, and closed with a reason', async () => {
    await go(alice, '/alerts');
    await alice.locator('tbody button').first().click();
    await alice.click('text=I take it');
    await alice.locator('dd:has-text("alice")').waitFor();
    await fill(alice, { closing: 'a drill' });
    await alice.locator('.panel button:has-text("Close")').click();
    await alice.locator('.panel .tag:has-text("closed")').waitFor();
    expect(await faults(alice)).toEqual([]);
  });

  test.each([
    ['in English', 'en'],
    ['in Chinese', 'zh-CN'],
  ])('axe finds no serious fault on any page, and none scrolls sideways on a phone, %s', async (_name, language) => {
    const shown = await alice.getAttribute('html', 'lang');
    if (shown !== language) await alice.click(`button[lang=${language}]`);
    await alice.setViewportSize(PHONE);
    for (const path of PATHS) {
      await go(alice, path);
      await alice.locator('.panel, .empty, main p').first().waitFor();
      await alice.waitForLoadState('networkidle');
      expect(await scrollsSideways(alice), path).toBe(false);
      expect(await faults(alice), path).toEqual([]);
    }
    await alice.setViewportSize(WIDE);
  });

  test('the menu is reached and used by the keyboard alone', async () => {
    await go(alice, '/overview');
    await alice.keyboard.press('Tab');
    await alice.keyboard.press('Enter');
    expect(await alice.evaluate('document.activeElement.id')).toBe('page');
    await alice.locator('#menu a[href="/filings"]').focus();
    await alice.keyboard.press('Enter');
    await alice.waitForURL('**/filings');
  });

  test('nothing of it was against its policy, and no page failed', () => {
    expect(refusals).toEqual([]);
  });
});

const WAIT = { timeout: 60_000, interval: 500 };
const PATHS = [
  ...['/overview', '/fleet', '/catalogue', '/transfers', '/request', '/approvals', '/emergency', '/registers'],
  ...['/registers/notice', '/registers/recipient?new', '/registers/incident?new', '/registers/assessment?new'],
  ...['/filings', '/incidents', '/alerts', '/audit', '/accounts', '/factor'],
];

const heading = (page: Page): Promise<string> => page.locator('h1').innerText();

const go = (page: Page, path: string): Promise<unknown> => page.goto(`${tour.origin}${path}`);

/** Registers a person, makes the account, and opens its link in a browser of its own. */
async function join(name: string): Promise<Page> {
  await go(alice, '/registers/principal?new');
  await fill(alice, {
    ...{ 'field-id': name, 'field-person': `p-${name}`, 'field-employer-name': 'Example Motor' },
    ...{ 'field-employer-country': 'CN', 'field-resident': 'CN', 'field-validFrom': DAY, 'field-validUntil': LATER },
  });
  for (const one of ['status', 'transfers', 'registers', 'emergency', 'datasets', 'logs']) {
    await fill(alice, { [`field-reads-${one}`]: true });
  }
  await alice.click('text=Enter it');
  await alice.waitForURL(`**/registers/principal/${name}`);
  await go(alice, '/accounts');
  await alice.locator(`#name option[value=${name}]`).waitFor({ state: 'attached' });
  await fill(alice, { name, 'new-role-approver': true });
  await alice.click('text=Make it');
  const link = await alice.locator('#link').innerText();
  const page = await openPage(browser, refusals);
  await page.goto(link);
  await page.click('button[lang=en]');
  await fill(page, { password: PASSWORD, again: PASSWORD });
  await page.keyboard.press('Enter');
  await page.waitForURL('**/factor');
  await page.click('a[href="/overview"]');
  await page.locator('.figures').waitFor();
  return page;
}

async function choose(): Promise<void> {
  await go(alice, '/request');
  await alice.locator(`#dataset option[value=${DATASET}]`).waitFor({ state: 'attached' });
  await alice.locator(`#recipient option[value=${RECIPIENT_ID}]`).waitFor({ state: 'attached' });
  await fill(alice, { dataset: DATASET, recipient: RECIPIENT_ID, purpose: PURPOSE });
}

async function checkProof(page: Page, at = 0): Promise<void> {
  const step = page.locator('.steps li').nth(at);
  await step.locator('.proof button').click();
  await step.locator('.tag-good:has-text("recomputed here")').waitFor();
}
