import { expect, expectTypeOf, test } from 'vitest';
import { REJECTIONS, type RejectionCode } from '../../../../cloud/ingest/rejections.ts';
import { WORDS, type Word } from '../../../../console/words/words.table.ts';
import type { RemovalCause } from '../../../../edge/stages/stage.ts';
import type { PresetName } from '../../../../proto/words/position-rules.ts';

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

test('whatever a vehicle removes, and whatever it does to positions, has a word', () => {
  expectTypeOf<Exclude<`removed.${RemovalCause}`, Word>>().toBeNever();
  expectTypeOf<Exclude<`stage.position-${PresetName}`, Word>>().toBeNever();
  // The compiler has looked.
  expect(Object.keys(WORDS)).toContain('removed.position');
});

test('whatever the cloud refuses has a word for its reason, and there is no word for a reason that nobody gives', () => {
  expectTypeOf<Exclude<`refused.${RejectionCode}`, Word>>().toBeNever();
  const reasons = Object.keys(WORDS).filter((word) => word.startsWith('refused.'));
  expect(reasons.toSorted()).toEqual(
    Object.keys(REJECTIONS)
      .map((reason) => `refused.${reason}`)
      .toSorted(),
  );
});
