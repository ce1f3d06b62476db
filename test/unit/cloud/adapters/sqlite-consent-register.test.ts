import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sqliteConsentRegister } from '../../../../cloud/adapters/sqlite-consent-register.ts';
import type { ConsentNote } from '../../../../cloud/ports/consent-register.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const at = 1_000 as Instant;
const given = (deviceNumber: number, number: number, purpose = 'journeys'): ConsentNote => ({
  is: 'given',
  deviceNumber,
  purpose,
  number,
});
const over = (deviceNumber: number, purpose = 'journeys'): ConsentNote => ({ is: 'over', deviceNumber, purpose, at });

function register(file = join(scratchDirectory(), 'consents.sqlite')) {
  return { file, consents: sqliteConsentRegister(file) };
}

test('a consent that is over stays so until something comes under a later one, over restarts too', () => {
  const { file, consents } = register();
  consents.note([given(1, 7), given(2, 3)]);
  expect(consents.over('journeys')).toEqual([]);
  consents.note([over(1)]);
  // What was sent under the same consent and came late takes nothing back.
  consents.note([given(1, 7), given(1, 6)]);
  expect(consents.over('journeys')).toEqual([1]);
  consents.close();
  const again = register(file).consents;
  expect(again.over('journeys')).toEqual([1]);
  again.note([given(1, 9)]);
  expect(again.over('journeys')).toEqual([]);
  again.close();
});

test('of a purpose that no vehicle named every consent that is over counts, else only those to it', () => {
  const { consents } = register();
  consents.note([given(1, 1), over(2), over(3, 'cabin')]);
  expect(consents.over('journeys')).toEqual([2]);
  expect(consents.over('cabin')).toEqual([3]);
  expect(consents.over('warranty')).toEqual([2, 3]);
  consents.close();
});

test('agrees with a plain account of the same notes', () => {
  const note = fc.oneof(
    fc.record({
      is: fc.constant('given' as const),
      deviceNumber: fc.integer({ min: 1, max: 3 }),
      purpose: fc.constantFrom('a', 'b'),
      number: fc.nat(6),
    }),
    fc.record({
      is: fc.constant('over' as const),
      deviceNumber: fc.integer({ min: 1, max: 3 }),
      purpose: fc.constantFrom('a', 'b'),
      at: fc.constant(at),
    }),
  );
  const directory = scratchDirectory();
  let files = 0;
  fc.assert(
    fc.property(fc.array(fc.array(note, { maxLength: 3 }), { maxLength: 6 }), (groups) => {
      files += 1;
      const { consents } = register(join(directory, `${files}.sqlite`));
      const plain = new Map<string, { number: number; isOver: boolean }>();
      for (const one of groups.flat()) {
        const name = `${one.purpose}/${one.deviceNumber}`;
        const known = plain.get(name) ?? { number: -1, isOver: false };
        if (one.is === 'over') plain.set(name, { ...known, isOver: true });
        else if (one.number > known.number) plain.set(name, { number: one.number, isOver: false });
      }
      for (const group of groups) consents.note(group);
      for (const purpose of ['a', 'b']) {
        const named = [...plain].filter(([name]) => name.startsWith(`${purpose}/`));
        const counted = named.length > 0 ? named : [...plain];
        const expected = counted.filter(([, { isOver }]) => isOver).map(([name]) => Number(name.slice(2)));
        expect(consents.over(purpose)).toEqual([...new Set(expected)].sort());
      }
      consents.close();
    }),
    { numRuns: 40 },
  );
});
