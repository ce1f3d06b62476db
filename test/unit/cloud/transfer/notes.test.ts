import { describe, expect, test } from 'vitest';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { positionsOf } from '../../../../cloud/transfer/legal-facts.ts';
import { notesOf } from '../../../../cloud/transfer/notes.ts';
import { rulesOn } from '../../../../cloud/transfer/rule-book.ts';
import { factsInput, transferFacts } from '../../../support/transfer-facts.ts';

function notes(changes: Partial<FactsInput> = {}) {
  const facts = transferFacts(changes);
  return notesOf({ facts, law: rulesOn(SHIPPED_RULES, facts.on), positions: positionsOf(facts) });
}

const own: Partial<FactsInput> = { dataset: { ...factsInput().dataset, important: 'own-catalogue-only' } };

describe('notes', () => {
  test('a reading is shown where it touches the transfer, with the one not taken', () => {
    const note = notes(own).find(({ id }) => id === 'D1');
    expect(note).toMatchObject({ position: 'taken', stricter: 'taken' });
    expect(note?.otherReading).toBeDefined();
    expect(note?.signOff).toBeUndefined();
    expect(notes().some(({ id }) => id === 'D1')).toBe(false);
  });

  test('a reading that was signed off shows the other side and the sign-off', () => {
    const signOffs: FactsInput['signOffs'] = [{ id: 'L-1', reading: 'D1', on: '2026-11-01', by: 'counsel' }];
    const [taken, other] = [notes(own), notes({ ...own, signOffs })].map((all) => all.find(({ id }) => id === 'D1'));
    expect(other).toMatchObject({ position: 'other', signOff: 'L-1', stricter: 'taken' });
    expect(other?.text).toEqual(taken?.otherReading);
    expect(other?.otherReading).toEqual(taken?.text);
  });

  test('a reading that might touch the transfer is shown while a fact is unknown', () => {
    const dataset = { ...factsInput().dataset, important: 'unknown' as const };
    expect(notes({ dataset }).some(({ id }) => id === 'D1')).toBe(true);
  });

  test('a remark has no other side', () => {
    const remark = notes().find(({ id }) => id === 'D10');
    expect(remark?.position).toBeUndefined();
    expect(remark?.otherReading).toBeUndefined();
  });
});
