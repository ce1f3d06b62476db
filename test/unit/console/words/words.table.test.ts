import { expect, test } from 'vitest';
import { WORDS } from '../../../../console/words/words.table.ts';

test('every word is there in both languages', () => {
  for (const [word, [en, zh]] of Object.entries(WORDS)) {
    const isOther = word === 'shell.other-language';
    expect(/\p{Script=Han}/u.test(en), `${word}: English`).toBe(isOther);
    expect(/\p{Script=Han}/u.test(zh), `${word}: Chinese`).toBe(!isOther);
  }
});

test('the word that stops all exports can be typed in either language', () => {
  const [en, zh] = WORDS['emergency.word'];
  expect(en).toMatch(/^[A-Z]+$/);
  expect(zh).not.toMatch(/\s/);
});
