import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { faults } from './browser.ts';

/** Entries enough that an import of them is seen to be under way. */
const ROWS = 12_000;

const notice = (at: number) => ({
  ...{ id: `imported-${at}`, number: `imported notice ${at}`, version: '1' },
  ...{ validFrom: '2026-01-01', validUntil: '2046-01-01' },
  ...{ recipients: ['nobody-1'], datasets: ['nothing-1'], purposes: ['none-1'] },
});

const fileOf = (bodies: readonly object[]) => ({
  ...{ name: 'notices.json', mimeType: 'application/json' },
  buffer: Buffer.from(JSON.stringify(bodies)),
});

/** Many entries from a file, with a bar; one that is wrong leaves none, and is named by its row. */
export async function importEntries(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/registers/notice`);
  const send = page.locator('button:has-text("Import")');
  const choose = (bodies: readonly object[]) => page.setInputFiles('#import-file', fileOf(bodies));
  await choose([notice(0), { ...notice(1), unknownKey: true }]);
  await send.click();
  await page.locator('.notice:has-text("row 2")').waitFor();
  expect(await faults(page)).toEqual([]);
  await choose(Array.from({ length: ROWS }, (_, at) => notice(at)));
  await send.click();
  await page.locator('.progress progress').waitFor();
  await page.locator(`text=Entries taken: ${ROWS.toLocaleString('en')}`).waitFor();
  await page.locator('a:text-is("imported-0")').waitFor();
}

/** A campaign that vehicles take is stopped with a reason, and goes on. */
export async function stopCampaign(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/updates`);
  await page.locator('h2:has-text("ota-2")').waitFor();
  await page.locator('summary:has-text("Stop this campaign")').click();
  await page.fill('[id="stop-ota-2"]', 'two units are dark');
  await page.locator('button:has-text("Stop this campaign")').click();
  await page.locator('text=Somebody stopped it').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.locator('button:has-text("Let it go on")').click();
  await page.locator('.tag:text-is("offered")').waitFor();
}
