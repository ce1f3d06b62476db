import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { faults, fill } from './browser.ts';

/** Has what the cloud makes beside its other work made and fetched, of some days: a bundle of each kind, and a draft. */
export async function fetchMade(page: Page, origin: string, days: readonly [string, string]): Promise<void> {
  await page.goto(`${origin}/audit`);
  await fetchBundle(page, 'inspection', days);
  await fetchBundle(page, 'logs', days);
  await page.goto(`${origin}/reports`);
  await fetchDraft(page, days);
}

/** Has a bundle of a kind made on the audit page, fetches it, holds it against the hash that the page shows, and removes it. */
async function fetchBundle(page: Page, kind: 'inspection' | 'logs', days: readonly [string, string]): Promise<void> {
  await fill(page, { [`${kind}-from`]: days[0], [`${kind}-until`]: days[1] });
  await page.getByRole('button', { name: ACTS[kind], exact: true }).click();
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

const ACTS = { inspection: 'Make the bundle', logs: 'Bundle the logs' } as const;

/** Has a draft made on the page of drafts, fetches it as Markdown, and removes it. */
async function fetchDraft(page: Page, days: readonly [string, string]): Promise<void> {
  await page.locator('text=No draft was made').waitFor();
  await fill(page, { 'report-from': days[0], 'report-until': days[1] });
  await page.locator('#report-language').selectOption('en');
  await page.getByRole('button', { name: 'Make the draft', exact: true }).click();
  const row = page.locator('tr:has(a[download])');
  await row.waitFor();
  expect(await faults(page)).toEqual([]);
  const download = page.waitForEvent('download');
  await row.locator('a[href$="form=md"]').click();
  expect(readFileSync(await (await download).path(), 'utf8')).toMatch(/^# Draft of the annual report/);
  await row.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.locator('text=No draft was made').waitFor();
}
