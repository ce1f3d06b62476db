import { expect, test } from 'vitest';
import type { TransferRegister } from '../../cloud/ports/transfer-register.ts';
import type { Instant } from '../../proto/words/time.ts';
import { hold, of, row, type TransferRegisterUnderTest } from './transfer-register.contract.ts';

type Begin = () => TransferRegisterUnderTest;

export function describeMoves(begin: Begin): void {
  test('a permit rests on the counts as they were looked at: once they have moved, nothing is reserved', () => {
    const { open } = begin();
    const [one, other] = [open(), open()];
    for (const id of ['a', 'b']) one.add(row(id));
    const [looked, lookedToo] = [one.counted(), other.counted()];
    expect([one.project(of([1, 2])), other.project(of([2, 3]))]).toEqual([
      { before: 0, projected: 2 },
      { before: 0, projected: 2 },
    ]);
    expect(one.permit('a', hold([1, 2]), looked)).toBe(true);
    expect(other.permit('b', hold([2, 3]), lookedToo)).toBe(false);
    expect(other.find('b')?.state).toBe('requested');
    expect(other.volumes(1970).map(({ transfers }) => transfers)).toEqual([1]);
    // Decided anew, it stands on what the first has taken.
    const again = other.counted();
    expect(other.project(of([2, 3]))).toEqual({ before: 2, projected: 3 });
    expect(other.permit('b', hold([2, 3]), again)).toBe(true);
    expect([one.totals(2026, 'plain').all, other.totals(2026, 'plain').all]).toEqual([3, 3]);
    one.close('b', 'failed', 'released');
    expect([one.project(of([])), other.project(of([]))].map(({ before }) => before)).toEqual([2, 2]);
    expect(open().project(of([3]))).toEqual({ before: 2, projected: 3 });
  });

  test('what was counted under an approval follows what another process reserves and gives back', () => {
    const { open } = begin();
    const [one, other] = [open(), open()];
    const scope = { datasets: ['battery'], recipients: ['acme'], purposes: ['research'], since: 0 };
    for (const id of ['a', 'b']) one.add(row(id));
    expect(other.under(scope, of([7]).persons)).toEqual({ before: 0, projected: 1, bytes: 0 });
    one.permit('a', { ...hold([1, 2]), bytes: 5 }, one.counted());
    other.permit('b', { ...hold([2, 3]), bytes: 7 }, other.counted());
    for (const register of [one, other])
      expect(register.under(scope, of([3, 4]).persons)).toEqual({ before: 3, projected: 4, bytes: 12 });
    other.close('a', 'failed', 'released');
    expect(one.under(scope, of([3, 4]).persons)).toEqual({ before: 2, projected: 3, bytes: 7 });
  });

  test('a case is held until its transfer ends, with the approvals given', () => {
    const { open } = begin();
    const register = open();
    register.add(row('a'));
    const held = { requestedBy: 'alice', definitions: 'd', manifestSha256: '00', rows: 2, bytes: 9, families: [] };
    register.hold('a', { ...held, persons: of([1]).persons });
    register.hold('a', { ...held, persons: of([1, 2]).persons });
    register.wait('a', 2);
    const approval = { account: 'bob', person: 'Bob', at: 5 as Instant };
    for (const logIndex of [9, 4, 7]) register.addApproval('a', { ...approval, logIndex });
    register.dropApproval('a', 7);
    const again = open();
    const { persons, ...rest } = again.held('a') ?? { persons: [] };
    expect(rest).toEqual(held);
    expect(persons.map((one) => Buffer.from(one))).toEqual(of([1, 2]).persons.map((one) => Buffer.from(one)));
    expect(again.approvals('a')).toEqual([
      { ...approval, logIndex: 4 },
      { ...approval, logIndex: 9 },
    ]);
    again.withhold('a', 2);
    expect(again.held('a')).toBeUndefined();
  });
}

export function describeRows(begin: Begin): void {
  test('are found and listed in the order they were asked for, with their state', () => {
    const { open } = begin();
    const register = open();
    register.add(row('late', 9));
    register.add(row('early', 2));
    register.withhold('late', 7);
    register.permit('early', hold([1, 2]), register.counted());
    register.shut();
    const again = open();
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
    const register = begin().open();
    register.add(row('a'));
    expect(() => register.add(row('a'))).toThrow();
  });

  test('pages go from the newest to the oldest, ids byte for byte where the time is the same', () => {
    const register = begin().open();
    for (const [id, at] of [
      ['b', 1],
      ['a', 2],
      ['B', 2],
      ['ä', 2],
      ['z', 3],
    ] as const)
      register.add(row(id, at));
    register.withhold('B', 1);
    const ids = (of: Parameters<TransferRegister['page']>[0]) => register.page(of).map(({ transferId }) => transferId);
    expect(ids({ limit: 3 })).toEqual(['z', 'ä', 'a']);
    expect(ids({ limit: 3, before: 'a' })).toEqual(['B', 'b']);
    expect(ids({ limit: 9, state: 'withheld' })).toEqual(['B']);
    expect(ids({ limit: 9, before: 'never' })).toEqual([]);
    expect(register.inState('requested').map(({ transferId }) => transferId)).toEqual(['b', 'a', 'ä', 'z']);
  });
}
