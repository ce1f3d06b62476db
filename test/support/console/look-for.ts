import type { Page } from 'playwright-core';
import { fill } from './browser.ts';

/** Finds a device by a part of its number and by its state, and entries of the operations log since a day. */
export async function lookFor(page: Page, origin: string, day: string): Promise<void> {
  await page.goto(`${origin}/fleet`);
  const rows = page.locator('section[aria-label="Devices"] tbody tr');
  await rows.first().waitFor();
  const number = await rows.first().locator('button').innerText();
  await fill(page, { device: number.slice(0, 12) });
  await rows.nth(1).waitFor({ state: 'detached' });
  await fill(page, { 'device-state': 'revoked' });
  await rows.first().waitFor({ state: 'detached' });
  await fill(page, { device: number, 'device-state': '' });
  await page.click('text=Open this device');
  await page.locator(`.panel:has-text("Device ${number}")`).waitFor();
  await page.goto(`${origin}/audit`);
  await page.locator('.steps > li').first().waitFor();
  await fill(page, { 'entries-from': `${day} 00:00`, 'entries-to': `${day} 00:01` });
  const search = page.locator('.panel:has(#entries-from)').getByRole('button', { name: 'Search', exact: true });
  await search.click();
  await page.locator('.empty:has-text("No entry fits")').waitFor();
  await fill(page, { 'entries-to': '' });
  await search.click();
  await page.locator('.steps > li').first().waitFor();
}
