import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fileZoneKeys, makeZoneKeys } from '../../../../cloud/adapters/file-zone-keys.ts';
import { sqliteKeyVault } from '../../../../cloud/adapters/sqlite-key-vault.ts';
import type { KeyScope, KeyVault } from '../../../../cloud/ports/key-vault.ts';
import { createDataKeys, type DataKeys, SESSION_MS } from '../../../../cloud/zones/data-keys.ts';
import { publicKeyDigest } from '../../../../cloud/zones/envelope.ts';
import { DAY_MS, type Instant } from '../../../../proto/words/time.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const scope = (change: Partial<KeyScope> = {}): KeyScope => ({
  deviceNumber: 1,
  retention: 'domestic-operations',
  day: 20_500,
  ...change,
});

interface Bench {
  now: Instant;
  readonly vault: KeyVault;
  /** A process that starts: what it has in memory is new. */
  readonly start: (isReadable?: boolean, vault?: KeyVault) => DataKeys;
}

function bench(): Bench {
  const directory = scratchDirectory();
  makeZoneKeys(directory);
  const keys = fileZoneKeys(directory, ['personal']);
  const zone = 'personal' as const;
  const digest = publicKeyDigest(keys.publicKey(zone));
  const vault = sqliteKeyVault(join(directory, 'vault.sqlite'), { zone, publicKeyDigest: digest });
  onTestFinished(() => vault.close());
  const made: Bench = {
    now: NOW,
    vault,
    start: (isReadable = true, over = vault) =>
      createDataKeys({ zone, vault: over, keys, isReadable, clock: { now: () => made.now }, random: randomBytes }),
  };
  return made;
}

describe('data keys', () => {
  test('no key is ever given twice with the same number: over days, sessions, restarts and stores that fail', () => {
    const step = fc.oneof(
      { weight: 12, arbitrary: fc.tuple(fc.constant('seal' as const), fc.nat(3), fc.nat(2)) },
      fc.constant(['save'] as const),
      fc.constant(['fail'] as const),
      fc.constant(['restart'] as const),
      fc.tuple(fc.constant('wait' as const), fc.constantFrom(1, SESSION_MS, DAY_MS, -SESSION_MS)),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const made = bench();
        let isFailing = false;
        const vault: KeyVault = {
          ...made.vault,
          add: (...args) => {
            if (isFailing) throw new Error('disk is full');
            made.vault.add(...args);
          },
        };
        let keys = made.start(false, vault);
        const used = new Set<string>();
        for (const one of steps) {
          if (one[0] === 'seal') {
            const { id, number, key } = keys.next(scope({ deviceNumber: one[1], day: 20_500 + one[2] }));
            const name = `${Buffer.from(key).toString('hex')}/${number}`;
            expect(used.has(name), `${id}/${number}`).toBe(false);
            used.add(name);
          } else if (one[0] === 'wait') made.now = (made.now + one[1]) as Instant;
          else if (one[0] === 'restart') keys = made.start(false, vault);
          else {
            isFailing = one[0] === 'fail';
            try {
              keys.save();
            } catch {
              isFailing = false;
            }
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test('are another for each device, class and day, and the same within one', () => {
    const keys = bench().start();
    const ids = [scope(), scope(), scope({ deviceNumber: 2 }), scope({ retention: 'other' }), scope({ day: 1 })].map(
      (one) => keys.next(one).id,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(4);
  });

  test('are found by their id after a restart, by who has the key of the zone', () => {
    const made = bench();
    const writer = made.start(false);
    const { id, key } = writer.next(scope());
    writer.save();
    expect(made.start().find(id)).toEqual(Buffer.from(key));
    expect(() => writer.find(id)).toThrow('given its key');
  });

  test('a session lasts an hour: later keys are wrapped by a secret that the process did not have before', () => {
    const made = bench();
    const keys = made.start();
    const before = keys.next(scope()).id;
    keys.save();
    made.now = (made.now + SESSION_MS) as Instant;
    const after = keys.next(scope()).id;
    keys.save();
    expect(after).not.toBe(before);
    expect(made.vault.sessions()).toHaveLength(2);
    const [earlier, later] = made.vault.keys([before, after]);
    expect(later?.session).toBeDefined();
    expect(earlier?.session).not.toBe(later?.session);
  });

  test('a wrapped key does not open under the name of another device, class or day', () => {
    const made = bench();
    const keys = made.start();
    const { id } = keys.next(scope());
    keys.save();
    const [stored] = made.vault.keys([id]);
    const session = stored && made.vault.session(stored.session);
    if (stored === undefined || session === undefined) return expect.unreachable();
    const lies = [{ deviceNumber: 2 }, { retention: 'other' }, { day: 1 }];
    for (const lie of lies) {
      const vault: KeyVault = { ...made.vault, keys: () => [{ ...stored, ...lie }] };
      expect(() => made.start(true, vault).find(id)).toThrow('belongs to the device');
    }
  });

  test('a key that another process destroyed is gone here too, although it was open', () => {
    const made = bench();
    const [writer, reader] = [made.start(false), made.start()];
    const { id } = writer.next(scope());
    writer.save();
    expect(reader.find(id)).toBeDefined();
    made.vault.destroy([id]);
    expect(reader.find(id)).toBeUndefined();
    writer.forget([id]);
    expect(writer.next(scope()).id).not.toBe(id);
  });
});
