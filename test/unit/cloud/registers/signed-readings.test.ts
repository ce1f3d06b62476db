import { describe, expect, test } from 'vitest';
import { matrixOf } from '../../../../cloud/approvals/matrix.ts';
import { verifyEvidence } from '../../../../cloud/audit/verify-evidence.ts';
import type { Readings } from '../../../../cloud/classification/classification.ts';
import { standingSignOffs } from '../../../../cloud/registers/signed-readings.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import { type CivilDate, civilDateOf, type Instant, startOfDay } from '../../../../proto/words/time.ts';
import { scratchGate } from '../../../support/cloud/gate.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';
import { STATISTICS } from '../../../support/datasets/parcels.ts';
import { factsInput, parsed } from '../../../support/transfer-facts.ts';

const HASH = 'dc'.repeat(32);
const ROW = { account: 'counsel', person: 'p-9', may: ['sign-off'], since: '2026-01-01' };
const day = (text: string) => text as CivilDate;

function world(signOff: object = {}, authorities: readonly object[] = [ROW]) {
  const shelf = scratchRegisters();
  shelf.add('processor', { authorities });
  expect(shelf.add('sign-off', { reading: 'D2', ...signOff })).toBe('fine');
  const standing = (on = '2026-11-25') => {
    const matrix = matrixOf(shelf.registers.find('processor', 'example-motor'));
    return standingSignOffs({ registers: shelf.registers, documents: shelf.documents, matrix }, day(on));
  };
  return { ...shelf, standing, sign: () => shelf.attach('sign-off', 'S-1', HASH) };
}

/** A batch without sensitive persons, in a year in which some went out under a contract: D2 decides. */
function routeUnder(signOffs: ReturnType<typeof standingSignOffs>, on = '2026-11-25'): string {
  const counts = { ...factsInput().counts, sensitivePersons: { before: 5, transfer: 0, projected: 5 } };
  return decide(parsed(factsInput({ on, counts, signOffs: [...signOffs] })), SHIPPED_RULES).route;
}

describe('a legal sign-off of the registers', () => {
  test('switches its reading once the document that was signed is attached', () => {
    const { standing, sign, attach } = world();
    expect(standing()).toEqual([]);
    attach('sign-off', 'S-1', 'ee'.repeat(32));
    expect(standing()).toEqual([]);
    sign();
    expect(standing()).toEqual([
      { id: 'sign-off/S-1', reading: 'D2', on: '2026-03-01', by: 'counsel', until: '2027-03-01', documentSha256: HASH },
    ]);
    expect(routeUnder([])).toBe('contract-or-certification');
    expect(routeUnder(standing())).toBe('exemption-5');
  });

  test('stands from its day until its end, and no verdict outlives it', () => {
    const { standing, sign } = world({ on: '2026-11-24', until: '2026-11-27' });
    sign();
    expect(['2026-11-23', '2026-11-24', '2026-11-26', '2026-11-27'].map((on) => standing(on).length)).toEqual([
      0, 1, 1, 0,
    ]);
    const verdict = decide(parsed(factsInput({ on: '2026-11-25', signOffs: [...standing()] })), SHIPPED_RULES);
    expect(verdict).toMatchObject({ decision: 'permit', standsUntil: '2026-11-27' });
    // Facts that name one that has ended read as if they named none.
    expect(routeUnder(standing(), '2026-11-27')).toBe('contract-or-certification');
  });

  test.each([
    ['withdrawn', (of: ReturnType<typeof world>) => of.withdraw('sign-off', 'S-1')],
    ['with a document that changed', (of: ReturnType<typeof world>) => of.states.set(HASH, 'changed')],
    ['with a document that is gone', (of: ReturnType<typeof world>) => of.states.set(HASH, 'absent')],
    ['by a processor without a profile', (of: ReturnType<typeof world>) => of.withdraw('processor', 'example-motor')],
  ])('%s, it leaves the stricter reading', (_, spoil) => {
    const of = world();
    of.sign();
    expect(of.standing()).toHaveLength(1);
    spoil(of);
    expect(of.standing()).toEqual([]);
  });

  test.each([
    ['an account that may only approve', [{ ...ROW, may: ['approve'] }]],
    ['an account that was allowed to later', [{ ...ROW, since: '2026-03-02' }]],
    ['an account that stands there twice', [ROW, { ...ROW, person: 'p-8' }]],
    ['nobody of the matrix', []],
  ])('signed by %s, it stands for nothing', (_, authorities) => {
    const of = world({}, authorities);
    of.sign();
    expect(of.standing()).toEqual([]);
  });

  test('is refused on a reading that only the operator file switches, and with an end before its day', () => {
    const { change, add } = scratchRegisters();
    expect(add('sign-off', { reading: 'CNT-8' })).toBe('REGISTER_OBJECTION');
    expect(add('sign-off', { reading: 'D99' })).toBe('REGISTER_OBJECTION');
    expect(add('sign-off', { until: '2026-03-01' })).toBe('REGISTER_OBJECTION');
    expect(
      change({
        act: 'add',
        kind: 'sign-off',
        body: { id: 'S-1', reading: 'D1', on: '2026-03-01', by: 'c', basis: 'b' },
      }),
    ).toContain('REGISTER_SHAPE');
  });

  test('of two on one reading the one that stands longer is named, and only that one', () => {
    const { standing, sign, add, attach } = world();
    sign();
    add('sign-off', { id: 'S-2', reading: 'D2', until: '2028-01-01' });
    attach('sign-off', 'S-2', HASH);
    expect(standing().map(({ id }) => id)).toEqual(['sign-off/S-2']);
  });
});

test('the gate decides and classifies under what was signed off, and the log derives the same again', async () => {
  const of = world({ reading: 'D9', on: '2026-01-05' });
  of.sign();
  const seen: Readings[] = [];
  const gate = scratchGate({
    signOffs: [],
    signedOff: (at: Instant) => of.standing(civilDateOf(at)),
  });
  const { classify } = gate.parts;
  Object.assign(gate.parts, {
    classify: (...args: Parameters<typeof classify>) => {
      seen.push(args[4]);
      return classify(...args);
    },
    clock: { now: () => (startOfDay(day('2026-11-25')) + 1_000) as Instant },
  });
  const asked = await gate.ask(STATISTICS);
  expect(asked.ok).toBe(true);
  of.withdraw('sign-off', 'S-1');
  await gate.ask(STATISTICS);
  expect(seen).toEqual([{ D9: 'other' }, {}]);
  const verdicts = gate.log.filter(({ kind }) => kind === 'verdict');
  const signed = verdicts.map(({ document }) => (document as { facts: { signOffs: unknown[] } }).facts.signOffs.length);
  expect(signed).toEqual([1, 0]);
  const leaves = verdicts.map(({ document, ...leaf }, index) => ({
    index,
    hash: new Uint8Array(32),
    leaf: { ...leaf, recordedAtMs: 0, document: Buffer.from(JSON.stringify(document)) },
  }));
  const keys = { permitKeys: [gate.parts.permits.key], recipientKeys: new Map() };
  expect(verifyEvidence(leaves, [], keys, [SHIPPED_RULES]).findings).toEqual([]);
});

test('a sign-off of the operator file comes before one of the registers on the same reading', async () => {
  const of = world();
  of.sign();
  const ours = { id: 'legal-1', reading: 'D2', on: '2026-01-01', by: 'chief' } as const;
  const gate = scratchGate({ signOffs: [ours], signedOff: () => of.standing() });
  await gate.ask(STATISTICS);
  const document = gate.log.find(({ kind }) => kind === 'verdict')?.document as { facts: { signOffs: unknown[] } };
  expect(document.facts.signOffs).toEqual([ours]);
});
