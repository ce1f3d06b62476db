import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PageAsked, pageOf } from '../../../../cloud/api/page.ts';

const idOf = (one: number): string => String(one);

test('pages one after the other are the list, once and in order, whatever the limit', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(), { maxLength: 60 }), fc.integer({ min: 1, max: 70 }), (list, limit) => {
      const seen: number[] = [];
      let after: string | undefined;
      for (let pages = 0; pages <= list.length; pages += 1) {
        const page = pageOf(list, { after, limit }, idOf);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items);
        if (page.next === undefined) break;
        after = page.next;
      }
      expect(seen).toEqual(list);
    }),
    { numRuns: 200 },
  );
});

test('a cursor whose item is gone passes nothing over', () => {
  expect(pageOf([1, 2, 3], { after: '9', limit: 2 }, idOf)).toEqual({ items: [1, 2], next: '2' });
});

test('no limit is beyond the named one, and none is nothing', () => {
  expect(PageAsked.safeParse({ limit: '16385' }).success).toBe(false);
  expect(PageAsked.safeParse({ limit: '0' }).success).toBe(false);
  expect(PageAsked.parse({})).toEqual({ limit: 16_384 });
});
