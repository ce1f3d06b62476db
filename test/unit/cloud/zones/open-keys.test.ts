import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KeyScope } from '../../../../cloud/ports/key-vault.ts';
import { KEY_BYTES } from '../../../../cloud/zones/envelope.ts';
import { createOpenKeys } from '../../../../cloud/zones/open-keys.ts';

const keyOf = (id: number): Uint8Array => new Uint8Array(KEY_BYTES).fill(id % 251);

/** Few enough of each part that scopes share parts, and numbers beyond 32 bits among them. */
const scopes: fc.Arbitrary<KeyScope> = fc.record({
  deviceNumber: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(2 ** 32 + 1, 2 ** 40, 2 ** 53 - 1)),
  day: fc.integer({ min: 20_000, max: 20_040 }),
  retention: fc.constantFrom('domestic-operations', 'trip', 'picture'),
});

describe('open keys', () => {
  test('hold what a map would, whatever is asked in whatever order and however the table grows', () => {
    const step = fc.oneof(
      { weight: 60, arbitrary: fc.tuple(fc.constant('ask' as const), scopes) },
      fc.tuple(fc.constant('replace' as const), scopes),
      { weight: 1, arbitrary: fc.tuple(fc.constant('clear' as const), scopes) },
    );
    fc.assert(
      fc.property(fc.integer(), fc.array(step, { maxLength: 400, size: 'max' }), (seed, steps) => {
        const open = createOpenKeys(seed);
        const known = new Map<string, { id: number; seals: number }>();
        let ids = 0;
        for (const [what, scope] of steps) {
          const name = JSON.stringify(scope);
          const place = open.find(scope);
          const held = known.get(name);
          expect(place >= 0).toBe(held !== undefined);
          if (what === 'clear') {
            open.clear();
            known.clear();
          } else if (held === undefined) {
            ids += 1;
            known.set(name, { id: ids, seals: 0 });
            expect(open.sealWith(open.add(scope, ids, keyOf(ids)))).toBe(0);
          } else {
            if (what === 'replace') {
              ids += 1;
              open.replace(place, ids, keyOf(ids));
              Object.assign(held, { id: ids, seals: -1 });
            }
            held.seals += 1;
            expect(open.sealWith(place)).toBe(held.seals);
            expect([open.idOf(place), Buffer.from(open.keyAt(place))]).toEqual([held.id, Buffer.from(keyOf(held.id))]);
          }
          expect(open.size()).toBe(known.size);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('find each of 5,000 vehicles again', () => {
    const open = createOpenKeys(7);
    const scope = (deviceNumber: number): KeyScope => ({ deviceNumber, day: 20_500, retention: 'trip' });
    for (let number = 1; number <= 5_000; number += 1) open.add(scope(number), number + 9, keyOf(number));
    for (let number = 1; number <= 5_000; number += 1) {
      const place = open.find(scope(number));
      expect([open.idOf(place), open.keyAt(place)[0]]).toEqual([number + 9, number % 251]);
    }
    expect(open.find({ ...scope(1), retention: 'picture' })).toBe(-1);
  });

  test('overwrite what they forget', () => {
    const open = createOpenKeys(7);
    const bytes = open.keyAt(open.add({ deviceNumber: 1, day: 1, retention: 'trip' }, 9, keyOf(9)));
    expect(bytes.every((byte) => byte === 9)).toBe(true);
    open.clear();
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });
});
