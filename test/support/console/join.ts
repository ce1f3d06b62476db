import type { Page } from 'playwright-core';
import { fill } from './browser.ts';

/** Where newcomers are registered: the console, the days between which their entry stands, and the password they choose. */
export interface Newcomers {
  readonly origin: string;
  readonly from: string;
  readonly until: string;
  readonly password: string;
}

/** An administrator registers a person and makes the account; the person opens its link on a page of their own, in English. */
export async function join(administrator: Page, page: Page, about: Newcomers, name: string): Promise<Page> {
  const { origin, from, until, password } = about;
  await administrator.goto(`${origin}/registers/principal?new`);
  await fill(administrator, {
    ...{ 'field-id': name, 'field-person': `p-${name.replace('.', '-')}`, 'field-employer-name': 'Example Motor' },
    ...{ 'field-employer-country': 'CN', 'field-resident': 'CN', 'field-validFrom': from, 'field-validUntil': until },
  });
  for (const one of ['status', 'transfers', 'registers', 'emergency', 'datasets', 'logs']) {
    await fill(administrator, { [`field-reads-${one}`]: true });
  }
  await administrator.click('text=Enter it');
  await administrator.waitForURL(`**/registers/principal/${name}`);
  await administrator.goto(`${origin}/accounts`);
  await administrator.locator(`#name option[value="${name}"]`).waitFor({ state: 'attached' });
  await fill(administrator, { name, 'new-role-approver': true });
  await administrator.click('text=Make it');
  await page.goto(await administrator.locator('#link').innerText());
  await page.click('button[lang=en]');
  await fill(page, { password, again: password });
  await page.keyboard.press('Enter');
  await page.waitForURL('**/factor');
  await page.click('a[href="/overview"]');
  await page.locator('.figures').waitFor();
  return page;
}
