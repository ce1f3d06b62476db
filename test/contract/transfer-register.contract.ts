import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CountRequest, Reservation, TransferRegister, TransferRow } from '../../cloud/ports/transfer-register.ts';
import type { Instant } from '../../proto/words/time.ts';
import { describeMoves, describeRows } from './transfer-moves.contract.ts';

export interface TransferRegisterUnderTest {
  /** Opens the register, and after `shut` or a crash opens it again with what it held. */
  readonly open: () => TransferRegister;
}

export const row = (transferId: string, requestedAt = 1): TransferRow => ({
  transferId,
  requestedAt: requestedAt as Instant,
  datasetId: 'battery',
  recipientId: 'acme',
  purpose: 'research',
  state: 'requested',
  persons: 0,
});

const digestOf = (person: number): Uint8Array => createHash('md5').update(String(person)).digest();

export const of = (persons: readonly number[], year = 2026, kind: CountRequest['kind'] = 'plain'): CountRequest => ({
  year,
  kind,
  persons: persons.map(digestOf),
});

/** The same persons, reserved under a route. */
export const hold = (persons: readonly number[], route = 'free-flow', year = 2026): Reservation => ({
  year,
  route,
  isExempt: route.startsWith('exemption-'),
  persons: { plain: of(persons).persons },
});

const ending = fc.constantFrom('open', 'counted', 'released');
const steps = fc.array(fc.record({ persons: fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 12 }), ending }), {
  maxLength: 12,
});

/** What every adapter of `TransferRegister` must do. @param begin - makes an empty register. @param runs - of a property */
export function describeTransferRegister(name: string, begin: () => TransferRegisterUnderTest, runs = 40): void {
  describe(`TransferRegister contract: ${name}`, () => {
    describePersons(begin, runs);
    describeTotals(begin, runs);
    describeSums(begin);
    describeMoves(begin);
    describeRows(begin);
  });
}

type Begin = () => TransferRegisterUnderTest;

function describePersons(begin: Begin, runs: number): void {
  test('a person counts once a year and kind, however many transfers take place', () => {
    const register = begin().open();
    register.add(row('a'));
    register.permit('a', hold([1, 2, 3]), register.counted());
    expect(register.project(of([3, 4]))).toEqual({ before: 3, projected: 4 });
    expect(register.project(of([3, 4], 2027))).toEqual({ before: 0, projected: 2 });
    expect(register.project(of([3, 4], 2026, 'sensitive'))).toEqual({ before: 0, projected: 2 });
    register.close('a', 'delivered', 'counted');
    expect(register.project(of([3, 4]))).toEqual({ before: 3, projected: 4 });
  });

  test('released persons count no longer, but for those that another transfer holds', () => {
    const register = begin().open();
    for (const [id, persons] of [
      ['a', [1, 2]],
      ['b', [2, 3]],
    ] as const) {
      register.add(row(id));
      register.permit(id, hold(persons), register.counted());
    }
    register.close('a', 'refused', 'released');
    expect(register.project(of([])).before).toBe(2);
    expect(register.project(of([1, 2])).projected).toBe(3);
  });

  test('the count is that of distinct persons reserved or counted, in any order of transfers and after a restart', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { open } = begin();
        const register = open();
        const held = new Set<number>();
        for (const [at, { persons, ending: how }] of list.entries()) {
          expect(register.project(of(persons))).toEqual({
            before: held.size,
            projected: new Set([...held, ...persons]).size,
          });
          register.add(row(`t${at}`));
          register.permit(`t${at}`, hold(persons), register.counted());
          if (how !== 'open') register.close(`t${at}`, how === 'counted' ? 'delivered' : 'failed', how);
          if (how !== 'released') for (const person of persons) held.add(person);
        }
        register.shut();
        expect(open().project(of([])).before).toBe(held.size);
      }),
      { numRuns: Math.ceil(runs / 2) },
    );
  });
}

const ROUTES = ['assessment', 'standard-contract', 'exemption-5', 'exemption-2'];
const FEW = fc.uniqueArray(fc.nat(30), { maxLength: 8 });
const commands = fc.array(
  fc.oneof(
    fc.record({
      act: fc.constant('permit' as const),
      plain: FEW,
      sensitive: FEW,
      route: fc.constantFrom(...ROUTES),
      year: fc.constantFrom(2026, 2027),
    }),
    fc.record({ act: fc.constant('close' as const), which: fc.nat(20), isReleased: fc.boolean() }),
    fc.record({ act: fc.constant('crash' as const) }),
  ),
  { maxLength: 25 },
);

interface Kept {
  readonly plain: readonly number[];
  readonly sensitive: readonly number[];
  readonly route: string;
  readonly year: number;
}

/** What a list of sets would say: slow, and nothing to be wrong about. */
function naive(kept: readonly Kept[], year: number, kind: 'plain' | 'sensitive') {
  const distinct = (of: readonly Kept[]) => new Set(of.flatMap((one) => one[kind])).size;
  const ofYear = kept.filter((one) => one.year === year && one[kind].length > 0);
  const routes = [...new Set(ofYear.map(({ route }) => route))];
  return {
    all: distinct(ofYear),
    outsideExemptions: distinct(ofYear.filter(({ route }) => route !== 'exemption-2')),
    byRoute: Object.fromEntries(routes.map((one) => [one, distinct(ofYear.filter(({ route }) => route === one))])),
  };
}

/** The same of a transfer of persons 0, 1 and 2. */
function projected(kept: readonly Kept[], { year, kind }: CountRequest, scope: 'all' | 'outside-exemptions') {
  const counted = kept.filter((one) => one.year === year && (scope === 'all' || one.route !== 'exemption-2'));
  const before = new Set(counted.flatMap((one) => one[kind]));
  return { before: before.size, projected: new Set([...before, 0, 1, 2]).size };
}

function describeTotals(begin: Begin, runs: number): void {
  test('totals and projections by year, kind, scope and route are those of a naive list, over crashes and in any order', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const { open } = begin();
        let register = open();
        const kept = new Map<string, Kept>();
        const isClosed = new Set<string>();
        for (const [at, command] of list.entries()) {
          if (command.act === 'permit') {
            register.add(row(`t${at}`));
            const { plain, sensitive, route, year } = command;
            const persons = { plain: of(plain).persons, sensitive: of(sensitive).persons };
            register.permit(
              `t${at}`,
              { year, route, isExempt: route.startsWith('exemption-'), persons },
              register.counted(),
            );
            kept.set(`t${at}`, command);
          } else if (command.act === 'close') {
            const id = [...kept.keys()][command.which];
            if (id === undefined || isClosed.has(id)) continue;
            register.close(
              id,
              command.isReleased ? 'failed' : 'delivered',
              command.isReleased ? 'released' : 'counted',
            );
            isClosed.add(id);
            if (command.isReleased) kept.delete(id);
          } else register = open();
          for (const year of [2026, 2027]) {
            for (const kind of ['plain', 'sensitive'] as const) {
              const { byRoute, ...totals } = register.totals(year, kind);
              const left = Object.fromEntries(Object.entries(byRoute).filter(([, count]) => count > 0));
              expect({ ...totals, byRoute: left }).toEqual(naive([...kept.values()], year, kind));
              const asked = of([0, 1, 2], year, kind);
              for (const scope of ['all', 'outside-exemptions'] as const)
                expect(register.project(asked, scope)).toEqual(projected([...kept.values()], asked, scope));
            }
          }
        }
      }),
      { numRuns: runs },
    );
  });
}

function describeSums(begin: Begin): void {
  test('a reservation that could not be written leaves no trace, and its persons are new to the next', () => {
    const { open } = begin();
    const register = open();
    register.add(row('a'));
    register.permit('a', hold([1]), register.counted());
    expect(() => register.permit('a', hold([2, 3]), register.counted())).toThrow();
    expect(register.project(of([]))).toEqual({ before: 1, projected: 1 });
    register.add(row('b'));
    register.permit('b', hold([3, 4]), register.counted());
    expect(register.project(of([1, 2, 3, 4]))).toEqual({ before: 3, projected: 4 });
    expect(open().project(of([1, 2, 3, 4]))).toEqual({ before: 3, projected: 4 });
  });

  test('bytes are counted as persons are, by dataset, recipient and year, and after a restart', () => {
    const { open } = begin();
    const first = open();
    // 16:00 UTC of the last of December is the new year in Shanghai.
    const newYear = Date.parse('2026-12-31T16:00:00Z');
    const sent = (id: string, bytes: number, at: number, more: object = {}) => {
      first.add({ ...row(id, at), ...more });
      first.permit(id, { ...hold([1]), bytes }, first.counted());
    };
    sent('a', 100, newYear - 1);
    sent('b', 30, newYear - 1);
    sent('c', 7, newYear - 1, { recipientId: 'other' });
    sent('d', 5, newYear - 1, { datasetId: 'other' });
    sent('e', 1_000, newYear);
    first.close('a', 'delivered', 'counted');
    first.close('c', 'failed', 'released');
    first.close('d', 'refused', 'counted');
    const of = { datasetId: 'battery', recipientId: 'acme' };
    for (const register of [first, open()]) {
      expect(register.volumes(2026)).toEqual([
        { ...of, transfers: 2, countedBytes: 100, reservedBytes: 30 },
        { ...of, datasetId: 'other', transfers: 1, countedBytes: 5, reservedBytes: 0 },
      ]);
      expect(register.volumes(2027)).toEqual([{ ...of, transfers: 1, countedBytes: 0, reservedBytes: 1_000 }]);
    }
  });

  test('persons who went only under an exemption can be left out of the projection', () => {
    const register = begin().open();
    register.add(row('a'));
    register.permit('a', hold([1, 2], 'exemption-2'), register.counted());
    register.add(row('b'));
    register.permit('b', hold([2], 'standard-contract'), register.counted());
    expect(register.project(of([1, 2, 3]))).toEqual({ before: 2, projected: 3 });
    expect(register.project(of([1, 2, 3]), 'outside-exemptions')).toEqual({ before: 1, projected: 3 });
  });
}
