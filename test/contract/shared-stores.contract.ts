import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { PartStore } from '../../cloud/ports/part-store.ts';
import type { PolicyArchive } from '../../cloud/ports/policy-archive.ts';
import type { Publications, PublishedFamily } from '../../cloud/ports/publications.ts';
import type { RegisterStore } from '../../cloud/ports/register-store.ts';
import type { RegisterEntry } from '../../cloud/registers/kind.ts';
import type { Part } from '../../cloud/transfer/join-parts.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import { NOW } from '../support/cloud/batches.ts';
import { CHARGE, signedBundle } from '../support/edge/policies.ts';

/** Opens one of the stores, a second time or again after a crash with what it held. */
export interface SharedStores {
  readonly registers: () => RegisterStore;
  readonly publications: () => Publications;
  readonly parts: () => PartStore;
  readonly policies: () => PolicyArchive;
}

/** What every adapter of these ports must do. @param begin - empty stores */
export function describeSharedStores(name: string, begin: () => SharedStores): void {
  describe(`RegisterStore contract: ${name}`, () => describeRegisters(begin));
  describe(`Publications contract: ${name}`, () => describePublications(begin));
  describe(`PartStore contract: ${name}`, () => describeParts(begin));
  describe(`PolicyArchive contract: ${name}`, () => describePolicies(begin));
}

const entry = (id: string, version: number, kind = 'notice'): RegisterEntry => ({
  kind,
  id,
  version,
  isWithdrawn: false,
  body: { id, datasets: ['d'], recipients: ['r'], purposes: ['p'] },
  attachments: [],
});
const OURS = { dataset: 'd', recipient: 'r', purpose: 'p' };

function describeRegisters(begin: () => SharedStores): void {
  test('what another process wrote is seen at the next look', () => {
    const { registers } = begin();
    const [one, other] = [registers(), registers()];
    one.apply(entry('a', 1), 0);
    expect(other.concerning('notice', OURS)).toEqual([entry('a', 1)]);
    one.apply(entry('b', 1), 1);
    expect(other.list('notice')).toEqual([entry('a', 1), entry('b', 1)]);
    // One that is behind does not take its own change for the whole.
    one.apply(entry('a', 2), 2);
    other.apply(entry('b', 2), 3);
    expect(other.list('notice')).toEqual([entry('a', 2), entry('b', 2)]);
    expect(one.find('notice', 'b')).toEqual(entry('b', 2));
  });

  test('entries stand in the order of the log: what is known is passed over, and each change keeps its place', () => {
    const { registers } = begin();
    const store = registers();
    expect(store.appliedTo()).toBe(-1);
    store.applyAll([entry('é', 1), entry('z', 1), entry('é', 2)], 4);
    store.applyAll([entry('z', 9), entry('é', 9), entry('z', 2)], 5);
    const again = registers();
    for (const one of [store, again]) {
      expect([one.appliedTo(), one.find('notice', 'é'), one.find('notice', 'z')]).toEqual([
        ...[7, entry('é', 2), entry('z', 2)],
      ]);
      expect(one.changesOf('notice', 'é', Number.MAX_SAFE_INTEGER, 10)).toEqual([6, 4]);
      expect(one.changesOf('notice', 'é', 6, 1)).toEqual([4]);
      expect([one.count('notice'), one.count('processor')]).toEqual([2, 0]);
      expect(one.list('notice').map(({ id }) => id)).toEqual(['z', 'é']);
    }
  });

  test('all of several changes stand, or none', () => {
    const { registers } = begin();
    const store = registers();
    store.apply(entry('a', 1), 0);
    const unwritable = {
      ...entry('b', 1),
      body: {
        id: 'b',
        toJSON: () => {
          throw new Error('no document');
        },
      },
    };
    expect(() => store.applyAll([entry('a', 2), unwritable as never], 1)).toThrow('no document');
    for (const one of [store, registers()])
      expect([one.find('notice', 'a'), one.appliedTo()]).toEqual([entry('a', 1), 0]);
  });
}

const family = (over: Partial<PublishedFamily> = {}): PublishedFamily => ({
  signal: 'Vehicle.Speed',
  from: '2026-01-01' as CivilDate,
  until: '2026-01-31' as CivilDate,
  shape: 'one',
  modelsDigest: 'm',
  cells: [{ model: 'é', vehicles: 12, mean: 0.1 + 0.2 }],
  ...over,
});
const FEBRUARY = { from: '2026-02-01' as CivilDate, until: '2026-02-28' as CivilDate };

function describePublications(begin: () => SharedStores): void {
  test('what was published is the same for ever, also to the last bit of a mean, and may be published again', () => {
    const { publications } = begin();
    const store = publications();
    expect(store.publish([family(), family({ ...FEBRUARY, models: ['a'] })], 't1')).toBe(true);
    expect(store.publish([family()], 't2')).toBe(true);
    const again = publications();
    expect(again.find('one', 'Vehicle.Speed', family().from)).toEqual(family());
    expect(again.find('other', 'Vehicle.Speed', family().from)).toBeUndefined();
    const days = ['2026-01-31', '2026-02-01'] as [CivilDate, CivilDate];
    expect(again.touching('Vehicle.Speed', ...days)).toHaveLength(2);
    expect(again.touching('Vehicle.Speed', days[0], days[0])).toEqual([family()]);
  });

  test('other figures, and a ground that is taken, publish nothing of the whole', () => {
    const { publications } = begin();
    const [one, other] = [publications(), publications()];
    expect(one.publish([family()], 't1')).toBe(true);
    const moved = family({ cells: [{ model: 'é', vehicles: 13, mean: 1 }] });
    expect(other.publish([family(FEBRUARY), moved], 't2')).toBe(false);
    expect(other.publish([family(FEBRUARY), family({ shape: 'two' })], 't2')).toBe(false);
    expect(one.find('one', 'Vehicle.Speed', FEBRUARY.from)).toBeUndefined();
  });
}

const part = (transferId: string): Part => ({
  ...{ transferId, datasetId: 'one', recipientId: 'lab-1', purpose: 'warranty', kinds: ['CAN'], items: [] },
  flags: {
    ...{ personal: 'present', sensitive: 'absent', geographic: 'absent', coordinates: 'absent' },
    ...{ classifiedGeographic: 'absent', core: 'absent', stateSecret: 'absent', important: 'absent' },
  },
});
const digests = (...persons: readonly number[]) =>
  persons.map((person) => createHash('md5').update(String(person)).digest());

function describeParts(begin: () => SharedStores): void {
  test('a part is recorded once, those that never left are let go, and a restart keeps the rest', () => {
    const { parts } = begin();
    const look = (store: PartStore, dead: string, year = 2026) =>
      store.look(
        part('x'),
        { persons: digests(2, 3), isSensitive: false },
        { year, groupOf: () => 'lab', stateOf: (id) => (id === dead ? 'failed' : 'delivered') },
      );
    const store = parts();
    store.record(2026, part('t1'), { persons: digests(1, 2), isSensitive: true });
    store.record(2026, part('t1'), { persons: digests(7), isSensitive: true });
    store.record(2026, part('t2'), { persons: digests(9), isSensitive: false });
    expect(look(store, 't2')).toMatchObject({ groups: [{ transferIds: ['t1'] }], persons: 3, sensitivePersons: 2 });
    store.record(2026, part('t3'), { persons: digests(4), isSensitive: false });
    expect(look(parts(), 't1')).toMatchObject({ persons: 4, sensitivePersons: 0 });
    expect(look(parts(), 't1', 2027).groups).toEqual([]);
  });
}

function describePolicies(begin: () => SharedStores): void {
  test('each bundle is kept once and found by name and version; what another process kept is found after a look', () => {
    const { policies } = begin();
    const [one, other] = [policies(), policies()];
    expect([other.find('tour', 3), other.count()]).toEqual([[], 0]);
    const [first, second] = [signedBundle({ version: 3 }), signedBundle({ version: 3, allowedPaths: [CHARGE] })];
    for (const bundle of [first, first, second, signedBundle({ id: 'else', version: 3 })]) one.keep(bundle, NOW);
    other.look();
    for (const archive of [one, other, policies()]) {
      expect(archive.count()).toBe(3);
      expect(archive.find('tour', 3).map(({ allowedPaths }) => allowedPaths[0])).toEqual(['Vehicle.Speed', CHARGE]);
      expect(archive.find('tour', 4)).toEqual([]);
    }
  });
}
