import { expect, test } from 'vitest';
import type { EvidenceFor } from '../../../../cloud/registers/exemption-evidence.ts';
import type { EntryBody } from '../../../../cloud/registers/kind.ts';
import { setAsideFor } from '../../../../cloud/registers/set-aside.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { BODIES } from '../../../support/cloud/registers/entries.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';

const NOTICE: EntryBody = BODIES['notice'] ?? { id: '' };
const NEED: EntryBody = BODIES['urgent-need'] ?? { id: '' };
const MATRIX = [{ account: String(NEED['approvedBy']), person: 'p-3', may: ['approve'], since: '2026-01-01' }];

/** A transfer that a body names all of. */
function namedBy(body: Readonly<Record<string, unknown>>) {
  const first = (key: string) => String((body[key] as readonly string[])[0]);
  return { dataset: first('datasets'), recipient: first('recipients'), purpose: first('purposes') };
}

function setAside(shelf: ReturnType<typeof scratchRegisters>, body: typeof NOTICE, of?: EvidenceFor, matrix = MATRIX) {
  return setAsideFor(shelf.registers, namedBy(body), { ...shelf, matrix }, of);
}

test('a paper that stands is weighed; one that was withdrawn is named as such, and only for what it names', () => {
  const shelf = scratchRegisters();
  shelf.change({ act: 'add', kind: 'notice', body: NOTICE });
  expect(setAside(shelf, NOTICE)).toEqual([]);
  shelf.change({ act: 'withdraw', kind: 'notice', id: String(NOTICE['id']), reason: 'superseded' });
  expect(setAside(shelf, NOTICE)).toEqual([{ kind: 'notice', id: `notice/${NOTICE['id']}`, why: 'withdrawn' }]);
  expect(setAsideFor(shelf.registers, { ...namedBy(NOTICE), dataset: 'another' }, shelf, undefined)).toEqual([]);
});

test('an emergency that is not going on is named where it is claimed, with why', () => {
  const shelf = scratchRegisters();
  expect(shelf.change({ act: 'add', kind: 'urgent-need', body: NEED })).toBe('fine');
  const [start, end] = [Date.parse(String(NEED['startedAt'])), Date.parse(String(NEED['endsAt']))];
  const why = (at: number, matrix = MATRIX) => {
    const named = namedBy(NEED);
    const dataset = { id: named.dataset, purposes: [named.purpose], kinds: ['VIN'] };
    const on = String(NEED['startedAt']).slice(0, 10) as EvidenceFor['on'];
    const of = { on, at: at as Instant, recipient: named.recipient, processor: 'example-motor', persons: 1, dataset };
    return setAside(shelf, NEED, of, matrix).map((one) => one.why);
  };
  expect([why(start - 1), why(start), why(end - 1), why(end), why(start, [])]).toEqual([
    ['not-begun'],
    [],
    [],
    ['ended'],
    ['not-approved'],
  ]);
  expect(setAside(shelf, NEED)).toEqual([]);
});
