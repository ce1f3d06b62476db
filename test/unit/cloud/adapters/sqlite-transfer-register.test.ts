import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteTransferRegister } from '../../../../cloud/adapters/sqlite-transfer-register.ts';
import type { CountRequest, TransferRegister, TransferRow } from '../../../../cloud/ports/transfer-register.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

function open(directory = scratchDirectory()): TransferRegister {
  const register = sqliteTransferRegister(join(directory, 'transfers.sqlite'));
  onTestFinished(() => register.shut());
  return register;
}

const row = (transferId: string, requestedAt = 1): TransferRow => ({
  transferId,
  requestedAt: requestedAt as Instant,
  datasetId: 'battery',
  recipientId: 'acme',
  purpose: 'research',
  state: 'requested',
  persons: 0,
});

const of = (persons: readonly number[], year = 2026, kind: CountRequest['kind'] = 'plain'): CountRequest => ({
  year,
  kind,
  persons: persons.map((person) => Uint8Array.from([person >> 8, person & 0xff])),
});

const ending = fc.constantFrom('open', 'counted', 'released');
const steps = fc.array(fc.record({ persons: fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 12 }), ending }), {
  maxLength: 12,
});

describe('persons', () => {
  test('a person counts once a year and kind, however many transfers take place', () => {
    const register = open();
    register.add(row('a'));
    register.permit('a', of([1, 2, 3]));
    expect(register.project(of([3, 4]))).toEqual({ before: 3, projected: 4 });
    expect(register.project(of([3, 4], 2027))).toEqual({ before: 0, projected: 2 });
    expect(register.project(of([3, 4], 2026, 'sensitive'))).toEqual({ before: 0, projected: 2 });
    register.close('a', 'delivered', 'counted');
    expect(register.project(of([3, 4]))).toEqual({ before: 3, projected: 4 });
  });

  test('released persons count no longer, but for those that another transfer holds', () => {
    const register = open();
    for (const [id, persons] of [
      ['a', [1, 2]],
      ['b', [2, 3]],
    ] as const) {
      register.add(row(id));
      register.permit(id, of(persons));
    }
    register.close('a', 'refused', 'released');
    expect(register.project(of([])).before).toBe(2);
    expect(register.project(of([1, 2])).projected).toBe(3);
  });

  test('the count is that of distinct persons reserved or counted, in any order of transfers and after a restart', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const directory = scratchDirectory();
        const register = open(directory);
        const held = new Set<number>();
        for (const [at, { persons, ending: how }] of list.entries()) {
          expect(register.project(of(persons))).toEqual({
            before: held.size,
            projected: new Set([...held, ...persons]).size,
          });
          register.add(row(`t${at}`));
          register.permit(`t${at}`, of(persons));
          if (how !== 'open') register.close(`t${at}`, how === 'counted' ? 'delivered' : 'failed', how);
          if (how !== 'released') for (const person of persons) held.add(person);
        }
        register.shut();
        expect(open(directory).project(of([])).before).toBe(held.size);
      }),
      { numRuns: 25 },
    );
  });
});

describe('transfers', () => {
  test('are found and listed in the order they were asked for, with their state', () => {
    const directory = scratchDirectory();
    const register = open(directory);
    register.add(row('late', 9));
    register.add(row('early', 2));
    register.withhold('late', 7);
    register.permit('early', of([1, 2]));
    register.shut();
    const again = open(directory);
    expect(again.list().map(({ transferId, state, persons }) => [transferId, state, persons])).toEqual([
      ['early', 'permitted', 2],
      ['late', 'withheld', 7],
    ]);
    expect(again.find('late')).toEqual({ ...row('late', 9), state: 'withheld', persons: 7 });
    expect(again.find('never')).toBeUndefined();
    expect(again.counts()).toEqual({ cleared: 1, withheld: 1, delivered: 0 });
    again.close('early', 'delivered', 'counted');
    expect(again.counts()).toEqual({ cleared: 1, withheld: 1, delivered: 1 });
  });

  test('an id is used once', () => {
    const register = open();
    register.add(row('a'));
    expect(() => register.add(row('a'))).toThrow();
  });
});
