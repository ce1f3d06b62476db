import type { Page } from 'playwright-core';
import { fill } from './browser.ts';

/** Gives somebody's account a new link, which that person opens: they may look and are told that they wait. */
export async function setAnew(
  administrator: Page,
  person: Page,
  origin: string,
  name: string,
  password: string,
): Promise<void> {
  await administrator.goto(`${origin}/accounts`);
  await administrator.click(`tbody button:text-is("${name}")`);
  await administrator.getByRole('button', { name: 'New link', exact: true }).click();
  const link = await administrator.locator('#link').innerText();
  // Who set it anew is of the matrix, and the first of the two.
  await administrator.locator(`tr:has-text("${name}"):has-text("another person of the matrix")`).waitFor();
  await person.goto(link);
  await fill(person, { password, again: password });
  await person.keyboard.press('Enter');
  await person.waitForURL('**/factor');
  await person.locator('.unvouched').waitFor();
}

/** Another person of the matrix answers for the account, and its own is told nothing more. */
export async function answerFor(other: Page, person: Page, origin: string, name: string): Promise<void> {
  await other.goto(`${origin}/accounts`);
  await other.getByRole('button', { name: `I answer for ${name}`, exact: true }).click();
  await other.locator('.empty:has-text("No account waits for your word")').waitFor();
  await person.goto(`${origin}/overview`);
  await person.locator('.figures').waitFor();
  await person.locator('.unvouched').waitFor({ state: 'detached' });
}
