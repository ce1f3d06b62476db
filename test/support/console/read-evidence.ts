import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { faults, fill } from './browser.ts';

/** A page that the menu does not have is called by its title, and leads back to where it is listed. */
export async function leadsBack(page: Page, title: string, above: string): Promise<void> {
  expect(await page.locator('h1').innerText()).toContain(title);
  expect(await page.locator('.crumbs a').last().getAttribute('href')).toBe(above);
}

/** The permit on the page of a delivered transfer, as a person reads it; its document stays folded. */
export async function readsPermit(page: Page): Promise<void> {
  const panel = page.locator('.panel:has(> .panel-head h2:text-is("Permit"))');
  await panel.locator('dt:text-is("Good until")').waitFor();
  const text = await panel.innerText();
  expect(text).toContain('Example Battery Laboratory (fictional)');
  expect(text).toContain('Why cells of some packs age early');
  expect(text).toContain('Guidelines on the Security of Cross-Border Transfers of Automotive Data (2026 Edition)');
  expect(text).toMatch(/Signed with the key \(SHA-256\)\s+[0-9a-f]{64}/);
  expect(await panel.locator('pre').isVisible()).toBe(false);
}

/** Captures are searched by the time and the address; a time is typed as people write one. */
export async function searchCaptures(page: Page): Promise<void> {
  const panel = page.locator('.panel:has(#cidr)');
  await panel.locator('tbody tr').first().waitFor();
  await fill(page, { 'captures-from': '2001年1月1日 8:00', 'captures-to': '2001-01-02 08:00' });
  await panel.getByRole('button', { name: 'Search', exact: true }).click();
  await panel.locator('.empty').waitFor();
  expect(await page.inputValue('#captures-from')).toBe('2001-01-01 08:00:00');
  await fill(page, { 'captures-to': 'tomorrow' });
  expect(await panel.getByRole('button', { name: 'Search', exact: true }).isDisabled()).toBe(true);
  await fill(page, { 'captures-to': '' });
  await panel.getByRole('button', { name: 'Search', exact: true }).click();
  const rows = panel.locator('tbody tr');
  await rows.first().waitFor();
  const sent = panel.getByRole('button', { name: 'Sent' });
  await sent.click();
  await panel.locator('th[aria-sort="ascending"]').waitFor();
  await sent.click();
  await panel.locator('th[aria-sort="descending"]').waitFor();
  expect(await faults(page)).toEqual([]);
}
