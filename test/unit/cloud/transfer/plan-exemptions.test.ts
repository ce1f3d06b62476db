import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readOperatorLaw } from '../../../../cloud/rules/operator-file.ts';
import { SHIPPED_PARTS, SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { planExemptions } from '../../../../cloud/transfer/plan-exemptions.ts';
import { parsed } from '../../../support/transfer-facts.ts';

const cast = JSON.parse(readFileSync(new URL('../../../vectors/verdict/cast.json', import.meta.url), 'utf8'));
const law = readOperatorLaw(JSON.stringify(cast.operators.beijing), SHIPPED_PARTS);
if (!law.ok) throw new Error('the file of the vectors has a fault');
const book = law.value.law.verdicts;

const papers = ['notice', 'separate-consent', 'pipia'].map((name) => cast.documents[name]);
const planned = (base: 'exempt' | 'files', onFile: readonly object[], change: object = {}) =>
  planExemptions(parsed({ ...structuredClone(cast.bases[base]), claimedExemptions: [], onFile, ...change }), book);
const numbers = (all: ReturnType<typeof planned>, key: 'clears' | 'couldCarry') =>
  all.filter((one) => one[key]).map(({ exemption }) => exemption);

describe('planExemptions', () => {
  test('says of all nine whether they could carry it, before any evidence is there', () => {
    const all = planned('exempt', papers);
    expect(all.map(({ exemption }) => exemption)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([numbers(all, 'clears'), numbers(all, 'couldCarry')]).toEqual([[], [1, 2, 3, 4, 6, 7, 8]]);
    const fourth = all.find(({ exemption }) => exemption === 4);
    expect(fourth?.evidence.map(({ en }) => en)).toContain('it runs for 7 days at most');
    expect(numbers(planned('files', papers), 'couldCarry')).toContain(9);
  });

  test.each([1, 2, 3, 4, 6, 7, 8, 9])('(%i) clears with its evidence, and then wants nothing', (number) => {
    const base = number === 9 ? 'files' : 'exempt';
    const all = planned(base, [...papers, cast.documents[`evidence-${number}`]]);
    expect(all.find(({ exemption }) => exemption === number)).toEqual({
      ...{ exemption: number, clears: true, couldCarry: true },
      ...{ evidence: [], missing: [] },
    });
  });

  test('of evidence on file it tells what that fails, and what is missing besides', () => {
    const [, second] = planned('exempt', [{ ...cast.documents['evidence-2'], necessity: 'unknown' }]);
    expect(second).toMatchObject({ clears: false, couldCarry: true });
    expect(second?.evidence).toHaveLength(1);
    expect(second?.missing.map(({ what }) => what).toSorted()).toEqual(['notice', 'pipia', 'separate-consent']);
  });

  test('none carries what never leaves, and only a list that the operator read carries (6)', () => {
    const dataset = { ...cast.bases.exempt.dataset, stateSecret: 'present' };
    expect(numbers(planned('exempt', papers, { dataset }), 'couldCarry')).toEqual([]);
    const shipped = planExemptions(
      parsed({ ...cast.bases.exempt, claimedExemptions: [], onFile: papers }),
      SHIPPED_RULES,
    );
    expect(numbers(shipped, 'couldCarry')).not.toContain(6);
  });
});
