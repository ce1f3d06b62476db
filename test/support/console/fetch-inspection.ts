import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { faults, fill } from './browser.ts';

/** Has a bundle made on the audit page, fetches it, holds it against the hash that the page shows, and removes it. */
export async function fetchInspection(page: Page, from: string, until: string): Promise<void> {
  await fill(page, { 'inspection-from': from, 'inspection-until': until });
  await page.getByRole('button', { name: 'Make the bundle', exact: true }).click();
  const row = page.locator('tr:has(a[download])');
  await row.waitFor();
  expect(await faults(page)).toEqual([]);
  const download = page.waitForEvent('download');
  await row.locator('a[download]').click();
  const bytes = readFileSync(await (await download).path());
  expect(await row.innerText()).toContain(createHash('sha256').update(bytes).digest('hex'));
  await row.getByRole('button', { name: 'Remove', exact: true }).click();
  await row.waitFor({ state: 'detached' });
}
