import { expect, test } from 'vitest';
import { GATE_CASES } from '../support/cloud/gate-cases.ts';
import { HELD_ELSEWHERE, PROTECTED_BY, PROTECTIONS } from './gate.table.ts';
import { without } from './switches.ts';

// A test that stays green without what it guards guards nothing (docs/adr/0125). Here the cases of the gate run over code in
// which each protection can be switched off.

const CASES = GATE_CASES.map((one) => [one.name, PROTECTED_BY[one.name] ?? '', one] as const);

test('every case has a protection, and every protection a case', () => {
  const places = new Set(PROTECTIONS.flatMap(({ off }) => Object.keys(off)));
  expect(Object.keys(PROTECTED_BY).toSorted()).toEqual(GATE_CASES.map(({ name }) => name).toSorted());
  expect([...new Set(Object.values(PROTECTED_BY))].toSorted()).toEqual([...places].toSorted());
});

test.each(CASES)('%s: green with every protection on', async (_name, _protection, { ask, holds }) => {
  holds(await ask());
});

test.each(CASES)('%s: red without `%s`', async (name, protection, { ask, holds }) => {
  const left = await without(protection, ask);
  expect(() => holds(left)).toThrow();
  // Red because it got out, and not because something broke on the way.
  if (!HELD_ELSEWHERE.includes(name)) expect(left).toMatchObject({ outcome: 'permitted', isOut: true });
});
