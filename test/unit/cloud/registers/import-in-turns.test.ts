import { expect, test } from 'vitest';
import type { Progress } from '../../../../cloud/ports/progress.ts';
import { importInTurns, ROWS_OF_TURN } from '../../../../cloud/registers/import-in-turns.ts';
import { recordChange } from '../../../../cloud/registers/record-change.ts';
import { BODIES } from '../../../support/cloud/registers/entries.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';

const ROWS = ROWS_OF_TURN * 2 + 5;
const notice = (id: string) => ({ ...BODIES['notice'], id, number: `no. ${id}` });
const bodies = Array.from({ length: ROWS }, (_, at) => notice(`N-${at}`));

/** @param between - what others do in the turn of so much */
function shelf(between: (turn: number, books: ReturnType<typeof scratchRegisters>) => void = () => undefined) {
  const one = scratchRegisters();
  const books = { operations: one.operations, store: one.store };
  const noted: Progress[] = [];
  const ending = new AbortController();
  let turn = 0;
  const pause = async (): Promise<void> => {
    turn += 1;
    between(turn, one);
  };
  const run = (rows: readonly unknown[] = bodies) =>
    importInTurns({ act: 'add', kind: 'notice', bodies: rows }, 'alice', books, {
      ...{ pause, signal: ending.signal, note: (progress: Progress) => void noted.push(progress) },
    });
  return { ...one, run, noted, ending, turns: () => turn };
}

const add = ({ operations, store }: ReturnType<typeof scratchRegisters>, id: string): void => {
  expect(recordChange({ act: 'add', kind: 'notice', body: notice(id) }, 'bob', { operations, store }).ok).toBe(true);
};

test('rows are taken as by an import in one go, and others have their turn between them', async () => {
  const { run, registers, noted, turns, log } = shelf();
  expect(await run()).toMatchObject({ ok: true });
  expect([registers.list('notice').length, log.length, turns()]).toEqual([ROWS, ROWS, 2]);
  expect(noted.map(({ step }) => step)).toEqual(['weighing', 'weighing', 'entering']);
  expect(noted[1]?.share).toBeCloseTo((2 * ROWS_OF_TURN) / ROWS);
});

test('a register that somebody changes meanwhile has all rows weighed again: a number that was taken is found', async () => {
  const { run, registers, log } = shelf((turn, one) => turn === 1 && add(one, 'N-1'));
  const taken = await run();
  expect(taken).toMatchObject({ ok: false, fault: [{ code: 'REGISTER_EXISTS' }] });
  expect([registers.list('notice').length, log.length]).toEqual([1, 1]);
});

test('changes without an end do not keep it from being done', async () => {
  const { run, registers } = shelf((turn, one) => add(one, `other-${turn}`));
  expect(await run()).toMatchObject({ ok: true });
  expect(registers.list('notice').filter(({ id }) => id.startsWith('N-'))).toHaveLength(ROWS);
});

test('one that is aborted changes nothing', async () => {
  const made = shelf((turn) => turn === 2 && made.ending.abort());
  expect(await made.run()).toMatchObject({ ok: false });
  expect([made.registers.list('notice').length, made.log.length]).toEqual([0, 0]);
});

test('one bad row leaves none', async () => {
  const { run, registers } = shelf();
  expect(await run([...bodies, { id: 'bad' }])).toMatchObject({ ok: false });
  expect(registers.list('notice')).toEqual([]);
});
