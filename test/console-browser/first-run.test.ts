import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleWorld, consoleWorld, PASSWORD } from '../support/cloud/api/console-world.ts';
import {
  faults,
  HAS_BROWSER,
  openBrowser,
  openPage,
  PHONE,
  scrollsSideways,
  UNHURRIED,
} from '../support/console/browser.ts';

let world: ConsoleWorld;
let browser: Browser;
let page: Page;
let origin: string;
let secret: string;
const refusals: string[] = [];
const codeNow = (): string => new TOTP({ secret }).generate({ timestamp: world.now() });

describe.skipIf(!HAS_BROWSER)(
  'the console as a new user meets it (needs make integration and the Debian package chromium)',
  UNHURRIED,
  () => {
    const ends: (() => Promise<void>)[] = [];
    beforeAll(async () => {
      const port = await freePort();
      origin = `http://127.0.0.1:${port}`;
      world = await consoleWorld(
        { origin, secondFactor: 'required', firstRoles: ['requester', 'auditor'] },
        (end) => void ends.push(end),
      );
      await world.server.listen({ host: '127.0.0.1', port });
      browser = await openBrowser();
      page = await openPage(browser, refusals);
    });
    afterAll(async () => {
      await browser?.close();
      for (const end of ends) await end();
    });

    test('makes the first account, sets its second factor, and sees the overview in both languages', async () => {
      await page.goto(world.firstLink() ?? '');
      await page.locator('#account').waitFor();
      expect(page.url()).toBe(`${origin}/setup`);
      expect(await faults(page)).toEqual([]);
      const fields = { account: 'alice', person: 'p-alice', employer: 'Maker', password: PASSWORD, again: PASSWORD };
      for (const [id, value] of Object.entries(fields)) await page.fill(`#${id}`, value);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${origin}/factor`);
      await page.fill('#password', PASSWORD);
      await page.click('button[type=submit]');
      secret = (await page.locator('.seed').innerText()).replace(/\s/g, '');
      await page.fill('#code', codeNow());
      await page.click('button[type=submit]');
      await expect.poll(() => page.locator('.codes li').count(), WAIT).toBe(10);
      await page.click('button[type=submit]');
      await page.waitForURL(`${origin}/overview`);
      expect(await page.locator('h1').innerText()).toBe('总览');
      await page.locator('.gauge').first().waitFor();
      expect(await faults(page)).toEqual([]);
      await page.click('button[lang=en]');
      expect(await page.locator('h1').innerText()).toBe('Overview');
      expect(await page.title()).toBe('Overview · Tongguan');
      expect(await page.getAttribute('html', 'lang')).toBe('en');
      expect(await faults(page)).toEqual([]);
    });

    test('logs out, and in again with password and code, in the language that was left', async () => {
      world.wait(60_000);
      await page.click('text=Log out');
      await page.waitForURL(`${origin}/login`);
      await page.fill('#account', 'alice');
      await page.fill('#password', 'not the password');
      await page.click('button[type=submit]');
      expect(await page.locator('[role=alert]').first().innerText()).toContain('LOGIN_REFUSED');
      expect(await faults(page)).toEqual([]);
      await page.fill('#password', PASSWORD);
      await page.click('button[type=submit]');
      await page.fill('#code', codeNow());
      await page.click('button[type=submit]');
      await page.waitForURL(`${origin}/overview`);
      expect(await page.locator('h1').innerText()).toBe('Overview');
    });

    test('fits a phone: no page scrolls sideways, the menu opens, and axe finds nothing', async () => {
      await page.setViewportSize(PHONE);
      for (const path of ['overview', 'transfers', 'request', 'catalogue', 'registers', 'audit', 'emergency']) {
        await page.click('.menu-button');
        await page.click(`#menu a[href="/${path}"]`);
        await page.locator(`.panel, .empty, main p`).first().waitFor();
        expect(await scrollsSideways(page), path).toBe(false);
        expect(await faults(page), path).toEqual([]);
      }
    });

    test('stops all exports once a reason and the word are typed, and says so on every page', async () => {
      const stop = page.locator('.toolbar button');
      await page.fill('#reason', 'drill');
      expect(await stop.isDisabled()).toBe(true);
      await page.fill('#word', 'STOP');
      await stop.click();
      await page.locator('text=All exports are stopped').first().waitFor();
      await page.goto(`${origin}/overview`);
      await page.locator('.stopped').waitFor();
      expect(await faults(page)).toEqual([]);
    });

    test('nothing of it was against its policy', () => {
      expect(refusals).toEqual([]);
    });
  },
);

const WAIT = { timeout: 60_000, interval: 250 };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
