import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { treeHash } from '../../../../cloud/datasets/tree-hash.ts';
import { exemptionEvidence } from '../../../../cloud/registers/exemption-evidence.ts';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import { type FactsInput, parseFacts } from '../../../../cloud/transfer/facts.ts';
import type { CivilDate, Instant } from '../../../../proto/words/time.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';
import { factsInput } from '../../../support/transfer-facts.ts';

const DOC = readFileSync(new URL('../../../../docs/exemptions.md', import.meta.url), 'utf8');
const ENTRIES = [...DOC.matchAll(/```yaml\n# ([a-z-]+)\n([\s\S]*?)```/g)].map(([, kind = '', text = '']) => ({
  kind,
  body: parse(text, { version: '1.2' }) as Readonly<Record<string, unknown>>,
}));
const RECIPIENT = 'example-battery-lab';
const PURPOSE = 'battery-warranty-analysis';
const ON = '2026-11-24' as CivilDate;
const AT = Date.parse('2026-11-24T15:27:00Z') as Instant;
const MATRIX = [{ account: 'zhao.wei', person: 'p-zhao', may: ['approve'], since: '2026-01-01' }];

/** Registers with every entry of the page, as a reader would have entered them. */
function registersOfThePage() {
  const shelf = scratchRegisters();
  const scope = { recipients: [RECIPIENT], datasets: ['battery-statistics'], purposes: [PURPOSE] };
  shelf.add('notice', { id: 'notice-1', ...scope });
  shelf.add('processor', {
    freeTradeZone: { zone: 'example zone', registeredOn: '2025-03-01', proof: 'certificate 12' },
  });
  for (const { kind, body } of ENTRIES) {
    const states = kind === 'source-filing' ? ['draft', 'submitted', 'filed'] : [undefined];
    for (const [at, state] of states.entries())
      expect([
        kind,
        shelf[at === 0 ? 'add' : 'replace'](kind, { ...body, ...(state !== undefined && { state }) }),
      ]).toEqual([kind, 'fine']);
  }
  return shelf;
}

const hashOf = (path: string, text: string): string => {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return treeHash([{ path, bytes: Buffer.byteLength(text), sha256 }]);
};

const FILES = {
  1: ['transit/transit-1', hashOf('result.txt', 'wheel speed, run 12, bench abroad\n'), 'DOC'],
  7: ['vulnerability/vuln-1', hashOf('report.txt', 'Overflow in the update client, offset 12\n'), 'DOC'],
  8: ['incident/inc-1', hashOf('timeline.txt', 'timeline of case 5\n'), 'DOC'],
  9: ['source-filing/filing-2', hashOf('brake.c', 'int brake(int p) {\n  return p * 2;\n}\n'), 'SRC'],
} as const;

describe('docs/exemptions.md', () => {
  test.each([1, 2, 3, 4, 7, 8, 9] as const)(
    'with the papers of exemption (%d) a transfer clears under it, and without them it does not',
    (number) => {
      const [entry, sha256, kind] = FILES[number as keyof typeof FILES] ?? [];
      const id = 'battery-statistics';
      const kinds: FactsInput['dataset']['kinds'] = kind === undefined ? ['CHARGE', 'CAN', 'DEVICE-ID'] : [kind];
      const under = (shelf: ReturnType<typeof scratchRegisters>): string => {
        const evidence = exemptionEvidence(
          {
            ...{ on: ON, at: AT, recipient: RECIPIENT, processor: 'example-motor', persons: 5 },
            dataset: { id, purposes: [PURPOSE], kinds, ...(entry !== undefined && { entry }) },
          },
          { registers: shelf.registers, documents: shelf.documents, matrix: MATRIX },
        );
        const base = factsInput();
        const scope = { recipients: [RECIPIENT], datasets: [id], purposes: [PURPOSE] };
        const year = { validFrom: '2026-01-01', validUntil: '2027-01-01' };
        const personal = kind === undefined ? 'present' : 'absent';
        const persons = {
          before: 0,
          transfer: personal === 'present' ? 5 : 0,
          projected: personal === 'present' ? 5 : 0,
        };
        const facts = parseFacts({
          ...base,
          ...{ on: ON, at: new Date(AT).toISOString(), purpose: PURPOSE },
          processor: { id: 'example-motor', name: 'Example Motor', ciio: 'yes' },
          recipient: { id: RECIPIENT, country: 'DE', registered: 'yes' },
          dataset: { ...base.dataset, id, personal, kinds, ...(sha256 !== undefined && { sha256 }) },
          legalBasis: personal === 'present' ? 'contract' : 'not-applicable',
          counts: { ...base.counts, persons, sensitivePersons: { before: 0, transfer: 0, projected: 0 } },
          onFile: [
            ...evidence,
            { kind: 'notice', id: 'n', ...year, ...scope },
            { kind: 'pipia', id: 'p', ...year, ...scope },
          ],
          claimedExemptions: [number],
        });
        if (!facts.ok) return facts.fault.map(({ problem }) => problem.en).join('; ');
        const verdict = decide(facts.value, SHIPPED_RULES);
        return verdict.decision === 'permit' ? verdict.under : verdict.decision;
      };
      expect(under(registersOfThePage())).toBe(`exemption-${number}`);
      expect(under(scratchRegisters())).toBe('withhold');
    },
  );

  test('the list of exemption (6) is one that the register takes, and names the filing as evidence', () => {
    const shelf = registersOfThePage();
    const dataset = { id: 'battery-statistics', purposes: [PURPOSE], kinds: ['CHARGE', 'CAN', 'DEVICE-ID'] };
    const evidence = exemptionEvidence(
      { ...{ on: ON, at: AT, recipient: RECIPIENT, processor: 'example-motor', persons: 5 }, dataset },
      { registers: shelf.registers, documents: shelf.documents, matrix: MATRIX },
    );
    expect(evidence.find(({ kind }) => kind === 'exemption-6-evidence')).toMatchObject({
      ...{ registered: 'yes', fields: 'all-outside', listVersion: '2026-1' },
    });
  });
});
